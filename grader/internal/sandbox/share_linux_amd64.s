#include "textflag.h"

// func cloneSharing(flags uintptr) (pid, errno uintptr)
//
// Parent and child come back on the same stack, the child first. What it then
// does overwrites what lies below the caller's frame, and so where this function
// would return to: that is kept in a register, of which each has its own.
TEXT ·cloneSharing(SB), NOSPLIT|NOFRAME, $0-24
	MOVQ flags+0(FP), DI
	XORL SI, SI
	XORL DX, DX
	XORL R10, R10
	XORL R8, R8
	MOVL $56, AX // clone(2)
	POPQ R12
	SYSCALL
	PUSHQ R12
	CMPQ AX, $-4095
	JCC  failed
	MOVQ AX, pid+8(FP)
	MOVQ $0, errno+16(FP)
	RET
failed:
	NEGQ AX
	MOVQ $0, pid+8(FP)
	MOVQ AX, errno+16(FP)
	RET
