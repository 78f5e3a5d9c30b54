package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
)

// A tcp is all that the host has of TCP: its connections. main.go calls its methods
// one at a time, never two at once, so it needs no locks and no goroutines. An error
// that a method returns is reported to whoever types; it must have changed nothing.
//
// Add what you need: the connections and how many were made. Of a connection: its
// state, its number, its two ends; SND.UNA, SND.NXT, SND.WND and the text that waits;
// RCV.NXT and the line that is not complete; its timers.
type tcp struct {
	network *network // t.network.send sends a segment to a neighbour
	clock   *clock   // t.clock.after has something done later
	config  config
	out     io.Writer
}

func newTCP(network *network, clock *clock, c config, out io.Writer) *tcp {
	notYet("newTCP")
	return &tcp{network: network, clock: clock, config: c, out: out}
}

// receive takes a segment that a neighbour has sent to this host.
//
// Begin with a segment for nobody. The answer goes to from, its srcPort is
// s.dstPort, its dstPort is s.srcPort: t.network.send(from, answer).
func (t *tcp) receive(from netip.Addr, s segment) {
	notYet("receive")
}

// listen makes a connection in LISTEN at a port.
func (t *tcp) listen(port uint16) error {
	return errors.New("tcp.go: listen is not written yet")
}

// connect makes a connection in SYN-SENT to a neighbour's port. If local is anyPort,
// it chooses one from 1024 up that no connection has.
func (t *tcp) connect(to netip.Addr, port, local uint16) error {
	return errors.New("tcp.go: connect is not written yet")
}

// send puts text, which ends with an LF, into the stream of a connection.
func (t *tcp) send(id int, text string) error {
	return errors.New("tcp.go: send is not written yet")
}

// close says that no more text follows on a connection.
func (t *tcp) close(id int) error {
	return errors.New("tcp.go: close is not written yet")
}

// abort ends a connection at once.
func (t *tcp) abort(id int) error {
	return errors.New("tcp.go: abort is not written yet")
}

// notYet ends the program where something is missing.
func notYet(what string) {
	fmt.Fprintf(os.Stderr, "tcp.go: %s is not written yet\n", what)
	os.Exit(1)
}
