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
	const mark = 10 // RLIMIT_LOCKS, which bounds nothing
	for name, call := range map[string][4]uintptr{
		"its mark":               {syscall.SYS_PRLIMIT64, 0, mark},
		"its mark, by number":    {syscall.SYS_PRLIMIT64, uintptr(os.Getpid()), mark},
		"its mark, the old way":  {syscall.SYS_SETRLIMIT, mark},
		"how many processes":     {syscall.SYS_PRLIMIT64, 0, 6},
		"how much time":          {syscall.SYS_PRLIMIT64, 0, syscall.RLIMIT_CPU},
		"how much memory":        {syscall.SYS_PRLIMIT64, 0, syscall.RLIMIT_DATA},
		"how many signals":       {syscall.SYS_PRLIMIT64, 0, 11},
		"how long its files are": {syscall.SYS_PRLIMIT64, 0, syscall.RLIMIT_FSIZE},
	} {
		raised := uintptr(unsafe.Pointer(&[2]uint64{1 << 62, 1 << 62}))
		if call[2] == mark || call[1] == mark {
			raised = uintptr(unsafe.Pointer(&[2]uint64{1, 1}))
		}
		args := [4]uintptr{call[1], call[2], raised}
		if call[0] == syscall.SYS_SETRLIMIT {
			args = [4]uintptr{call[1], raised}
		}
		if _, _, errno := syscall.Syscall6(call[0], args[0], args[1], args[2], args[3], 0, 0); errno == 0 {
			fmt.Println("BREACH: has changed", name)
		}
	}
	for name, call := range map[string][4]uintptr{
		"to be who adopts orphans": {syscall.SYS_PRCTL, 36 /* PR_SET_CHILD_SUBREAPER */, 1},
		"to be looked at":          {syscall.SYS_PRCTL, 4 /* PR_SET_DUMPABLE */, 1},
		"to have new privileges":   {syscall.SYS_PRCTL, 38 /* PR_SET_NO_NEW_PRIVS */, 0},
		"another filter":           {317, 1, 0, 0},
		"to be preferred":          {syscall.SYS_SETPRIORITY, 0, 0, ^uintptr(9)},
	} {
		if _, _, errno := syscall.Syscall6(call[0], call[1], call[2], call[3], 0, 0, 0); errno == 0 {
			fmt.Println("BREACH: may ask", name)
		}
	}
	// Its children are found although they belong to nobody.
	cmd := exec.Command("bin/tool", "mute")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Start()
}
