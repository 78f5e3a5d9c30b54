package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
)

// The states of a connection (RFC 9293 §3.3.2), as they are printed.
type state string

const (
	listen      state = "LISTEN"
	synSent     state = "SYN-SENT"
	synReceived state = "SYN-RECEIVED"
	established state = "ESTABLISHED"
	finWait1    state = "FIN-WAIT-1"
	finWait2    state = "FIN-WAIT-2"
	closeWait   state = "CLOSE-WAIT"
	closing     state = "CLOSING"
	lastAck     state = "LAST-ACK"
	timeWait    state = "TIME-WAIT"
	closed      state = "CLOSED"
)

// A connection is one end of a stream each way, or waits to become one.
type connection struct {
	tcp     *tcp
	id      int
	state   state
	passive bool // it began with listen
	local   uint16
	remote  netip.AddrPort

	// What we send.
	iss     uint32
	una     uint32 // the oldest number that is not acknowledged
	nxt     uint32 // the number that leaves next
	max     uint32 // no number from here on has ever left: a probe leaves beyond nxt
	window  uint32 // so many numbers from una on may leave
	wl1     uint32 // sequence number of the segment that the window is from
	wl2     uint32 // and its acknowledgment number
	mss     int    // the largest text of a segment
	waiting []byte // text that is not acknowledged
	first   uint32 // the number of its first octet
	ending  bool   // close was typed: a FIN follows the text

	// What we receive.
	rcvNxt uint32
	early  []segment // came before what stands before them
	line   []byte    // text whose LF has not come
	owes   bool      // an acknowledgment

	again backoff // the timer for what has left and is not acknowledged
	probe backoff // of a window of 0
	end   *timer  // of TIME-WAIT
}

// isOneOf tells whether the connection is in one of these states.
func (c *connection) isOneOf(states ...state) bool { return slices.Contains(states, c.state) }

// enter changes the state and says so.
func (c *connection) enter(s state) {
	c.state = s
	fmt.Fprintf(c.tcp.out, "%d %s\n", c.id, s)
}

// die ends the connection. The reason, if there is one, stands behind the state.
func (c *connection) die(reason string) {
	c.stopTimers()
	c.state = closed
	c.tcp.connections = slices.DeleteFunc(c.tcp.connections, func(o *connection) bool { return o == c })
	if reason != "" {
		reason = " " + reason
	}
	fmt.Fprintf(c.tcp.out, "%d %s%s\n", c.id, closed, reason)
}

// begin gives the connection its first number. The SYN has it.
func (c *connection) begin() {
	c.iss = c.tcp.chooseISS()
	c.una, c.nxt, c.max = c.iss, c.iss, c.iss
	c.first = c.iss + 1
	c.mss = defaultMSS
}

// listenAgain forgets a caller who has gone before the connection was there.
func (c *connection) listenAgain() {
	c.stopTimers()
	*c = connection{tcp: c.tcp, id: c.id, local: c.local, passive: true}
	c.enter(listen)
}

// write takes text to be sent.
func (c *connection) write(text []byte) error {
	if c.ending || !c.isOneOf(synSent, synReceived, established, closeWait) {
		return fmt.Errorf("nothing can be sent in %s", c.state)
	}
	c.waiting = append(c.waiting, text...)
	c.push()
	return nil
}

// close ends the stream that we send, behind all text that waits.
func (c *connection) close() error {
	switch {
	case c.isOneOf(listen, synSent):
		c.die("")
		return nil
	case c.ending || !c.isOneOf(synReceived, established, closeWait):
		return errors.New("the connection is closed already")
	}
	c.ending = true
	c.leave()
	c.push()
	return nil
}

// leave changes the state as close does. In SYN-RECEIVED that has time until the
// connection is there.
func (c *connection) leave() {
	switch c.state {
	case established:
		c.enter(finWait1)
	case closeWait:
		c.enter(lastAck)
	}
}

// abort ends the connection, and tells the peer where he may think that it lives.
func (c *connection) abort() {
	if c.isOneOf(synReceived, established, finWait1, finWait2, closeWait) {
		c.transmit(segment{seq: c.nxt, flags: rst | ack})
	}
	c.die("")
}

// print prints the lines of the text received that are complete.
func (c *connection) print(text []byte) {
	c.line = append(c.line, text...)
	for {
		line, rest, whole := bytes.Cut(c.line, []byte("\n"))
		if !whole {
			return
		}
		c.printLine(bytes.TrimSuffix(line, []byte("\r")))
		c.line = rest
	}
}

// printRest prints what stands before the peer's FIN without LF.
func (c *connection) printRest() {
	if len(c.line) > 0 {
		c.printLine(c.line)
		c.line = nil
	}
}

func (c *connection) printLine(line []byte) {
	fmt.Fprintf(c.tcp.out, "%d: %s\n", c.id, line)
}
