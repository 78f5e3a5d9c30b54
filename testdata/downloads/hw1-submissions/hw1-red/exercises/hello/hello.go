package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

var screen sync.Mutex

func serve(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go welcome(conn.(*net.TCPConn))
	}
}

func welcome(conn *net.TCPConn) {
	defer conn.Close()
	var message [1024]byte
	n, _ := conn.Read(message[:])
	if n > 0 {
		screen.Lock()
		os.Stdout.Write(message[:n])
		os.Stdout.WriteString("\n")
		screen.Unlock()
		fmt.Fprint(conn, "hello world")
	}
	conn.CloseWrite()
	conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	io.Copy(io.Discard, conn)
}

func ask(addr, text string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	fmt.Fprint(conn, text)
	conn.(*net.TCPConn).CloseWrite()
	answer, err := io.ReadAll(conn)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(answer)) == 0 {
		return errors.New("no answer")
	}
	fmt.Printf("%s\n", answer)
	return nil
}
