package main

import (
	"errors"
	"net"
)

// serve accepts connections for ever and serves all of them at the same time;
// it returns only when the listener is broken. What one client does, and how
// it leaves, is the end of its connection at most, never of the server.
//
// On each connection: send the greeting, then read a name and a password and
// answer, until an answer was OK or set.attempts were FAIL; after an OK, obey
// commands. You will want functions for these, one that reads a line without
// storing more of it than can be right, and one that tells whether a password
// is a user's.
func serve(listener net.Listener, set settings) error {
	return errors.New("server.go: serve is not written yet")
}
