package sandbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
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
// be called.
func (j *Jail) Start(cmd *exec.Cmd) (release func() error, err error) {
	status, theirs, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("jail: %w", err)
	}
	defer status.Close()
	s, err := j.write(cmd, theirs)
	if err != nil {
		theirs.Close()
		return nil, fmt.Errorf("jail: %w", err)
	}
	release, err = j.startOnThread(cmd, s, theirs)
	theirs.Close()
	if err != nil {
		return nil, fmt.Errorf("jail: %w", err)
	}
	if err := s.awaitProgram(status); err != nil {
		_ = cmd.Process.Kill() // it has ended or is about to
		_ = cmd.Wait()
		return nil, errors.Join(fmt.Errorf("jail: %w", err), release())
	}
	return release, nil
}

// startOnThread starts the child from a thread of its own, which is there until
// release is called: a process dies with the thread that has started it, and a
// thread that has entered a process namespace cannot leave it.
func (j *Jail) startOnThread(cmd *exec.Cmd, s *script, status *os.File) (release func() error, err error) {
	var inside *first
	started, over := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		var err error
		if j.Level == Strong {
			inside, err = newFirst()
		}
		if err == nil {
			err = j.fork(cmd, s, status)
		}
		started <- err
		<-over
	}()
	err = <-started
	release = func() error {
		defer close(over)
		if inside == nil {
			return nil
		}
		return inside.end()
	}
	if err != nil {
		return nil, errors.Join(err, release())
	}
	return release, nil
}

// fork makes the child of this thread that becomes the program.
func (j *Jail) fork(cmd *exec.Cmd, s *script, status *os.File) error {
	var flags, pid uintptr
	if j.Level == Strong {
		flags = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
	}
	if j.Level == Strong && j.Tool {
		flags |= unix.CLONE_NEWNET
	}
	fd := status.Fd()
	err := undisturbed(func() error {
		var errno unix.Errno
		if pid, errno = fork(flags, s.steps, fd); errno != 0 {
			return fmt.Errorf("a process with namespaces of its own: %w", errno)
		}
		return nil
	})
	runtime.KeepAlive(s)
	if pid != 0 {
		cmd.Process, err = os.FindProcess(int(pid))
	}
	return err
}

// awaitProgram returns when the child has become the program: the pipe is closed
// then, and nothing was written to it.
func (s *script) awaitProgram(status *os.File) error {
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
