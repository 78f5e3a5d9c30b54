//go:build unix

package build

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup makes the command the head of a process group, so that killGroup
// ends the compilers with it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }
