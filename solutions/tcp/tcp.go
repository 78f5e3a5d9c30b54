package main

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
)

// A tcp is all that the host has of TCP: its connections. Its methods are called
// one at a time. The errors are those of whoever types; they have changed nothing.
type tcp struct {
	network *network
	clock   *clock
	config  config
	out     io.Writer

	connections []*connection // that are not CLOSED, in the order of their numbers
	count       int           // connections that were ever made
	lastPort    uint16        // that was chosen for a connect
}

func newTCP(network *network, clock *clock, c config, out io.Writer) *tcp {
	return &tcp{network: network, clock: clock, config: c, out: out, lastPort: firstPort}
}

// listen makes a connection that waits for whoever calls this port (passive OPEN).
func (t *tcp) listen(port uint16) error {
	t.add(&connection{local: port, passive: true}).enter(listen)
	return nil
}

// connect makes a connection that calls a neighbour (active OPEN).
func (t *tcp) connect(to netip.Addr, port, local uint16) error {
	remote := netip.AddrPortFrom(to, port)
	if local == anyPort {
		var err error
		if local, err = t.choosePort(); err != nil {
			return err
		}
	}
	if t.find(remote, local) != nil {
		return fmt.Errorf("there is a connection between %d and %v", local, remote)
	}
	c := t.add(&connection{local: local, remote: remote})
	c.begin()
	c.enter(synSent)
	c.sendSYN()
	return nil
}

// send puts text into the stream of a connection.
func (t *tcp) send(id int, text string) error {
	c, err := t.connection(id)
	if err != nil {
		return err
	}
	return c.write([]byte(text))
}

// close says that no more text follows.
func (t *tcp) close(id int) error {
	c, err := t.connection(id)
	if err != nil {
		return err
	}
	return c.close()
}

// abort ends a connection without regard for what is under way.
func (t *tcp) abort(id int) error {
	c, err := t.connection(id)
	if err != nil {
		return err
	}
	c.abort()
	return nil
}

// receive takes a segment from a neighbour. It belongs to the connection between
// the two, or to a listener, or to nobody.
func (t *tcp) receive(from netip.Addr, s segment) {
	remote := netip.AddrPortFrom(from, s.srcPort)
	if c := t.find(remote, s.dstPort); c != nil {
		c.receive(s)
	} else if c := t.listener(s.dstPort); c != nil {
		c.receiveCall(remote, s)
	} else {
		t.refuse(remote, s)
	}
}

// refuse answers a segment that has no business here with a RST, unless it is one
// itself. The RST is made such that its receiver believes it.
func (t *tcp) refuse(remote netip.AddrPort, s segment) {
	answer := segment{srcPort: s.dstPort, dstPort: remote.Port()}
	switch {
	case s.has(rst):
		return
	case s.has(ack):
		answer.flags, answer.seq = rst, s.ack
	default:
		answer.flags, answer.ack = rst|ack, s.seq+s.len()
	}
	t.network.send(remote.Addr(), answer)
}

// add gives a connection the next number.
func (t *tcp) add(c *connection) *connection {
	t.count++
	c.tcp, c.id = t, t.count
	t.connections = append(t.connections, c)
	return c
}

// connection finds a connection by its number.
func (t *tcp) connection(id int) (*connection, error) {
	for _, c := range t.connections {
		if c.id == id {
			return c, nil
		}
	}
	return nil, fmt.Errorf("there is no connection %d", id)
}

// find finds the connection that has these two ends, or nil.
func (t *tcp) find(remote netip.AddrPort, local uint16) *connection {
	for _, c := range t.connections {
		if c.state != listen && c.remote == remote && c.local == local {
			return c
		}
	}
	return nil
}

// listener finds the first connection that waits at this port, or nil.
func (t *tcp) listener(port uint16) *connection {
	for _, c := range t.connections {
		if c.state == listen && c.local == port {
			return c
		}
	}
	return nil
}

// Ports are chosen from firstPort on (RFC 6335 §6: the dynamic ports).
const firstPort = 49152

// choosePort finds a port that no connection has. It goes round, so that a port is
// not used again soon.
func (t *tcp) choosePort() (uint16, error) {
	inUse := make(map[uint16]bool)
	for _, c := range t.connections {
		inUse[c.local] = true
	}
	for range 1<<16 - firstPort {
		if t.lastPort++; t.lastPort < firstPort {
			t.lastPort = firstPort
		}
		if !inUse[t.lastPort] {
			return t.lastPort, nil
		}
	}
	return 0, errors.New("all ports are in use")
}

// chooseISS is the number with which a connection begins. Who can foretell it can
// send segments in another's name, so it is chance (RFC 6528).
func (t *tcp) chooseISS() uint32 {
	if t.config.hasISS {
		return t.config.iss
	}
	var b [4]byte
	rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint32(b[:])
}
