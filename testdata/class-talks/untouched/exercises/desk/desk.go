package main

import (
	"errors"
	"io"
	"net"
)

// serve is the server. Each client of listener gets the greeting at once, and
// answer for each message. What one Read returns, with room for 1,024 bytes, is a
// message: there is no mark on the wire that would tell where one ends. All
// clients are served at the same time. To screen it prints
//
//	connected ADDR     when a client has connected (conn.RemoteAddr())
//	ADDR: MESSAGE      for each of its messages, the bytes as they came
//	left ADDR          when it has ended, or reset the connection
//
// each in one call of Write, so that what two clients say is not mixed.
//
// serve returns only where it cannot accept any more: whatever one client does,
// the others are served.
func serve(listener *net.TCPListener, screen io.Writer) error {
	return errors.New("desk.go: serve is not written yet")
}

// talk is the client. It waits for the greeting and prints it. Then it takes
// turns: it sends a line of typed, waits for the answer, prints it, and only then
// takes the next line. An empty line it leaves out. What one Read returns, with
// room for 1,024 bytes, is a greeting or an answer; behind it talk prints an LF.
//
// When typed is closed, talk says that it sends nothing more (conn.CloseWrite),
// prints what still comes until the server has closed, and returns nil. Where the
// server is gone before that, in place of a greeting or an answer, it returns an
// error that says so.
func talk(conn *net.TCPConn, typed <-chan []byte, screen io.Writer) error {
	return errors.New("desk.go: talk is not written yet")
}
