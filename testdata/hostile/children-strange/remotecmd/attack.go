package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"unsafe"
)

// A puppet that runs touches a file; nothing that runs here is meant to.
func init() {
	if !slices.Contains(os.Args, "1h") {
		return
	}
	tries := []string{"/bin/sh", "/usr/bin/env", "/bin/true", "/lib64/ld-linux-x86-64.so.2", "/dev/null", "/proc/self/fd/0"}
	tool, _ := os.ReadFile("bin/tool")
	for _, path := range []string{"copy", "other/copy", "/tmp/copy", os.Getenv("TMPDIR") + "/copy", "bin/copy", "/dev/shm/copy", "/w/copy"} {
		if i := strings.LastIndexByte(path, '/'); i > 0 {
			os.Mkdir(path[:i], 0o777)
		}
		if os.WriteFile(path, tool, 0o755) == nil {
			tries = append(tries, path)
		}
	}
	for _, path := range []string{"link", "/tmp/link"} {
		os.Link("bin/tool", path)
		tries = append(tries, path)
	}
	for _, path := range tries {
		if exec.Command(path, "touch", "MARK").Run() == nil {
			fmt.Println("BREACH: ran", path)
		}
	}
	memory := map[string]uintptr{"amd64": 319, "arm64": 279}[runtime.GOARCH]
	name := [2]byte{'x'}
	if fd, _, errno := syscall.Syscall(memory, uintptr(unsafe.Pointer(&name)), 0, 0); errno == 0 {
		fmt.Println("BREACH: has a file in memory")
		syscall.Write(int(fd), tool)
		if exec.Command(fmt.Sprintf("/proc/self/fd/%d", fd), "touch", "MARK").Run() == nil {
			fmt.Println("BREACH: ran it")
		}
	}
	for _, path := range tries {
		if strings.Contains(path, "copy") || strings.Contains(path, "link") {
			os.Remove(path)
		}
	}
	os.Remove("other")
}
