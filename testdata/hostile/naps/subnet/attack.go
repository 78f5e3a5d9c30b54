package main

import (
	"os"
	"syscall"
)

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	main()
	for {
		syscall.Nanosleep(&syscall.Timespec{Nsec: 5e6}, nil)
	}
}
