package main

import (
	"net"
	"os"
)

// What is held is never closed, so that nobody else can have it.
var held []any

func init() {
	if len(os.Args) < 2 || os.Args[1] != "client" && os.Args[1] != "server" {
		return
	}
	for port := 32768; port < 33168; port++ {
		address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
		if l, err := net.ListenTCP("tcp4", address); err == nil {
			held = append(held, l)
		}
		if c, err := net.ListenUDP("udp4", (*net.UDPAddr)(nil)); err == nil {
			held = append(held, c)
		}
	}
}
