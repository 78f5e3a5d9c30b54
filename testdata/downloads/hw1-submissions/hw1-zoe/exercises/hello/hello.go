package main

import (
	"fmt"
	"io"
	"net"
	"os"
)

// serve answers the clients of listener one after the other. Those who come
// meanwhile wait in the listener's queue: the system completes their handshake
// and keeps what they send until we accept them.
func serve(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		// Whatever happened to this client, the next one is served.
		if err := answer(conn); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", conn.RemoteAddr(), err)
		}
	}
}

// answer prints a client's message and answers it. Nothing on the wire says
// where a message ends, so what one Read returns has to do for it.
func answer(conn net.Conn) error {
	defer conn.Close()

	buf := make([]byte, 1024)
	n, err := conn.Read(buf)
	if n == 0 {
		return err // io.EOF where the client closed without a word
	}
	if _, err := fmt.Printf("%s\n", buf[:n]); err != nil {
		return err
	}
	_, err = conn.Write([]byte("hello world"))
	return err
}

// ask sends text to the server at addr and prints what it answers, and an LF.
// The answer has an end, unlike the message: it is the end of the connection,
// so io.Copy reads as often as it must.
func ask(addr, text string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()

	if _, err := conn.Write([]byte(text)); err != nil {
		return err
	}
	buf := make([]byte, 1024)
	n, err := conn.Read(buf)
	if err != nil && err != io.EOF {
		return err
	}
	_, err = fmt.Printf("%s\n", buf[:n])
	return err
}
