package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
)

func main() {}

func greet(conn net.Conn) {
	buf := make([]byte, 1024)
	conn.Read(buf) // want `the number of bytes that conn.Read has read is dropped`
	fmt.Println(string(buf))
}

func echo(conn *net.TCPConn) error {
	buf := make([]byte, 1024)
	for {
		_, err := conn.Read(buf) // want `keep the number, n, and use buf\[:n\]`
		if err != nil {
			return err
		}
		conn.Write(buf)
	}
}

func array(r io.Reader) string {
	var buf [64]byte
	if _, err := r.Read(buf[:]); err != nil { // want `is dropped`
		return ""
	}
	return string(buf[:])
}

func datagrams(conn *net.UDPConn) {
	buf := make([]byte, 2048)
	for {
		_, addr, err := conn.ReadFromUDP(buf) // want `the number of bytes that conn.ReadFromUDP has read is dropped`
		if err != nil {
			return
		}
		fmt.Println(addr, string(buf))
	}
}

func well(conn net.Conn) (string, error) {
	buf := make([]byte, 1024)
	n, err := conn.Read(buf)
	return string(buf[:n]), err
}

// To wait for the end is to read what nobody looks at.
func drain(conn net.Conn) {
	buf := make([]byte, 1024)
	for {
		if _, err := conn.Read(buf); err != nil {
			return
		}
	}
}

// One byte is there, or there is an error.
func one(conn net.Conn) (byte, error) {
	var b [1]byte
	_, err := conn.Read(b[:])
	return b[0], err
}

func key(r *os.File) string {
	one := make([]byte, 1)
	if _, err := r.Read(one); err != nil {
		return ""
	}
	return string(one)
}

// It fills the buffer, or fails.
func full(conn net.Conn) (string, error) {
	buf := make([]byte, 4)
	_, err := io.ReadFull(conn, buf)
	return string(buf), err
}

func salt() []byte {
	b := make([]byte, 16)
	rand.Read(b)
	rand.Reader.Read(b)
	return b
}

// The first reading counts, the second waits for the end.
func once(conn net.Conn) string {
	buf := make([]byte, 100)
	n, _ := conn.Read(buf)
	text := string(buf[:n])
	for {
		if _, err := conn.Read(buf); err != nil {
			return text
		}
	}
}
