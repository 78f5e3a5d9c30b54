package main

const (
	ownWindow  = 65535 // what has come is taken at once, so there is always room
	ownMSS     = 1460  // a frame's 1,500 bytes without the headers of IPv4 and TCP
	defaultMSS = 536   // of a peer who does not say (RFC 9293 §3.7.1)
)

// transmit sends a segment. But for our first SYN all acknowledge what has come.
func (c *connection) transmit(s segment) {
	s.srcPort, s.dstPort = c.local, c.remote.Port()
	if c.state != synSent {
		s.flags |= ack
		s.ack = c.rcvNxt
		c.owes = false
	}
	s.window = ownWindow
	c.tcp.network.send(c.remote.Addr(), s)
}

// acknowledge tells the peer which number is expected next.
func (c *connection) acknowledge() { c.transmit(segment{seq: c.nxt}) }

// sendSYN sends our SYN for the first time, or in answer to the peer's once more.
func (c *connection) sendSYN() {
	c.transmit(segment{seq: c.iss, flags: syn, mss: ownMSS})
	c.left(c.iss + 1)
}

// left notes that numbers up to next have left.
func (c *connection) left(next uint32) {
	c.nxt = next
	if before(c.max, next) {
		c.max = next
	}
	c.again.start(c.tcp.clock, c.sendAgain)
}

// endOfText is the number behind the text, which is our FIN's.
func (c *connection) endOfText() uint32 { return c.first + uint32(len(c.waiting)) }

// push sends what waits and has room, and the FIN if its turn has come.
func (c *connection) push() {
	if !c.isOneOf(established, finWait1, closeWait, closing, lastAck) {
		return
	}
	for before(c.nxt, c.endOfText()) {
		room := int(int32(c.una + c.window - c.nxt))
		size := min(room, c.mss, int(c.endOfText()-c.nxt))
		if size <= 0 {
			break
		}
		c.sendText(size)
	}
	if c.ending && c.nxt == c.endOfText() {
		c.transmit(segment{seq: c.nxt, flags: fin})
		c.left(c.nxt + 1)
	}
	c.considerProbes()
}

func (c *connection) sendText(size int) {
	from := int(c.nxt - c.first)
	c.transmit(segment{seq: c.nxt, text: c.waiting[from : from+size]})
	c.left(c.nxt + uint32(size))
}

// acknowledged notes that the peer has all numbers before this one. The timer is for
// what he does not have.
func (c *connection) acknowledged(number uint32) {
	c.una = number
	if before(c.nxt, number) {
		c.nxt = number // he has taken a probe
	}
	if before(c.first, number) {
		taken := min(int(number-c.first), len(c.waiting))
		c.waiting, c.first = c.waiting[taken:], c.first+uint32(taken)
	}
	c.again.stop()
	if c.una != c.nxt {
		c.again.start(c.tcp.clock, c.sendAgain)
	}
}
