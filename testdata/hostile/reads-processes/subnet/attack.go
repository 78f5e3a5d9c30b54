package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// harmless are the variables that every program gets.
const harmless = " LANG TZ TMPDIR GOMAXPROCS "

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); !strings.Contains(harmless, " "+name+" ") {
			fmt.Println("BREACH: environment", variable)
		}
	}
	for fd := 3; fd < 1<<10; fd++ {
		var stat syscall.Stat_t
		if syscall.Fstat(fd, &stat) == nil && stat.Mode&syscall.S_IFMT != 0 {
			fmt.Printf("BREACH: descriptor %d of mode %o\n", fd, stat.Mode)
		}
	}
	for _, part := range []string{"environ", "cmdline", "maps", "mem", "stat", "status", "fd", "root", "cwd", "net"} {
		names, _ := filepath.Glob("/proc/*/" + part)
		for _, name := range append(names, "/proc/1/"+part, "/proc/self/"+part, fmt.Sprintf("/proc/%d/%s", os.Getppid(), part)) {
			if name == "/proc/sys/net" || name == "/proc/self/cwd" {
				continue // they are the program's own
			}
			if f, err := os.Open(name); err == nil {
				text := make([]byte, 1<<10)
				n, _ := f.Read(text)
				fmt.Printf("BREACH: %s: %.200q\n", name, text[:n])
				f.Close()
			}
		}
	}
	for _, text := range otherMemory(os.Getppid(), 1) {
		fmt.Println("BREACH:", text)
	}
}

// otherMemory tries to read the memory of other processes.
func otherMemory(pids ...int) (worked []string) {
	for _, pid := range pids {
		if _, _, errno := syscall.Syscall6(processVMReadv, uintptr(pid), 0, 0, 0, 0, 0); errno == 0 {
			worked = append(worked, fmt.Sprintf("process_vm_readv of %d", pid))
		}
		if err := syscall.PtraceAttach(pid); err == nil {
			syscall.PtraceDetach(pid)
			worked = append(worked, fmt.Sprintf("ptrace of %d", pid))
		}
	}
	return worked
}

// processVMReadv is the number of a call of which package syscall does not know.
var processVMReadv = map[string]uintptr{"amd64": 310, "arm64": 270}[runtime.GOARCH]
