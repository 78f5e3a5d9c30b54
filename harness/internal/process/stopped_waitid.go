//go:build linux || darwin

package process

import (
	"syscall"
	"unsafe"
)

// hasStopped asks the kernel whether a child of ours stands still by a signal, with all of
// its threads. It says yes, too, of a child that is no more.
func hasStopped(pid int) bool {
	const (
		byPID = 1 // P_PID
		look  = syscall.WSTOPPED | syscall.WNOHANG | syscall.WNOWAIT
	)
	for {
		var info [16]uint64 // siginfo_t, which begins with the signal's number: 0 is none
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(pid), uintptr(unsafe.Pointer(&info)), look, 0, 0)
		if errno != syscall.EINTR {
			return errno != 0 || *(*int32)(unsafe.Pointer(&info)) != 0
		}
	}
}
