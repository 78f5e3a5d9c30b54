package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"

	"wirebook/harness/internal/sys"
	"wirebook/harness/internal/watch"
)

// control is how Linux lets us steer a process and look at it.
type control struct{ family watch.Family }

func (c *control) prepare(cmd *exec.Cmd) (release func(), err error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	// A session of its own is a process group of its own.
	cmd.SysProcAttr.Setpgid = !cmd.SysProcAttr.Setsid
	cmd.SysProcAttr.Pgid = 0
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	return func() {}, nil
}

func (c *control) started(cmd *exec.Cmd, limits Limits, family bool) error {
	pid := cmd.Process.Pid
	// Once more: a sandbox starts programs in its own way.
	if err := limits.set(pid); err != nil {
		return err
	}
	if family {
		return c.family.OpenFamily(pid)
	}
	c.family.Open(pid)
	return nil
}

// marked is launch of a program that bears a mark from its first moment, if it is the
// head of a family. All programs are started by one thread, so each gets its own.
func (c *control) marked(family bool, launch func(*exec.Cmd) error) func(*exec.Cmd) error {
	if !family {
		return launch
	}
	return func(cmd *exec.Cmd) error {
		return sys.WithMark(watch.NewMark(), func() error { return launch(cmd) })
	}
}

// start starts a program that stands still until its limits are set: it is traced until
// then (ptrace(2)). Go's runtime raises a limit while a program starts, and as root also
// above what has been set meanwhile.
func (l Limits) start(cmd *exec.Cmd) error {
	if len(l.list()) == 0 || untraceable.Load() {
		return cmd.Start()
	}
	cmd.SysProcAttr.Ptrace = true
	if err := cmd.Start(); errors.Is(err, syscall.EPERM) {
		untraceable.Store(true)
		return errors.Join(busy, err) // so that it is tried again
	} else if err != nil {
		return err
	}
	pid := cmd.Process.Pid
	err := errors.Join(awaitStop(pid), l.set(pid), unlessEnded(syscall.PtraceDetach(pid)))
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	return err
}

// awaitStop returns when a child stands still, or has ended.
func awaitStop(pid int) error {
	_, err := lookStopped(pid, syscall.WSTOPPED|syscall.WEXITED)
	return err
}

// untraceable says that no program may be traced here. It runs a moment without its limits.
var untraceable atomic.Bool

// set sets the limits of a process, if it has not ended.
func (l Limits) set(pid int) error {
	for _, limit := range l.list() {
		if err := unlessEnded(sys.Limit(pid, limit.resource, limit.value)); err != nil {
			return fmt.Errorf("limit %s: %w", limit.name, err)
		}
	}
	return nil
}

// unlessEnded is err, unless it says that there is no such process any more.
func unlessEnded(err error) error {
	if err == syscall.ESRCH {
		return nil
	}
	return err
}

type rlimit struct {
	name     string
	resource int
	value    uint64
}

// list is the limits as the system takes them.
func (l Limits) list() (list []rlimit) {
	add := func(name string, resource int, value uint64) {
		list = append(list, rlimit{name, resource, value})
	}
	if l.Memory > 0 && !raceEnabled {
		// A Go program reserves far more addresses than it uses, so the limit
		// that counts is that of its private memory. The race detector claims
		// terabytes of that.
		add("memory", syscall.RLIMIT_DATA, uint64(l.Memory))
		add("addresses", syscall.RLIMIT_AS, uint64(l.Memory)+8<<30)
	}
	if l.Descriptors > 0 {
		add("descriptors", syscall.RLIMIT_NOFILE, uint64(l.Descriptors))
	}
	if l.CPU > 0 {
		// The signal at the soft limit means nothing to a Go program, so it is
		// killed at once.
		seconds := uint64((l.CPU + time.Second - 1) / time.Second)
		add("processor time", syscall.RLIMIT_CPU, seconds)
	}
	if l.FileSize > 0 {
		add("file size", syscall.RLIMIT_FSIZE, uint64(l.FileSize))
	}
	return list
}

func (c *control) close() { c.family.Close() }

func (c *control) activity() (watch.Activity, error) { return c.family.Look() }

func (c *control) last() watch.Activity { return c.family.Last() }

func (c *control) timers() (shortest time.Duration, armed, known bool) { return c.family.Timers() }

func (c *control) survived() bool { return c.family.Survived() }

func (c *control) size() int { return c.family.Size() }

func (c *control) killFamily(*exec.Cmd) { c.family.Kill() }

func (c *control) children() (int, error) {
	if sys.Blind() {
		return 0, ErrUnknown
	}
	return c.family.Children()
}

func (c *control) awaitExit(cmd *exec.Cmd) {
	_ = sys.AwaitExit(cmd.Process.Pid) // one that is not there has ended
}

func (c *control) cpu(int) time.Duration { return c.family.CPU() }

func (c *control) descriptors(pid int) (int, error) {
	if sys.Blind() {
		return 0, ErrUnknown
	}
	dir, err := os.Open(fmt.Sprintf("/proc/%d/fd", pid))
	if errors.Is(err, os.ErrPermission) {
		// It is ours to look at until it gives up its memory at its end.
		return 0, os.ErrProcessDone
	}
	if err != nil {
		return 0, fmt.Errorf("process: %w", err)
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return 0, fmt.Errorf("process: %w", err)
	}
	return len(names), nil
}
