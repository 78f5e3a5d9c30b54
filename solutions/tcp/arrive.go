package main

import (
	"net/netip"
	"slices"
)

// receiveCall takes a segment for a connection in LISTEN. A SYN makes it the
// connection with its sender.
func (c *connection) receiveCall(remote netip.AddrPort, s segment) {
	switch {
	case s.has(rst):
	case s.has(ack):
		c.tcp.refuse(remote, s)
	case s.has(syn):
		c.remote = remote
		c.begin()
		c.meet(s)
		c.enter(synReceived)
		c.sendSYN()
	}
}

// meet notes what the peer's SYN says of the stream that he sends, and of what he
// takes.
func (c *connection) meet(s segment) {
	c.rcvNxt = s.seq + 1
	if s.mss != 0 {
		c.mss = min(int(s.mss), ownMSS)
	}
	c.takeWindow(s)
}

// receive takes a segment from the peer.
func (c *connection) receive(s segment) {
	c.owes = false
	if c.state == synSent {
		c.receiveAnswer(s)
	} else {
		c.receiveInSteps(s)
	}
	if c.state == closed || c.state == listen {
		return
	}
	c.push()
	if c.owes {
		c.acknowledge()
	}
}

// receiveAnswer takes a segment in SYN-SENT.
func (c *connection) receiveAnswer(s segment) {
	acknowledges := s.has(ack) && s.ack == c.iss+1
	switch {
	case s.has(rst):
		if acknowledges {
			c.die("refused")
		}
	case s.has(ack) && !acknowledges:
		c.tcp.refuse(c.remote, s) // it answers a SYN of an earlier life
	case s.has(syn) && acknowledges:
		c.meet(s)
		c.acknowledged(s.ack)
		c.enter(established)
		c.owes = true
	case s.has(syn):
		c.meet(s)
		c.enter(synReceived) // both have called at once
		c.sendSYN()
	}
}

// receiveInSteps takes a segment in SYN-RECEIVED and later, in the steps of RFC
// 9293 §3.10.7.4.
func (c *connection) receiveInSteps(s segment) {
	switch {
	case !c.isInWindow(s): // 1. It is old, or far ahead.
		c.receiveOutside(s)
	case s.has(rst): // 2. Only who knows the next number may end the connection.
		c.receiveReset(s)
	case s.has(syn): // 3. No connection begins within another.
		c.acknowledge()
	case !s.has(ack):
	case !c.receiveAck(s): // 4.
	default:
		c.receiveText(s) // 5.
		if s.len() > 0 {
			c.owes = true // 6. What takes up numbers is acknowledged.
		}
	}
}

// isInWindow tells whether a part of the segment lies in the window that we have
// given the peer.
func (c *connection) isInWindow(s segment) bool {
	first, last := s.seq, s.seq
	if s.len() > 0 {
		last = s.seq + s.len() - 1
	}
	edge := c.rcvNxt + ownWindow
	return before(first, edge) && !before(last, c.rcvNxt)
}

// receiveOutside tells the peer where we are. In TIME-WAIT his FIN comes again if
// our last acknowledgment was lost.
func (c *connection) receiveOutside(s segment) {
	if s.has(rst) {
		return
	}
	if c.state == timeWait && s.has(fin) && s.seq+s.len() == c.rcvNxt {
		c.waitOut()
	}
	c.acknowledge()
}

// receiveReset ends the connection if the RST has the number that is next. One that
// is near may be a stranger's guess; the peer, if it is he, answers the
// acknowledgment with the right one (RFC 5961 §3).
func (c *connection) receiveReset(s segment) {
	switch {
	case s.seq != c.rcvNxt:
		c.acknowledge()
	case c.state != synReceived:
		c.die("reset")
	case c.passive:
		c.listenAgain()
	default:
		c.die("refused")
	}
}

// receiveAck does what the acknowledgment asks for; false means that the segment is
// dropped.
func (c *connection) receiveAck(s segment) bool {
	if c.state == synReceived {
		if s.ack != c.iss+1 {
			c.tcp.refuse(c.remote, s)
			return false
		}
		c.acknowledged(s.ack)
		c.takeWindow(s)
		c.enter(established)
		if c.ending {
			c.leave()
		}
		return true
	}
	if before(c.max, s.ack) {
		c.acknowledge() // of what has never left
		return false
	}
	if before(s.ack, c.una) {
		return true // it is late, and what it carries may be new
	}
	if before(c.wl1, s.seq) || c.wl1 == s.seq && !before(s.ack, c.wl2) {
		c.takeWindow(s)
	}
	if s.ack != c.una {
		c.acknowledged(s.ack)
		if c.ending && c.una == c.endOfText()+1 {
			c.finAcknowledged()
		}
	}
	return c.state != closed
}

// takeWindow notes how much the peer takes, and from which segment we know it.
func (c *connection) takeWindow(s segment) {
	c.window, c.wl1, c.wl2 = uint32(s.window), s.seq, s.ack
}

func (c *connection) finAcknowledged() {
	switch c.state {
	case finWait1:
		c.enter(finWait2)
	case closing:
		c.finish()
	case lastAck:
		c.die("")
	}
}

// maxEarly is how many segments are kept that came too early. Those beyond must
// come again.
const maxEarly = 256

// receiveText takes the text of a segment and its FIN if they are next, and what
// came early if that is then next.
func (c *connection) receiveText(s segment) {
	if !c.isOneOf(established, finWait1, finWait2) {
		return // nothing follows a FIN
	}
	if before(c.rcvNxt, s.seq) {
		if s.len() > 0 && len(c.early) < maxEarly {
			c.early = append(c.early, s)
		}
		return
	}
	c.take(s)
	for {
		i := slices.IndexFunc(c.early, func(e segment) bool { return !before(c.rcvNxt, e.seq) })
		if i < 0 || c.isOneOf(closeWait, closing, timeWait) {
			return
		}
		e := c.early[i]
		c.early = slices.Delete(c.early, i, i+1)
		c.take(e)
	}
}

// take takes what is new of a segment that begins at rcvNxt or before.
func (c *connection) take(s segment) {
	end := s.seq + s.len()
	if !before(c.rcvNxt, end) {
		return // all of it is old
	}
	if old := int(c.rcvNxt - s.seq); old < len(s.text) {
		c.print(s.text[old:])
	}
	c.rcvNxt = end
	if !s.has(fin) {
		return
	}
	c.printRest()
	c.early = nil
	switch c.state {
	case established:
		c.enter(closeWait)
	case finWait1:
		c.enter(closing)
	case finWait2:
		c.finish()
	}
}

// before tells whether a number comes before another. They go round, so this asks
// by which way it is nearer.
func before(a, b uint32) bool { return int32(a-b) < 0 }
