package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Nobody is the user that programs become where the grader runs as root.
const Nobody = 65534

// self is this executable, wherever it lies.
const self = "/proc/self/exe"

// Start starts cmd as the jail's program: its arguments but for the first, its
// environment and its descriptors are the program's, its folder has to be one
// that the stage can enter. Start returns when the program itself runs. The
// program dies with this process. release is to be called once the program has
// been waited for.
func (j *Jail) Start(cmd *exec.Cmd) (release func() error, err error) {
	status, err := j.prepare(cmd)
	if err != nil {
		return nil, fmt.Errorf("jail: %w", err)
	}
	defer status.Close()
	release, err = j.startOnThread(cmd)
	cmd.ExtraFiles[0].Close()
	if err != nil {
		return nil, fmt.Errorf("jail: %w", err)
	}
	if err := awaitProgram(cmd, status); err != nil {
		return nil, errors.Join(err, release())
	}
	return release, nil
}

// startOnThread starts cmd from a thread of its own, which is there until
// release is called: a process dies with the thread that has started it, and a
// thread that has entered a process namespace cannot leave it.
func (j *Jail) startOnThread(cmd *exec.Cmd) (release func() error, err error) {
	var inside *first
	started, over := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		var err error
		if j.Level == Strong && !j.Tool {
			inside, err = newFirst()
			// A process cannot see from in there whether its parent lives,
			// and Go would end it. It dies with the first process.
			cmd.SysProcAttr.Pdeathsig = 0
		}
		if err == nil {
			err = cmd.Start()
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

// prepare makes cmd start the jail's stage, and returns the pipe on which that
// says what went wrong.
func (j *Jail) prepare(cmd *exec.Cmd) (status *os.File, err error) {
	o := order{Jail: *j, UID: j.becomes()}
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	if j.Level == Strong {
		j.enclose(cmd.SysProcAttr)
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	status, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Path, cmd.Err = self, nil
	cmd.Args = append([]string{stageName, string(text)}, cmd.Args[1:]...)
	cmd.ExtraFiles = []*os.File{w}
	return status, nil
}

// becomes is the user that the stage makes itself, and so the program; -1 where
// it stays who it is. A tool of root's stays root, without any of its rights:
// what it works with may be readable by root alone.
func (j *Jail) becomes() int {
	if j.Tool || !Root() {
		return -1
	}
	return Nobody
}

// enclose gives the stage namespaces of its own.
func (j *Jail) enclose(attr *syscall.SysProcAttr) {
	attr.Cloneflags |= unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS
	if j.Tool {
		attr.Cloneflags |= unix.CLONE_NEWPID | unix.CLONE_NEWNET
	}
	if Root() {
		// The stage may go wherever root may go. The program is nobody.
		same := []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: Nobody, HostID: Nobody, Size: 1}}
		attr.UidMappings, attr.GidMappings = same, same
		attr.GidMappingsEnableSetgroups = true
		attr.Credential = &syscall.Credential{}
		return
	}
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: Nobody, HostID: os.Geteuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: Nobody, HostID: os.Getegid(), Size: 1}}
	// Nobody has no rights by itself in its own namespaces either.
	attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_SETPCAP}
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

// awaitProgram returns when the stage has become the program: the pipe is
// closed then, and nothing was written to it.
func awaitProgram(cmd *exec.Cmd, status *os.File) error {
	said, err := io.ReadAll(io.LimitReader(status, 4096))
	if err == nil && len(said) == 0 {
		return nil
	}
	_ = cmd.Process.Kill() // it has ended or is about to
	_ = cmd.Wait()
	if err == nil {
		err = errors.New(string(said))
	}
	return err
}
