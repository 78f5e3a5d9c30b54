package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// The test puts its own listeners here.
const tcpPort, udpPort, unixPath, abstractName = "@TCP@", "@UDP@", "@UNIX@", "@ABSTRACT@"

var message = []byte("wirebook-canary-reached from a program\n")

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	here := [4]byte{127, 0, 0, 1}
	stream(syscall.AF_INET, &syscall.SockaddrInet4{Port: number(tcpPort), Addr: here})
	stream(syscall.AF_INET6, &syscall.SockaddrInet6{Port: number(tcpPort), Addr: [16]byte{10: 0xff, 0xff, 127, 0, 0, 1}})
	stream(syscall.AF_UNIX, &syscall.SockaddrUnix{Name: unixPath})
	stream(syscall.AF_UNIX, &syscall.SockaddrUnix{Name: "@" + abstractName})
	// A name server of the machine's own, and one that does not exist, with a
	// question for canary.example. Here nobody can tell what arrives, but
	// that there is a way.
	question := append([]byte{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}, "\x06canary\x07example\x00\x00\x01\x00\x01"...)
	datagram(&syscall.SockaddrInet4{Port: number(udpPort), Addr: here}, message)
	datagram(&syscall.SockaddrInet4{Port: 53, Addr: [4]byte{127, 0, 0, 53}}, question)
	if datagram(&syscall.SockaddrInet4{Port: 53, Addr: [4]byte{192, 0, 2, 1}}, question) == nil {
		fmt.Println("BREACH: there is a way to other machines")
	}
}

func number(port string) int {
	n, err := strconv.Atoi(port)
	if err != nil {
		return 9
	}
	return n
}

func stream(family int, to syscall.Sockaddr) {
	fd, err := syscall.Socket(family, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer syscall.Close(fd)
	if syscall.Connect(fd, to) == nil {
		syscall.Write(fd, message)
		fmt.Printf("BREACH: connected to %+v\n", to)
	}
}

func datagram(to syscall.Sockaddr, data []byte) error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	return syscall.Sendto(fd, data, 0, to)
}
