package main

import (
	"errors"
	"net"
)

// A resolver finds out what names stand for.
type resolver struct {
	config
	clock *clock
}

// newResolver makes one. It reads the hosts file, if there is one.
func newResolver(c config, clock *clock) (*resolver, error) {
	r := &resolver{config: c, clock: clock}
	return r, errors.New("resolver.go: newResolver is not written yet")
}

// serve answers the questions that clients send, by UDP and by TCP, for ever.
func (r *resolver) serve(udp *net.UDPConn, tcp *net.TCPListener) error {
	return errors.New("resolver.go: serve is not written yet")
}
