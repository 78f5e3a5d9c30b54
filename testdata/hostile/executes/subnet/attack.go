package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// A program that has become another one says so, and that is no honest answer.
func init() {
	if os.Args[0] == "again" {
		fmt.Println("BREACH: became", os.Args[1])
		os.Exit(0)
	}
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	text, _ := os.ReadFile("/program")
	for _, name := range []string{"copy", "/tmp/copy", "/dev/shm/copy"} {
		os.WriteFile(name, text, 0o755)
		syscall.Exec(name, []string{"again", name}, nil)
		os.Remove(name)
	}
	for _, name := range []string{"/program", "/proc/self/exe", "/bin/sh", "/lib64/ld-linux-x86-64.so.2"} {
		syscall.Exec(name, []string{"again", name}, nil)
	}
	memory := map[string]uintptr{"amd64": 319, "arm64": 279}[runtime.GOARCH]
	execAt := map[string]uintptr{"amd64": 322, "arm64": 281}[runtime.GOARCH]
	name, empty := [2]byte{'x'}, [1]byte{}
	fd, _, errno := syscall.Syscall(memory, uintptr(unsafe.Pointer(&name)), 0, 0)
	if errno == 0 {
		fmt.Println("BREACH: has a file in memory that no limit counts")
		syscall.Write(int(fd), text)
	}
	argument, _ := syscall.BytePtrFromString("again")
	arguments := [3]*byte{argument, argument}
	const emptyPath = 0x1000
	syscall.Syscall6(execAt, fd, uintptr(unsafe.Pointer(&empty)), uintptr(unsafe.Pointer(&arguments)), 0, emptyPath, 0)
}
