package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

func init() {
	// run runs a program and tells what that prints.
	tries["run"] = func(args []string) (string, error) {
		out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		return fmt.Sprintf("it printed %q", out), err
	}
	// stop starts a program and kills it.
	tries["stop"] = func(args []string) (string, error) {
		cmd := exec.Command(args[0], "sleep")
		if err := cmd.Start(); err != nil {
			return "", err
		}
		if err := cmd.Process.Kill(); err != nil {
			return "", err
		}
		_ = cmd.Wait()
		return cmd.ProcessState.String(), nil
	}
	// leave leaves a program behind that has left its group and its session.
	tries["leave"] = func(args []string) (string, error) {
		cmd := exec.Command(args[0], "sleep")
		cmd.Stdout = os.Stdout
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		return "it is left", cmd.Start()
	}
}
