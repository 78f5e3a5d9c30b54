package sandbox

import (
	"encoding/binary"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// verdicts are what a filter says to system calls, by their names. A name that
// the machine does not have is passed over; what is not named is refused.
type verdicts struct {
	allowed []string // whatever their arguments
	missing []string // there seems to be no such call
	asked   []string // the jail's supervisor does it
	rules   []rule   // of calls that are allowed with some arguments only
}

// A rule allows a call if all of its conditions hold. Of a call's rules, one is
// enough; they stand together.
type rule struct {
	call string
	all  []condition
}

// A condition is one of an argument.
type condition struct {
	argument int
	test     test
	value    uint64
}

// A test compares an argument with a value.
type test uint8

const (
	equal   test = iota
	with         // any of these bits is set
	without      // none of these bits is set
)

// The places in struct seccomp_data (linux/seccomp.h).
const (
	numberAt   = 0
	machineAt  = 4
	argumentAt = 16
)

// What a filter says.
var (
	allow  = bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}
	refuse = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	ask    = bpf.RetConstant{Val: unix.SECCOMP_RET_USER_NOTIF}
	absent = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)}
)

// compile writes the filter (seccomp(2)).
//
// Once it has recognised a call that has rules, it judges it and nothing else:
// to go on to the next call would be to compare that one's number with what is
// loaded by then, an argument, which the program chooses. (The assembler of
// go-seccomp-bpf goes on, as of v1.6.0. So we take only its names of calls.)
func (v verdicts) compile(machine *arch.Info) (filter []bpf.Instruction) {
	add := func(i ...bpf.Instruction) { filter = append(filter, i...) }
	load := func(at uint32) bpf.Instruction { return bpf.LoadAbsolute{Off: at, Size: 4} }
	add(load(machineAt), bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(machine.ID), SkipTrue: 1}, refuse)
	add(load(numberAt))
	if machine.ID == arch.X86_64.ID { // x32 has the same machine and numbers of its own
		add(bpf.JumpIf{Cond: bpf.JumpGreaterOrEqual, Val: uint32(arch.X32.SeccompMask), SkipFalse: 1}, absent)
	}
	say := func(names []string, what bpf.Instruction) {
		for _, name := range names {
			if number, ok := machine.SyscallNames[name]; ok {
				add(bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(number), SkipFalse: 1}, what)
			}
		}
	}
	say(v.allowed, allow)
	say(v.missing, absent)
	say(v.asked, ask)
	for rules := v.rules; len(rules) > 0; {
		call := rules[0].call
		var block []bpf.Instruction
		for ; len(rules) > 0 && rules[0].call == call; rules = rules[1:] {
			block = append(block, rules[0].compile()...)
		}
		block = append(block, refuse)
		if number, ok := machine.SyscallNames[call]; ok {
			// Longer than a conditional jump reaches.
			add(bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(number), SkipTrue: 1}, bpf.Jump{Skip: uint32(len(block))})
			add(block...)
		}
	}
	add(refuse)
	return filter
}

// compile allows the call, or goes on behind the rule.
func (r rule) compile() (block []bpf.Instruction) {
	const each = 4 // instructions of a condition
	for i, c := range r.all {
		left := uint8(each*(len(r.all)-i-1) + 1) // instructions of the rule behind the condition
		high, low := argumentWords(c.argument)
		hi, lo := uint32(c.value>>32), uint32(c.value)
		first, second := bpf.LoadAbsolute{Off: high, Size: 4}, bpf.LoadAbsolute{Off: low, Size: 4}
		switch c.test {
		case equal:
			block = append(block, first, bpf.JumpIf{Cond: bpf.JumpEqual, Val: hi, SkipFalse: left + 2},
				second, bpf.JumpIf{Cond: bpf.JumpEqual, Val: lo, SkipFalse: left})
		case with:
			block = append(block, first, bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: hi, SkipTrue: 2},
				second, bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: lo, SkipFalse: left})
		case without:
			block = append(block, first, bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: hi, SkipTrue: left + 2},
				second, bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: lo, SkipTrue: left})
		}
	}
	return append(block, allow)
}

// argumentWords are where the halves of an argument stand.
func argumentWords(argument int) (high, low uint32) {
	low = uint32(argumentAt + 8*argument)
	if littleEndian {
		return low + 4, low
	}
	return low, low + 4
}

// littleEndian tells the order of bytes of this machine.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1
