package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
)

func init() {
	if !slices.Contains(os.Args, "1h") {
		return
	}
	for name, attr := range map[string]*syscall.SysProcAttr{
		"in a user namespace":    {Cloneflags: syscall.CLONE_NEWUSER, UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}},
		"in a network namespace": {Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET},
		"in a mount namespace":   {Cloneflags: syscall.CLONE_NEWNS},
		"in a pid namespace":     {Cloneflags: syscall.CLONE_NEWPID},
		"in a host namespace":    {Cloneflags: syscall.CLONE_NEWUTS},
		"beside itself":          {Cloneflags: syscall.CLONE_PARENT},
		"later unshared":         {Unshareflags: syscall.CLONE_NEWNS},
		"as root":                {Credential: &syscall.Credential{Uid: 0, Gid: 0}},
		"as somebody":            {Credential: &syscall.Credential{Uid: 1000, Gid: 1000}},
		"with a capability":      {AmbientCaps: []uintptr{21 /* CAP_SYS_ADMIN */}},
		"in another root":        {Chroot: "/w"},
		"in a control group":     {UseCgroupFD: true, CgroupFD: 0},
	} {
		cmd := exec.Command("bin/tool", "exit", "0")
		cmd.SysProcAttr = attr
		if cmd.Run() == nil {
			fmt.Println("BREACH: started a child", name)
		}
	}
	for name, err := range map[string]error{
		"a namespace of its own": syscall.Unshare(syscall.CLONE_NEWUSER),
		"another root":           syscall.Chroot("/w"),
		"a mount":                syscall.Mount("none", "bin", "tmpfs", 0, ""),
	} {
		if err == nil {
			fmt.Println("BREACH: has", name)
		}
	}
}
