package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strings"
)

func client(addr string) int {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	turn := make(chan bool, 1)
	gone := make(chan error, 1)
	go func() {
		buf := make([]byte, 8192)
		for {
			n, err := conn.Read(buf)
			if n > 0 {
				os.Stdout.WriteString(string(buf[:n]) + "\n")
				select {
				case turn <- true:
				default:
				}
			}
			if err != nil {
				gone <- err
				return
			}
		}
	}()
	lines := make(chan string)
	go func() {
		defer close(lines)
		in := bufio.NewReader(os.Stdin)
		for {
			line, err := in.ReadString('\n')
			if line != "" {
				lines <- strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			}
			if err != nil {
				return
			}
		}
	}()
	lost := func(err error) int {
		fmt.Fprintln(os.Stderr, "the server has gone:", err)
		return 1
	}
	for {
		select { // whose turn is it?
		case <-turn:
		case err := <-gone:
			return lost(err)
		}
		line, ok := "", true
		for line == "" && ok {
			select {
			case line, ok = <-lines:
			case err := <-gone:
				return lost(err)
			}
		}
		if !ok || line == "q" || line == "Q" {
			conn.(*net.TCPConn).CloseWrite()
			<-gone
			return 0
		}
		conn.Write([]byte(line))
	}
}
