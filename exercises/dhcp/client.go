package main

import (
	"errors"
	"io"
	"time"
)

// A client borrows an address. main.go calls its methods one at a time, never
// two at once, so it needs no locks and no goroutines. It must not wait: what is
// to be done later is noted, and done when main.go calls advance.
//
// Add what you need: the state, the xid, the time, what is due next and when, the
// lease.
type client struct {
	card *card // card.ip is the client's address, while it has one
	out  io.Writer
}

// newClient makes a client that sends through card and prints to out. It begins
// when main.go calls advance for the first time, with 0.
func newClient(card *card, out io.Writer) *client {
	notYet("client.go: newClient is not written yet")
	return &client{card: card, out: out}
}

// advance lets d pass on the client's clock, which started at 0, and does what
// falls due meanwhile, in order of time.
func (c *client) advance(d time.Duration) error {
	return errors.New("client.go: advance is not written yet")
}

// receive takes a message that came for the client's port, in a frame that has
// the source from.
func (c *client) receive(from mac, m message) error {
	return errors.New("client.go: receive is not written yet")
}

// printState prints the state, and where the client has an address that and the
// seconds that are left: selecting, requesting, bound 10.0.0.7 3600s, ...
func (c *client) printState() error {
	return errors.New("client.go: printState is not written yet")
}

// renew renews before it is time, or begins again after a release.
func (c *client) renew() error {
	return errors.New("client.go: renew is not written yet")
}

// release gives the address back.
func (c *client) release() error {
	return errors.New("client.go: release is not written yet")
}
