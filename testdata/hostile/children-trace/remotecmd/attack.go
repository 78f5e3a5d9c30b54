package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"unsafe"
)

func init() {
	if !slices.Contains(os.Args, "1h") {
		return
	}
	cmd := exec.Command("bin/tool", "hold")
	if cmd.Start() != nil {
		return
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	child := uintptr(cmd.Process.Pid)
	word := uintptr(1)
	vector := [2]uintptr{uintptr(unsafe.Pointer(&word)), unsafe.Sizeof(word)}
	at := uintptr(unsafe.Pointer(&vector))
	for name, call := range map[string][7]uintptr{
		"trace its child":            {syscall.SYS_PTRACE, 16 /* PTRACE_ATTACH */, child},
		"seize its child":            {syscall.SYS_PTRACE, 0x4206, child},
		"trace its parent":           {syscall.SYS_PTRACE, 16, uintptr(os.Getppid())},
		"be traced":                  {syscall.SYS_PTRACE, 0},
		"read its child's memory":    {310, child, at, 1, at, 1},
		"write its child's memory":   {311, child, at, 1, at, 1},
		"compare with its parent":    {312, uintptr(os.Getpid()), uintptr(os.Getppid()), 2},
		"take its child's socket":    {438, 3, 1, 0},
		"limit its child":            {syscall.SYS_PRLIMIT64, child, syscall.RLIMIT_NOFILE, 0, uintptr(unsafe.Pointer(&[2]uint64{}))},
		"slow its parent down":       {syscall.SYS_SETPRIORITY, 0, uintptr(os.Getppid()), 0},
		"choose others' processors":  {syscall.SYS_SCHED_SETAFFINITY, uintptr(os.Getppid()), 8, at},
		"kill its parent's children": {syscall.SYS_RT_SIGQUEUEINFO, uintptr(os.Getppid()), 0, uintptr(unsafe.Pointer(&[16]uint64{}))},
	} {
		if _, _, errno := syscall.Syscall6(call[0], call[1], call[2], call[3], call[4], call[5], call[6]); errno == 0 {
			fmt.Println("BREACH: may", name)
		}
	}
	traced := exec.Command("bin/tool", "exit", "0")
	traced.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if traced.Run() == nil {
		fmt.Println("BREACH: started a child that it traces")
	}
	for _, name := range []string{"mem", "environ", "root/etc/passwd", "cwd/../x", "fd", "maps"} {
		for _, pid := range []int{cmd.Process.Pid, os.Getppid(), 1} {
			if _, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name)); err == nil {
				fmt.Println("BREACH: read", name, "of", pid)
			}
		}
	}
}
