package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A server lends the addresses of a pool. main.go calls its methods one at a
// time, never two at once, so it needs no locks and no goroutines.
//
// Add what you need: the time, and a record for each address that was offered or
// lent: whose it is, in which state, and when that ends.
type server struct {
	serverConfig // ip, first and last of the pool, router, dns, lease
	card         *card
	out          io.Writer
}

// newServer makes a server that sends through card and prints to out.
func newServer(config serverConfig, card *card, out io.Writer) *server {
	notYet("server.go: newServer is not written yet")
	return &server{serverConfig: config, card: card, out: out}
}

// advance lets d pass on the server's clock, which started at 0.
func (s *server) advance(d time.Duration) error {
	return errors.New("server.go: advance is not written yet")
}

// receive takes a message that came for the server's port, in a frame that has
// the source from. parseOptions reads m.options; s.card.send sends an answer.
func (s *server) receive(from mac, m message) error {
	return errors.New("server.go: receive is not written yet")
}

// printLeases prints the records that have not ended, a line each: the address,
// the MAC, offered, leased or declined, the seconds that are left, rounded up, as
// 3600s; two spaces between. They are in numeric order of the addresses.
func (s *server) printLeases() error {
	return errors.New("server.go: printLeases is not written yet")
}

// notYet ends the program where something is missing.
func notYet(what string) {
	fmt.Fprintln(os.Stderr, what)
	os.Exit(1)
}
