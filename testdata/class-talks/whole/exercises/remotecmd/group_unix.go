//go:build unix

//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"os/exec"
	"syscall"
)

// A group is a command and what it has started, as far as that has not left the group
// on purpose. Here it is a process group; its number is that of the command.
type group struct{ id int }

// startGroup starts a command in a group of its own.
func startGroup(cmd *exec.Cmd) (*group, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &group{cmd.Process.Pid}, nil
}

// kill ends all of the group at once, by a signal that nobody can refuse. It may be
// called while the command runs and once more right after its end, from any goroutine.
func (g *group) kill() {
	_ = syscall.Kill(-g.id, syscall.SIGKILL) // fails where nobody is left
}
