package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	main()
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE)
	for fd := range 3 {
		syscall.Close(fd)
	}
	time.Sleep(time.Minute)
	os.Exit(0)
}
