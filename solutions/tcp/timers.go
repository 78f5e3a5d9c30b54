package main

import "time"

const (
	firstPause = time.Second // RFC 6298 §2.1
	maxPause   = 64 * time.Second
	maxTries   = 8 // when the timer is due for the last of them, the connection is given up
)

// A backoff does something again and again, after pauses that double.
type backoff struct {
	timer *timer // nil: it stands still
	pause time.Duration
	times int // that it was due
}

// start begins with the first pause, unless it runs.
func (b *backoff) start(c *clock, do func()) {
	if b.timer == nil {
		b.pause, b.times = firstPause, 0
		b.arm(c, do)
	}
}

func (b *backoff) arm(c *clock, do func()) {
	b.timer = c.after(b.pause, func() {
		b.times++
		b.pause = min(2*b.pause, maxPause)
		b.arm(c, do)
		do()
	})
}

func (b *backoff) stop() {
	b.timer.stop()
	b.timer = nil
}

// sendAgain sends what is oldest of what is not acknowledged, or gives up.
func (c *connection) sendAgain() {
	switch {
	case c.again.times == maxTries:
		c.die("timeout")
	case c.isOneOf(synSent, synReceived):
		c.transmit(segment{seq: c.iss, flags: syn, mss: ownMSS})
	case len(c.waiting) > 0:
		size := min(c.mss, len(c.waiting), int(c.nxt-c.una))
		c.transmit(segment{seq: c.una, text: c.waiting[:size]})
	default:
		c.transmit(segment{seq: c.una, flags: fin})
	}
}

// considerProbes asks the peer again and again while text waits, he takes none, and
// nothing is under way: the segment that would open his window may have been lost.
func (c *connection) considerProbes() {
	if before(c.nxt, c.endOfText()) && c.window == 0 && c.nxt == c.una {
		c.probe.start(c.tcp.clock, c.sendProbe)
	} else {
		c.probe.stop()
	}
}

// sendProbe sends one octet that the peer may take or not. It does not count as
// sent until he has taken it.
func (c *connection) sendProbe() {
	c.transmit(segment{seq: c.nxt, text: c.waiting[:1]})
	c.max = c.nxt + 1
}

// finish waits until no segment of the connection can be under way any more.
func (c *connection) finish() {
	c.stopTimers()
	c.enter(timeWait)
	c.waitOut()
}

// waitOut begins the waiting of TIME-WAIT, also if it had begun.
func (c *connection) waitOut() {
	const longest = time.Duration(1<<62 - 1) // of which twice can be counted
	c.end.stop()
	c.end = c.tcp.clock.after(2*min(c.tcp.config.msl, longest), func() { c.die("") })
}

func (c *connection) stopTimers() {
	c.again.stop()
	c.probe.stop()
	c.end.stop()
}
