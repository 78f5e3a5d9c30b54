//go:build linux || darwin

package process

import (
	"syscall"
	"unsafe"
)

// hasStopped asks the kernel whether a child of ours stands still by a signal, with all of
// its threads. It says yes, too, of a child that is no more.
func hasStopped(pid int) bool {
	stopped, err := lookStopped(pid, syscall.WSTOPPED|syscall.WNOHANG)
	return err != nil || stopped
}

// lookStopped asks waitid(2), and leaves what it tells to be told again.
func lookStopped(pid, how int) (stopped bool, err error) {
	const byPID = 1 // P_PID
	for {
		var info [16]uint64 // siginfo_t, which begins with the signal's number: 0 is none
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, byPID, uintptr(pid), uintptr(unsafe.Pointer(&info)), uintptr(how|syscall.WNOWAIT), 0, 0)
		switch errno {
		case syscall.EINTR:
		case 0:
			return *(*int32)(unsafe.Pointer(&info)) != 0, nil
		default:
			return false, errno
		}
	}
}
