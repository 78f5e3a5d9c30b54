package main

import "slices"

// All times are milliseconds.
const (
	second   = 1000
	msl      = 5 * second
	maxPause = 64 * second
	maxTries = 8 // when the timer is due for the last of them, the connection is given up
)

// How far behind RCV.NXT a segment lies in each host's window, and from where on in none.
const (
	nearest = 2800
	far     = 1 << 16
)

// A segment is one of a peer's.
type segment struct {
	peer                  *peer
	sport, dport          int
	seq, ack              uint32
	syn, fin, rst, hasAck bool
	win, size             int
}

func (s segment) len() int { return s.size + number(s.syn) + number(s.fin) }

func number(is bool) int {
	if is {
		return 1
	}
	return 0
}

// A host is what is known of the host by now: its connections.
type host struct {
	iss         uint32
	now         int
	count       int
	connections []*connection // that are not CLOSED
}

// A connection is what each correct host knows of it, and what only some do.
type connection struct {
	host    *host
	id      int
	state   string
	passive bool
	local   int
	peer    *peer
	remote  int

	una, nxt uint32
	flight   []uint32 // where each segment ends that is not acknowledged
	whole    bool     // the oldest of them is; what is sent again of half a one is free
	window   int
	windowAt uint32 // no segment that may have told the window begins later
	waiting  int    // octets that have not left
	equal    int    // segments that acknowledged up to una: after three text may be sent again

	first  uint32 // of the peer's text
	rcvNxt uint32
	ended  bool    // the peer's FIN has come
	finAt  *uint32 // the peer's FIN has been sent, in its turn or not
	gaps   []gap

	due, pause, tries int  // of the timer; due is 0 where it stands still
	probeDue          int  // 0 where there is nothing to probe for
	probed            bool // whether SND.NXT counts the probe is free
	end               int  // of TIME-WAIT, or 0
}

// A gap is what may be kept: it came before what stands before it.
type gap struct{ from, to uint32 }

func (c *connection) is(states ...string) bool { return slices.Contains(states, c.state) }

// after is how far a number lies behind another: less than 0 where it lies before.
func after(a, b uint32) int { return int(int32(a - b)) }

func (h *host) add(c *connection) *connection {
	h.count++
	c.host, c.id = h, h.count
	h.connections = append(h.connections, c)
	return c
}

func (h *host) find(p *peer, remote, local int) *connection {
	for _, c := range h.connections {
		if c.state != "LISTEN" && c.peer == p && c.remote == remote && c.local == local {
			return c
		}
	}
	return nil
}

func (h *host) listener(port int) *connection {
	for _, c := range h.connections {
		if c.state == "LISTEN" && c.local == port {
			return c
		}
	}
	return nil
}

// begin is the SYN that leaves.
func (c *connection) begin(state string) {
	c.state = state
	c.una, c.nxt = c.host.iss, c.host.iss
	c.leaves(1)
}

// leaves notes a segment that takes up numbers.
func (c *connection) leaves(size int) {
	if len(c.flight) == 0 {
		c.whole = true
		c.startTimer()
	}
	c.nxt += uint32(size)
	c.flight = append(c.flight, c.nxt)
}

func (c *connection) startTimer() { c.due, c.pause, c.tries = c.host.now+second, second, 0 }

// close is what is typed, where it is fixed what that does.
func (c *connection) close() bool {
	switch c.state {
	case "LISTEN", "SYN-SENT":
		c.die()
	case "SYN-RECEIVED":
		return false
	case "ESTABLISHED":
		return c.finLeaves("FIN-WAIT-1")
	case "CLOSE-WAIT":
		return c.finLeaves("LAST-ACK")
	}
	return true
}

func (c *connection) finLeaves(state string) bool {
	if c.waiting > 0 || c.room() < 1 || c.isDue() {
		return false
	}
	c.leaves(1)
	c.state = state
	return true
}

// abort is false where what it does is free, as close and send are.
func (c *connection) abort() bool {
	if c.halfLine() || c.probed || c.nxt == 0 { // from 0 it would look like R2
		return false
	}
	c.die()
	return true
}

// send is a TEXT with its LF.
func (c *connection) send(size int) bool {
	switch c.state {
	case "SYN-SENT", "SYN-RECEIVED":
		if c.waiting > 0 {
			return false
		}
		c.waiting = size
	case "ESTABLISHED", "CLOSE-WAIT":
		switch {
		case c.waiting > 0 || c.isDue():
			return false
		case c.window == 0 && len(c.flight) == 0 && size == 1: // so the probe is all of it
			c.waiting = size
			c.probeDue, c.pause = c.host.now+second, second
		case size > c.room():
			return false
		default:
			c.leaves(size)
		}
	}
	return true
}

// margin is how long before a timer is due it is at the latest that its text is acknowledged.
const margin = 100

// isDue tells whether something is about to be sent again, so that nothing more should leave.
func (c *connection) isDue() bool { return len(c.flight) > 0 && c.due-c.host.now <= margin }

func (c *connection) room() int { return c.window - after(c.nxt, c.una) }

// halfLine tells whether text waits for its LF: what becomes of it but by a FIN is free.
func (c *connection) halfLine() bool {
	return !c.ended && c.is("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2") && c.rcvNxt != c.first && octet(c.rcvNxt-1) != '\n'
}

// isBlocked tells whether it is free what the timer does when it is due. Text of more than
// an octet may be sent again in parts.
func (c *connection) isBlocked() bool {
	if len(c.flight) == 0 {
		return false
	}
	return len(c.flight) > 1 || !c.whole || after(c.flight[0], c.una) > 1 || c.tries+1 == maxTries && c.halfLine()
}

func (c *connection) die() {
	c.state = "CLOSED"
	c.host.connections = slices.DeleteFunc(c.host.connections, func(o *connection) bool { return o == c })
}

// pass lets time pass.
func (h *host) pass(d int) {
	h.now += d
	for _, c := range slices.Clone(h.connections) {
		for c.due != 0 && c.due <= h.now && c.state != "CLOSED" {
			c.tries++
			c.pause = min(2*c.pause, maxPause)
			c.due += c.pause
			if c.tries == maxTries {
				c.die()
			}
		}
		for c.probeDue != 0 && c.probeDue <= h.now {
			c.probed = true
			c.pause = min(2*c.pause, maxPause)
			c.probeDue += c.pause
		}
		if c.end != 0 && c.end <= h.now {
			c.die()
		}
	}
}

// times are all at which something is due.
func (h *host) times() (times []int) {
	for _, c := range h.connections {
		for _, t := range []int{c.due, c.end, c.probeDue} {
			if t != 0 {
				times = append(times, t)
			}
		}
	}
	return times
}

// blocked is the connection whose timer must not be due, the next of them, or nil.
func (h *host) blocked() (next *connection) {
	for _, c := range h.connections {
		if c.isBlocked() && (next == nil || c.due < next.due) {
			next = c
		}
	}
	return next
}
