package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"
)

func main() {
	go server()
	time.Sleep(time.Second) // want `this sleep waits for the goroutine above`
	client()
}

func server() {}

func client() {
	conn, err := net.Dial("tcp", "localhost:1")
	if err != nil {
		return
	}
	conn.Write([]byte("hello"))
	time.Sleep(100 * time.Millisecond) // want `this sleep is to keep two messages apart`
	conn.Write([]byte("world"))
	time.Sleep(100 * time.Millisecond) // want `this sleep is to let the message arrive`
	conn.Close()
}

func all(conn *net.TCPConn, lines []string) error {
	for _, line := range lines {
		if _, err := io.WriteString(conn, line); err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond) // want `keep two messages apart`
	}
	return nil
}

var ready bool
var waiting atomic.Int32

func wait() {
	for !ready { // want `this loop sleeps until !ready changes`
		time.Sleep(time.Millisecond)
	}
	for waiting.Load() > 0 { // want `this loop sleeps until waiting.Load\(\) > 0 changes`
		time.Sleep(time.Millisecond)
	}
}

// To try again later is what a sleep is for.
func accept(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go io.Copy(conn, conn)
	}
}

func create(path string) (*os.File, error) {
	for {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil || !errors.Is(err, os.ErrExist) {
			return file, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func try(f func() bool) {
	for !f() {
		time.Sleep(time.Millisecond)
	}
}

// UDP keeps messages apart, and has nobody to tell that all has come.
func patient(conn *net.UDPConn) {
	conn.Write([]byte("q"))
	time.Sleep(time.Second)
	conn.Close()
}

// A clock ticks.
func clock() {
	for {
		fmt.Println(time.Now())
		time.Sleep(time.Second)
	}
}

// What is sent every so often is not kept apart.
func beat(conn *net.TCPConn, every time.Duration) {
	for {
		if _, err := conn.Write([]byte("alive\n")); err != nil {
			return
		}
		time.Sleep(5 * time.Second)
	}
}

func beatEvery(conn *net.TCPConn, every time.Duration) {
	for {
		if _, err := conn.Write([]byte("alive\n")); err != nil {
			return
		}
		time.Sleep(every)
	}
}

// Not too many at once.
func slowly(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go io.Copy(io.Discard, conn)
		time.Sleep(10 * time.Millisecond)
	}
}

// A bound on how long to wait for the other side's end.
func leave(conn *net.TCPConn) {
	fmt.Fprintln(conn, "q")
	conn.CloseWrite()
	time.Sleep(time.Second)
	os.Exit(0)
}
