package main

import (
	"errors"
	"io"
	"net"
)

// serve prints each datagram that arrives at conn as one line: the colour of
// its name, the datagram without control characters, a space, ESC[0m. A
// datagram that is just q is printed as "left ADDR".
//
// Each line that comes from typed answers one datagram. The datagrams are
// answered in the order they came, and each answer goes to the sender of its
// datagram. The line q (or Q) is sent as q and ends the server. When typed is
// closed, serve goes on printing.
func serve(conn *net.UDPConn, typed <-chan string, out io.Writer) error {
	return errors.New("server.go: serve is not written yet")
}
