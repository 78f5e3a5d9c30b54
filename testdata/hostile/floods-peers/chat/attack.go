package main

import (
	"bytes"
	"net"
	"os"
)

// flood sends up to a gigabyte.
func flood(conn *net.TCPConn, line string) {
	if line != "quiet please" || os.Args[1] != "server" {
		return
	}
	block := bytes.Repeat([]byte("endless\n"), 8<<10)
	for range 16 << 10 {
		if _, err := conn.Write(block); err != nil {
			return
		}
	}
}
