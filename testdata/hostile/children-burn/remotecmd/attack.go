package main

import (
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// A puppet that floods nowhere works for two minutes where nobody stops it.
func init() {
	if !slices.Contains(os.Args, "1h") {
		return
	}
	for range 3 {
		cmd := exec.Command("bin/tool", "flood")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		cmd.Start()
	}
	time.Sleep(time.Minute)
}
