//go:build unix && !linux

package process

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"wirebook/harness/internal/sys"
	"wirebook/harness/internal/watch"
)

// control is what there is on a Unix other than Linux: the process group, and
// the lifeline for a program that holds on to it.
type control struct {
	lifeline *os.File
	clock    psClock
	ended    func() // returns when it has
}

// What a program has started cannot be found here, but for its group.
func (c *control) survived() bool         { return false }
func (c *control) size() int              { return 0 }
func (c *control) children() (int, error) { return 0, ErrUnknown }

// killFamily kills the group of a program that has ended. As long as somebody is in
// it, nobody else gets its number; if somebody has, it is empty.
func (c *control) killFamily(cmd *exec.Cmd) {
	pid := cmd.Process.Pid
	if syscall.Kill(pid, 0) == syscall.ESRCH {
		syscall.Kill(-pid, syscall.SIGKILL)
	}
}

func (c *control) prepare(cmd *exec.Cmd) (release func(), err error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	cmd.SysProcAttr.Setpgid = !cmd.SysProcAttr.Setsid
	cmd.SysProcAttr.Pgid = 0

	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles = append(cmd.ExtraFiles, r)
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", lifelineVariable, 2+len(cmd.ExtraFiles)))
	c.lifeline = w
	return func() { r.Close() }, nil
}

// started has no limits to set: there is no way to set those of another
// process, and ours must stay as they are.
func (c *control) started(cmd *exec.Cmd, _ Limits, _ bool) (err error) {
	c.clock.start(cmd.Process.Pid)
	c.ended, err = sys.AwaitExit(cmd.Process.Pid)
	return err
}

func (c *control) close() {
	c.clock.stop()
	c.lifeline.Close()
}

func (c *control) awaitExit(*exec.Cmd) { c.ended() }

func (c *control) activity() (watch.Activity, error) {
	c.clock.ask()
	return c.last(), nil
}

func (c *control) last() watch.Activity {
	cpu, known := c.clock.last()
	return watch.Activity{CPU: cpu, KnowsCPU: known}
}

func (c *control) cpu(int) time.Duration {
	cpu, _ := c.clock.last()
	return cpu
}

func (c *control) timers() (shortest time.Duration, armed, known bool) { return 0, false, false }

func (c *control) descriptors(int) (int, error) { return 0, ErrUnknown }

// start starts a program. Its limits nobody can set from outside.
func (l Limits) start(cmd *exec.Cmd) error { return cmd.Start() }

// marked has nothing to mark with.
func (c *control) marked(_ bool, launch func(*exec.Cmd) error) func(*exec.Cmd) error { return launch }
