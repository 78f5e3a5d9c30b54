package main

import (
	"errors"
	"io"
	"net"
)

// talk sends each line that comes from typed to the server, as the datagram
// "NAME : LINE", and prints each datagram that arrives at conn as a line
// without control characters.
//
// It ends when the server sends q. The line q (or Q) is sent as the bare
// datagram q; after it, or when typed is closed, talk prints what still comes
// within a second and ends.
func talk(conn *net.UDPConn, name string, typed <-chan string, out io.Writer) error {
	return errors.New("client.go: talk is not written yet")
}
