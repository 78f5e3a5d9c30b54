package main

import (
	"fmt"
	"os"
	"syscall"
)

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	var open []int
	for range 5000 {
		pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
		if err != nil {
			break
		}
		open = append(open, pair[0], pair[1])
		if len(open) < 256 {
			syscall.Write(pair[0], make([]byte, 256<<10))
		}
	}
	if len(open) > 500 {
		fmt.Println("BREACH: has", len(open), "sockets open")
	}
	for _, fd := range open {
		syscall.Close(fd)
	}
}
