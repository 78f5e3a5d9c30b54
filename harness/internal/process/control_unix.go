//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"

	"wirebook/harness/internal/sys"
)

// Stop makes a program stand still, Continue lets it go on.
const (
	Stop     = syscall.SIGSTOP
	Continue = syscall.SIGCONT
)

// busy is the error of executing a file that is open for writing.
const busy = syscall.ETXTBSY

// kill ends the process and its group. The process itself is killed by itself
// too: a sandbox may have put it beyond its group.
func (c *control) kill(cmd *exec.Cmd) {
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	cmd.Process.Kill()
}

// signal sends the program a signal. To stand still and to go on is for all that it has
// started too, as at a terminal; the others are the program's own.
func (c *control) signal(cmd *exec.Cmd, sig os.Signal) error {
	if sig == Stop || sig == Continue {
		syscall.Kill(-cmd.Process.Pid, sig.(syscall.Signal))
	}
	return cmd.Process.Signal(sig)
}

func (c *control) exit(state *os.ProcessState) Exit {
	exit := Exit{Code: state.ExitCode(), CPU: state.UserTime() + state.SystemTime()}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		exit.Signal = sys.SignalName(status.Signal())
	}
	return exit
}

// withUmask is launch with another umask. All programs are started by one thread, so
// each gets its own.
func withUmask(umask *int, launch func(*exec.Cmd) error) func(*exec.Cmd) error {
	if umask == nil {
		return launch
	}
	return func(cmd *exec.Cmd) error {
		defer syscall.Umask(syscall.Umask(*umask))
		return launch(cmd)
	}
}
