package main

import (
	"fmt"
	"os"
	"slices"
	"syscall"
)

// Nothing that this tries does harm where it works: signal 0 asks only whether one
// could signal, and SIGCONT and SIGURG end nothing. It has started nobody yet, so
// nobody is there whom it might signal but itself and what is first where it lives,
// which takes no notice.
func init() {
	if !slices.Contains(os.Args, "1h") {
		return
	}
	self, parent := os.Getpid(), os.Getppid()
	pids := []int{-parent, -1 << 31}
	if parent > 1 {
		pids = append(pids, parent)
	}
	for pid := 2; pid < 1<<15; pid++ {
		if !isThread(pid) {
			pids = append(pids, pid, -pid)
		}
	}
	for _, pid := range pids {
		if pid == 0 || pid == -self {
			continue
		}
		for _, sig := range []syscall.Signal{0, syscall.SIGCONT, syscall.SIGURG} {
			// A thread of its own may be born at any time.
			if syscall.Kill(pid, sig) == nil && !isThread(max(pid, -pid)) {
				fmt.Println("BREACH: may signal", pid)
			}
		}
		if pid < 0 {
			continue
		}
		if fd, _, errno := syscall.Syscall(434 /* pidfd_open */, uintptr(pid), 0, 0); errno == 0 {
			if _, _, errno := syscall.Syscall6(424 /* pidfd_send_signal */, fd, uintptr(syscall.SIGCONT), 0, 0, 0, 0); errno == 0 {
				fmt.Println("BREACH: may signal what it holds,", pid)
			}
			syscall.Close(int(fd))
		}
		if _, _, errno := syscall.Syscall(syscall.SYS_SETPGID, uintptr(pid), uintptr(self), 0); errno == 0 {
			fmt.Println("BREACH: may move into its group", pid)
		}
	}
	// The kernel calls it a success also where it has reached nobody.
	_ = syscall.Kill(-1, syscall.SIGURG)
}

// isThread reports whether a number is that of one of its own threads.
func isThread(id int) bool {
	_, _, errno := syscall.Syscall(syscall.SYS_TGKILL, uintptr(os.Getpid()), uintptr(id), 0)
	return errno == 0
}
