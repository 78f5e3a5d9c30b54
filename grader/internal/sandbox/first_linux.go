package sandbox

import (
	"errors"
	"fmt"
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
type first struct {
	pid, pidfd int
	lifeline   int // its end is the first process's too
}

// newFirst makes a process namespace, into which whatever the calling thread
// starts from now on is born. There is no way back for the thread, so it has to
// be locked to a goroutine that ends with it. The first process ends when this
// one does.
func newFirst() (*first, error) {
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	defer unix.Close(pipe[0])
	f := &first{lifeline: pipe[1]}
	if err := f.fork(pipe[0]); err != nil {
		unix.Close(f.lifeline)
		return nil, err
	}
	if err := unix.Setns(f.pidfd, unix.CLONE_NEWPID); err != nil {
		return nil, errors.Join(fmt.Errorf("enter the process namespace: %w", err), f.end())
	}
	return f, nil
}

// fork makes the first process. Nothing that is sent to this process's group is
// for that, so no signal reaches it but the one that cannot be kept off.
func (f *first) fork(lifeline int) error {
	return undisturbed(func() error {
		var pidfd int32
		pid, errno := forkFirst(uintptr(lifeline), &pidfd)
		if errno != 0 {
			return errno
		}
		f.pid, f.pidfd = int(pid), int(pidfd)
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

// end ends the namespace and everything in it. Processes that this one has
// started in it have to be waited for before.
func (f *first) end() error {
	err := unix.PidfdSendSignal(f.pidfd, unix.SIGKILL, nil, 0)
	unix.Close(f.lifeline)
	for {
		_, waited := unix.Wait4(f.pid, nil, 0, nil)
		if waited != unix.EINTR {
			err = errors.Join(err, waited)
			break
		}
	}
	unix.Close(f.pidfd)
	return err
}
