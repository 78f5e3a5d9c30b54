package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const child = "wirebook-hostile-child"

func init() {
	if os.Args[0] == child {
		// It leaves its parent, makes one more, and stays for a while.
		if len(os.Args) < 3 {
			syscall.ForkExec("/proc/self/exe", []string{child, "x", "y"}, &syscall.ProcAttr{Sys: &syscall.SysProcAttr{Setsid: true}})
		}
		time.Sleep(20 * time.Second)
		os.Exit(0)
	}
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	for i := range 12 {
		for _, name := range []string{"/program", "/proc/self/exe"} {
			for _, attr := range []*syscall.SysProcAttr{{}, {Setsid: true}, {Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID}, {Noctty: true, Setpgid: true}} {
				pid, err := syscall.ForkExec(name, []string{child}, &syscall.ProcAttr{Sys: attr})
				if err == nil {
					fmt.Println("BREACH: process", i, pid, "is there")
				}
			}
		}
	}
	for _, name := range []string{"sh", "/bin/true", "/usr/bin/env"} {
		if err := exec.Command(name).Run(); err == nil {
			fmt.Println("BREACH: ran", name)
		}
	}
	if sid, err := syscall.Setsid(); err == nil {
		fmt.Println("BREACH: leads session", sid)
	}
	if err := syscall.Setpgid(0, 0); err == nil && syscall.Getpgrp() != os.Getpid() {
		fmt.Println("BREACH: left its group")
	}
}
