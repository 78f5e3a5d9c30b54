package main

import (
	"context"
	"errors"
	"io"
	"net"
)

// serve is the server. It accepts clients on listener, many at a time, and runs for
// each of them one command after the other, as its lines say. It answers every line
// with
//
//	STATUS LENGTH
//
// and then exactly LENGTH bytes: all that the command printed. What a command may be,
// and what STATUS is, stands in the README.
//
// startGroup, in group_unix.go and group_windows.go, starts a command so that it can
// be killed with all that it has started.
//
// When ctx ends, serve kills what runs, and returns nil. Whatever one client does, the
// others are served.
func serve(ctx context.Context, listener *net.TCPListener, s shop) error {
	return errors.New("remotecmd.go: serve is not written yet")
}

// talk is the client. It sends each line of keyboard to the server, and prints to
// screen what comes in the answers, as it comes. Where a status is not 0, it prints a
// line with "status STATUS" to notices.
//
// A line q or Q of keyboard, and its end, are sent as the line q. When all that was
// sent is answered then, talk returns nil. It returns an error that says why where
// the connection ends before, or where what comes is no answer.
func talk(conn *net.TCPConn, keyboard io.Reader, screen, notices io.Writer) error {
	return errors.New("remotecmd.go: talk is not written yet")
}
