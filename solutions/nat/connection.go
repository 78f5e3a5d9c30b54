package main

import "time"

// A connection is what the router has seen of a TCP connection: which flags have
// passed in each direction since it began.
type connection struct {
	syn, fin [2]bool // by direction
	reset    bool
	until    time.Duration
}

// The flags of a TCP segment (RFC 9293 §3.1), in byte 13 of its header.
const (
	flagsAt = 13
	fin     = 0x01
	syn     = 0x02
	rst     = 0x04
	ack     = 0x10
)

// begins tells whether a segment asks for a connection.
func begins(p packet) bool { return p.data[flagsAt]&(syn|ack) == syn }

func (c *connection) isOver() bool {
	return c.reset || c.fin[fromInside] && c.fin[fromOutside]
}

func (c *connection) isEstablished() bool {
	return !c.isOver() && c.syn[fromInside] && c.syn[fromOutside]
}

// passedSegment notes a segment of a connection. One that begins from inside is a
// new one; segments of none change nothing.
func (m *mapping) passedSegment(now time.Duration, from direction, other end, p packet) {
	c := m.connections[other]
	if from == fromInside && begins(p) && (c == nil || c.isOver()) {
		c = &connection{}
		m.connections[other] = c
	}
	if c == nil {
		return
	}
	flags := p.data[flagsAt]
	c.syn[from] = c.syn[from] || flags&syn != 0
	c.fin[from] = c.fin[from] || flags&fin != 0
	c.reset = c.reset || flags&rst != 0
	c.until = now + transitoryLife
	if c.isEstablished() {
		c.until = now + establishedLife
	}
}
