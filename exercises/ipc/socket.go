package main

import (
	"errors"
	"io"
	"net"
	"os"
)

// nobodyListens and peerUID are given; these lines go when you call them.
var (
	_ = nobodyListens
	_ = peerUID
)

// listen makes a Unix socket at path with the mode 0600 and listens there. A socket
// whose server has ended is in the way and is removed first; where a server lives, or
// something else stands at path, listen leaves it and returns an error.
//
// To find that out and to make the socket are two steps. Of several servers that start
// at once one must succeed: hold the lock of PATH.lock meanwhile (lockFile), and give
// it back.
func listen(path string) (*net.UnixListener, error) {
	return nil, errors.New("socket.go: listen is not written yet")
}

// serve answers each line of each client by
//
//	uid=N TEXT
//
// in which N is who the client is, as the kernel says (peerUID). It serves all clients
// at once and, whatever one of them does, goes on with the others.
//
// When a signal comes from stop, serve removes the socket from the file system and
// returns nil.
func serve(listener *net.UnixListener, stop <-chan os.Signal) error {
	return errors.New("socket.go: serve is not written yet")
}

// talk sends each line of keyboard to the server and prints what comes from there to
// screen, both at any time.
//
// A line q or Q, which is not sent, and the end of keyboard end it: talk says to the
// server that nothing more comes (conn.CloseWrite), prints what still comes until the
// server has closed, and returns nil. Where the server ends first, talk returns an
// error at once.
func talk(conn *net.UnixConn, keyboard io.Reader, screen io.Writer) error {
	return errors.New("socket.go: talk is not written yet")
}
