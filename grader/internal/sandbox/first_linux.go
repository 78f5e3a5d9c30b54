package sandbox

import (
	"errors"
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
type first struct {
	pid, pidfd int
	lifeline   int // the end of a pipe; when it is closed, the first process ends
	shared     bool
}

// programs is the process namespace of all programs that start no others, made
// with the first of them. Their filters keep each from the others there; the
// namespace keeps all of them from everybody else, and ends with this process.
var programs = sync.OnceValues(func() (*first, error) {
	return newNamespace(true)
})

// newFirst makes a process namespace for one program.
func newFirst() (*first, error) { return newNamespace(false) }

// newNamespace makes a process namespace. Its first process ends when this one
// does.
func newNamespace(shared bool) (*first, error) {
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return nil, err
	}
	defer unix.Close(pipe[0])
	f := &first{lifeline: pipe[1], shared: shared}
	if err := f.fork(pipe[0]); err != nil {
		unix.Close(pipe[1])
		return nil, err
	}
	return f, nil
}

// leave ends the namespace, and returns when all that lived there has ended,
// unless others share it.
func (f *first) leave() error {
	if f.shared {
		return nil
	}
	err := errors.Join(unix.Close(f.lifeline), awaitEnd(f.pidfd))
	_, waited := unix.Wait4(f.pid, nil, 0, nil)
	return errors.Join(err, waited)
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

// ignored is struct sigaction of a signal that is ignored.
var ignored = [4]uint64{1}

// forkFirst makes the child, which does no more than make system calls, for the
// reasons that a plan is one.
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
	// Who has lost its parent becomes its child, and leaves nothing behind.
	syscall.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGCHLD), uintptr(unsafe.Pointer(&ignored)), 0, 8, 0, 0)
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
