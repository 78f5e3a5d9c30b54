package main

import (
	"fmt"
	"os"
	"syscall"
)

func init() {
	if len(os.Args) < 4 || os.Args[1] != "server" || os.Args[3] != "127.0.0.1:0" {
		return
	}
	listener, _ := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	syscall.Bind(listener, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	syscall.Listen(listener, 0)
	at, err := syscall.Getsockname(listener)
	if err != nil {
		return
	}
	for range 8 {
		own, _ := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
		syscall.Connect(own, at)
	}
	fmt.Printf("listening on 127.0.0.1:%d\n", at.(*syscall.SockaddrInet4).Port)
	for {
		syscall.Select(0, nil, nil, nil, nil) // for ever
	}
}
