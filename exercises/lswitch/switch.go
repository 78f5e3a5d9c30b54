package main

import (
	"errors"
	"io"
	"time"
)

// An lswitch is a learning switch. main.go calls its methods one at a time,
// never two at once, so it needs no locks and no goroutines. An error that a
// method returns ends the program: return those of writing to out.
//
// Add the fields you need: the table, the time.
type lswitch struct {
	ports []*port
	age   time.Duration
	max   int
	out   io.Writer
}

// newSwitch makes a switch with these ports, whose table has room for max
// entries, and that forgets a station age after it was heard last. It prints to
// out.
func newSwitch(ports []*port, age time.Duration, max int, out io.Writer) *lswitch {
	return &lswitch{ports: ports, age: age, max: max, out: out}
}

// receive takes a frame that came in by a port. It has 14 bytes at least: the
// destination's MAC, the source's MAC and the type. out.send(frame) sends one
// out of a port; in == out asks whether two are the same port.
//
// Begin with a hub: send each frame out of all other ports. Then learn where
// the stations are. VLANs and tags come last; port.go says how a port knows its
// VLANs.
func (s *lswitch) receive(in *port, frame []byte) error {
	return errors.New("switch.go: receive is not written yet")
}

// printMACs prints a line for each live entry of the table: the VLAN, the MAC,
// the port's name, two spaces between; in numeric order of VLAN and then of MAC.
func (s *lswitch) printMACs() error {
	return errors.New("switch.go: printMACs is not written yet")
}

// advance lets d pass on the switch's clock, which started at 0. main.go calls
// it with 0 at the start.
func (s *lswitch) advance(d time.Duration) error {
	return errors.New("switch.go: advance is not written yet")
}
