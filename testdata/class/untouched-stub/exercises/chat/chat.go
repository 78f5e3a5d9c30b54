package main

import (
	"errors"
	"io"
	"net"
)

// serve is the server. It accepts the clients of listener one at a time, in the
// order in which they connected. To screen it prints
//
//	connected ADDR     when it begins to serve a client (conn.RemoteAddr())
//	ADDR: TEXT         for each line that this client sends
//	left ADDR          when the conversation with it has ended
//
// and each line of keyboard it sends to the client that it is serving; a line
// that comes while there is none waits for the next one. Lines may come from
// both sides at any time, so you will want a goroutine for each. The end of
// keyboard ends nothing.
//
// A line q or Q, from either side, is passed on like any other and ends the
// conversation; so does a client that closes.
//
// serve returns only where it cannot accept any more: whatever one client does,
// the next is served.
func serve(listener *net.TCPListener, keyboard io.Reader, screen io.Writer) error {
	return errors.New("chat.go: serve is not written yet")
}

// talk is the client. It sends each line of keyboard to the server and prints
// each line that comes from there to screen, as it is.
//
// After a line q or Q from keyboard, or at its end, talk sends nothing more and
// says so to the server (conn.CloseWrite), prints what still comes until the
// server has closed, and returns nil. It returns nil also after a line q or Q
// from the server. Where the server is gone before one of these, it returns an
// error that says so.
func talk(conn *net.TCPConn, keyboard io.Reader, screen io.Writer) error {
	return errors.New("chat.go: talk is not written yet")
}
