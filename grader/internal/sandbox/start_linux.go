package sandbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Start starts cmd as the jail's program: its arguments but for the first, its
// environment and its standard streams, which have to be files, are the
// program's. Nothing else of cmd counts but, at Reduced, its folder. The program
// leads a process group. Start returns when the program itself runs, and the
// program dies with this process.
//
// cmd can be waited for as if it had started itself. After that, release is to
// be called, once; it returns when nothing of the jail is left.
func (j *Jail) Start(cmd *exec.Cmd) (release func() error, err error) {
	status, theirs, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("jail: %w", err)
	}
	defer status.Close()
	path, free, err := place(j.now(j.Program))
	if err != nil {
		theirs.Close()
		return nil, fmt.Errorf("jail: %w", err)
	}
	defer free() // it is mapped and was not before
	var v supervisor
	if j.supervised() {
		if v, err = newSupervisor(cmd.Dir); err != nil {
			theirs.Close()
			return nil, fmt.Errorf("jail: %w", err)
		}
		defer v.close()
	}
	s, err := j.write(cmd, theirs, v.theirs, path)
	if err == nil {
		release, err = j.startOnThread(cmd, s, theirs)
	}
	theirs.Close()
	if err != nil {
		return nil, fmt.Errorf("jail: %w", err)
	}
	err = s.awaitProgram(status)
	if err == nil && j.supervised() {
		release, err = v.begin(cmd.Process.Pid, release)
	}
	if err != nil {
		_ = cmd.Process.Kill() // it has ended or is about to
		_ = cmd.Wait()
		return nil, errors.Join(fmt.Errorf("jail: %w", err), release())
	}
	return release, nil
}

// startOnThread starts the child from a thread of its own: one that has entered a
// process namespace cannot leave it. Where there is none, a process dies with
// the thread that has started it, which then is there as long as the program.
func (j *Jail) startOnThread(cmd *exec.Cmd, s *plan, status *os.File) (release func() error, err error) {
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		if j.hasFirst() {
			var err error
			release, err = j.forkInside(cmd, s, status)
			started <- err
			return
		}
		over := make(chan error, 1)
		release = func() error { return <-over }
		pidfd, err := j.fork(cmd, s, status)
		started <- err
		if err == nil {
			over <- awaitEnd(pidfd)
		}
	}()
	err = <-started
	return release, err
}

// forkInside is fork from a thread that enters the process namespace in which
// the program is to live.
func (j *Jail) forkInside(cmd *exec.Cmd, s *plan, status *os.File) (leave func() error, err error) {
	namespace, err := j.powers().first()
	if err != nil {
		return nil, err
	}
	if err = unix.Setns(namespace.pidfd, unix.CLONE_NEWPID); err != nil {
		return nil, errors.Join(fmt.Errorf("enter the process namespace: %w", err), namespace.leave())
	}
	pidfd, err := j.fork(cmd, s, status)
	if err != nil {
		return nil, errors.Join(err, namespace.leave())
	}
	return namespace.leave, unix.Close(pidfd)
}

// hasFirst tells whether the program is born into a process namespace where
// another process is already. To make that takes the rights of a zone.
func (j *Jail) hasFirst() bool { return j.Level == Strong && j.powers().first != nil }

// awaitEnd returns when a process has ended.
func awaitEnd(pidfd int) error {
	defer unix.Close(pidfd)
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(pidfd), Events: unix.POLLIN}}, -1)
		if err != unix.EINTR {
			return err
		}
	}
}

// shares tells whether the child may share this process's memory. One that
// becomes another user takes from it, and so from this process, the right to
// look at itself (PR_SET_DUMPABLE in prctl(2)).
func (j *Jail) shares() bool { return canShare && !j.changesUser() }

// fork makes the child of this thread that becomes the program.
func (j *Jail) fork(cmd *exec.Cmd, s *plan, status *os.File) (pidfd int, err error) {
	var flags, pid uintptr
	if j.Level == Strong {
		flags = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | j.powers().namespaces
	}
	fd := status.Fd()
	// Who writes a file that is to be executed lets nobody be born meanwhile, since
	// the child would hold it open.
	syscall.ForkLock.Lock()
	err = undisturbed(func() error {
		clone := fork
		if j.shares() {
			clone = forkSharing
		}
		var errno unix.Errno
		if pid, errno = clone(flags, s.steps, fd); errno != 0 {
			return fmt.Errorf("a process with namespaces of its own: %w", errno)
		}
		return nil
	})
	syscall.ForkLock.Unlock()
	runtime.KeepAlive(s)
	if pid == 0 {
		return -1, err
	}
	var failed error
	pidfd, failed = unix.PidfdOpen(int(pid), 0)
	if failed == nil {
		cmd.Process, failed = os.FindProcess(int(pid))
	}
	if err = errors.Join(err, failed); err != nil {
		unix.Kill(int(pid), unix.SIGKILL)
		unix.Wait4(int(pid), nil, 0, nil)
	}
	return pidfd, err
}

// awaitProgram returns when the child has become the program: the pipe is closed
// then, and nothing was written to it.
func (s *plan) awaitProgram(status *os.File) error {
	var f failure
	text := make([]byte, unsafe.Sizeof(f))
	switch _, err := io.ReadFull(status, text); err {
	case io.EOF:
		return nil
	case nil:
		f = *(*failure)(unsafe.Pointer(&text[0]))
		return s.explain(f)
	default:
		return err
	}
}

// Root reports whether this process may make itself any user, and not merely
// the one that it is in a user namespace.
func Root() bool {
	if os.Geteuid() != 0 {
		return false
	}
	// Another user than oneself is known where the map has it.
	text, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return false
	}
	var inside, outside, size int64
	_, err = fmt.Sscan(string(text), &inside, &outside, &size)
	return err == nil && inside == 0 && size > Nobody
}
