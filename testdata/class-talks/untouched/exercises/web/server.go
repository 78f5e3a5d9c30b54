package main

import (
	"context"
	"errors"
	"net"
)

// serve accepts connections on listener and answers their requests with the files of
// the folder dir, until ctx ends; then it returns nil.
//
// A connection brings any number of requests, in any pieces. Each is answered, in
// order, as soon as it is complete. A client that is slow, or vanishes, or sends
// nonsense, delays and ends nothing but its own connection.
func serve(ctx context.Context, listener net.Listener, dir string) error {
	return errors.New("server.go: serve is not written yet")
}
