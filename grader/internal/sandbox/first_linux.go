package sandbox

import (
	"fmt"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A first is the first process of a process namespace. It does nothing, but as
// long as it is there others can be born into the namespace, and when it ends
// they all die.
//
// The program cannot be the first process itself: the kernel spares that one
// from signals that it does not handle, so it would not die of an interrupt as
// programs do.
type first struct{ pidfd int }

// programs is the process namespace of all programs that this process starts,
// made with the first of them. Their filters keep each from the others there;
// the namespace keeps all of them from everybody else, and ends with this
// process.
var programs = sync.OnceValues(newFirst)

// newFirst makes a process namespace. Its first process ends when this one
// does.
func newFirst() (*first, error) {
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	defer unix.Close(pipe[0])
	f := new(first)
	if err := f.fork(pipe[0]); err != nil {
		unix.Close(pipe[1])
		return nil, err
	}
	return f, nil // and the other end of the pipe stays open
}

// enter makes the namespace that into which whatever the calling thread starts
// from now on is born. There is no way back for the thread, so it has to be
// locked to a goroutine that ends with it.
func (f *first) enter() error {
	if err := unix.Setns(f.pidfd, unix.CLONE_NEWPID); err != nil {
		return fmt.Errorf("enter the process namespace: %w", err)
	}
	return nil
}

// fork makes the first process. Nothing that is sent to this process's group is
// for that, so no signal reaches it but the one that cannot be kept off.
func (f *first) fork(lifeline int) error {
	return undisturbed(func() error {
		var pidfd int32
		if _, errno := forkFirst(uintptr(lifeline), &pidfd); errno != 0 {
			return errno
		}
		f.pidfd = int(pidfd)
		return nil
	})
}

// forkFirst makes the child, which does no more than make system calls, for the
// reasons that a script is one.
//
//go:noinline
//go:norace
//go:nosplit
func forkFirst(lifeline uintptr, pidfd *int32) (pid uintptr, errno syscall.Errno) {
	const flags = unix.CLONE_NEWPID | unix.CLONE_PIDFD | uintptr(unix.SIGCHLD)
	pid, _, errno = syscall.RawSyscall6(unix.SYS_CLONE, flags, 0, uintptr(unsafe.Pointer(pidfd)), 0, 0, 0)
	if errno != 0 || pid != 0 {
		return pid, errno
	}
	syscall.RawSyscall(unix.SYS_DUP3, lifeline, 0, 0)
	syscall.RawSyscall(unix.SYS_CLOSE_RANGE, 1, ^uintptr(0)>>1, 0)
	var b byte
	for {
		n, _, errno := syscall.RawSyscall(unix.SYS_READ, 0, uintptr(unsafe.Pointer(&b)), 1)
		if n == 0 || (errno != 0 && errno != unix.EINTR) {
			syscall.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
		}
	}
}
