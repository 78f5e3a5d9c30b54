package conn

import "wirebook/harness/internal/drain"

// Settled reports whether everything that either end has done has reached the
// other: our bytes and our end the program's socket, the program's bytes and
// its end Pending. On a stalled Conn the program's bytes need only have stopped
// moving, and so do ours when they find no room at a program that does not read.
// Where the system cannot tell, Settled reports what is seen from our end.
func (c *Conn) Settled() bool { return c.facts().settled() }

// Delivered reports it of what the program has done alone.
func (c *Conn) Delivered() bool { return c.facts().theirsArrived() }

// facts are what is known of a connection at one moment.
type facts struct {
	// Our end.
	stalled bool // we do not read
	ended   bool // nothing more can come
	closed  bool // we want nothing more
	shut    bool // we send no more
	broken  bool // nothing more can be sent
	sending bool // the kernel has yet to take some of what we send, or our end

	// Between the ends.
	toThem bool // some of what the kernel took from us has not reached the program's socket
	moving bool // a part of that is on its way, and does not wait for room
	toUs   bool // some of what the program sent has not been received

	program drain.State // the program's end
	known   bool        // program is known
}

// facts looks at our end first: what comes after that can only make it seem
// that something is still on its way.
func (c *Conn) facts() facts {
	c.mu.Lock()
	f := facts{
		stalled: c.stalled,
		ended:   c.ended,
		closed:  c.closed,
		shut:    c.shut || c.closed,
		broken:  !c.closed && (c.endErr != nil || c.writeErr != nil),
		sending: !c.closed && (c.written < c.queued || c.shut && !c.sentAll),
	}
	sent, received := c.written, c.received
	c.mu.Unlock()

	program, err := c.Drain()
	f.program, f.known = program, err == nil
	if c.IsUnix() {
		f.betweenUnixSockets(c)
		return f
	}
	if f.known && (program.Exact || !program.Found) {
		f.toThem, f.toUs = program.Received < sent, received < program.Sent
	} else {
		// What cannot be counted is 0, and counts as arrived.
		outgoing, _ := drain.Outgoing(c.conn)
		unread, _ := drain.Unread(c.conn)
		f.toThem, f.toUs = outgoing > 0, unread > 0
	}
	if f.stalled && (f.toThem || f.sending) {
		ours, _ := drain.TCP(c.remote, c.local)
		room, _ := drain.Room(c.conn)
		f.toThem = true // of a write that goes on, the kernel may have taken a part
		f.moving = ours.Moving || f.sending && room
	}
	return f
}

func (f facts) settled() bool { return f.oursArrived() && f.theirsArrived() }

func (f facts) oursArrived() bool {
	switch {
	case f.program.Opening:
		return false // a program cannot accept the connection yet
	case f.broken || f.known && !f.program.Found:
		return true // there is nobody to reach
	case f.toThem:
		// A program that waits for us to read need not read.
		return f.stalled && f.program.Queue > 0 && !f.moving
	case f.sending:
		return false
	default:
		return !f.shut || !f.known || f.program.End
	}
}

func (f facts) theirsArrived() bool {
	switch {
	case f.ended || f.closed:
		return true
	case f.stalled:
		return !f.program.Moving // a program that waits for room may be about to get some
	case f.known && (!f.program.Found || f.program.Shut):
		return false // its end is on its way, or here and not yet read
	default:
		return !f.toUs
	}
}
