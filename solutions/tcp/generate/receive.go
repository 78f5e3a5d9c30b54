package main

// receive notes a segment. It is false, and notes nothing, where what it does is free.
func (h *host) receive(s segment) bool {
	c := h.find(s.peer, s.sport, s.dport)
	if c == nil {
		if c = h.listener(s.dport); c == nil {
			return true
		}
		return c.receiveCall(s)
	}
	switch {
	case c.state == "SYN-SENT":
		return c.receiveAnswer(s)
	case s.syn && c.is("SYN-RECEIVED", "TIME-WAIT"), s.rst && c.state == "TIME-WAIT":
		return false
	}
	from, to := after(s.seq, c.rcvNxt), after(s.seq, c.rcvNxt)+s.len()
	switch {
	case from >= far || to < 0 || to == 0 && s.len() > 0:
		return c.receiveOutside(s, to)
	case to > nearest:
		return false
	case c.probed && (from != 0 || to != 0 || s.syn || s.hasAck && after(s.ack, c.una) > 1):
		return false // it may be answered, from a number that is free
	case s.rst:
		return from != 0 || c.reset()
	case s.syn || !s.hasAck:
		return true
	case c.state == "SYN-RECEIVED":
		return c.receiveHandshake(s, from)
	case after(s.ack, c.nxt) > number(c.probed):
		return true
	case !c.allowsAck(s, from) || !c.allowsText(s, from, to):
		return false
	}
	c.takeAck(s)
	c.takeText(s, from, to)
	return true
}

// receiveCall is a segment to LISTEN.
func (c *connection) receiveCall(s segment) bool {
	switch {
	case s.syn && (s.rst || s.fin || s.size > 0):
		return false
	case s.rst || s.hasAck:
		return true
	case !s.syn:
		return false
	}
	c.peer, c.remote = s.peer, s.sport
	c.meet(s)
	c.begin("SYN-RECEIVED")
	return true
}

func (c *connection) meet(s segment) {
	c.first, c.rcvNxt, c.windowAt = s.seq+1, s.seq+1, s.seq
}

// receiveAnswer is a segment to SYN-SENT.
func (c *connection) receiveAnswer(s segment) bool {
	answers := s.hasAck && s.ack == c.nxt
	switch {
	case s.syn && (s.rst || s.fin || s.size > 0):
		return false
	case s.rst && answers:
		c.die()
	case s.rst || s.hasAck && !answers || !s.syn:
	case !s.hasAck:
		c.meet(s)
		c.state = "SYN-RECEIVED"
	case c.waiting > 0:
		return false // beside the text an A may leave
	default:
		c.meet(s)
		c.establish(s)
	}
	return true
}

func (c *connection) establish(s segment) {
	c.state = "ESTABLISHED"
	c.window = s.win
	c.acknowledged(s.ack)
	if c.waiting > 0 {
		c.leaves(c.waiting)
		c.waiting = 0
	}
}

// receiveHandshake is a segment in the window, with ACK, to SYN-RECEIVED.
func (c *connection) receiveHandshake(s segment, from int) bool {
	switch {
	case s.ack != c.nxt:
		return true
	case from != 0 || c.waiting > 0 && s.len() > 0 || c.waiting > s.win || !c.allowsFIN(s):
		return false
	}
	c.windowAt = s.seq
	c.establish(s)
	c.takeText(s, 0, s.len())
	return true
}

// receiveOutside is a segment outside the window. It changes something if it is the peer's FIN
// in TIME-WAIT.
func (c *connection) receiveOutside(s segment, to int) bool {
	switch {
	case s.rst:
	case c.probed:
		return false
	case c.state == "TIME-WAIT" && s.fin && to == 0:
		c.wait()
	}
	return true
}

// reset is a RST at RCV.NXT.
func (c *connection) reset() bool {
	switch {
	case c.halfLine():
		return false
	case c.state == "SYN-RECEIVED" && c.passive:
		*c = connection{host: c.host, id: c.id, state: "LISTEN", passive: true, local: c.local}
	default:
		c.die()
	}
	return true
}

// allowsAck tells whether it is fixed what the acknowledgment and the window do.
func (c *connection) allowsAck(s segment, from int) bool {
	news := after(s.ack, c.una)
	switch {
	case news < 0:
		return true // nothing
	case news == 0 && (c.nxt != c.una || c.probed) && c.equal >= 2:
		return false
	case from > 0 && news > 0, c.probed && news == 1 && s.win == 0:
		return false
	case s.win == c.window:
		return true
	}
	// Another window: when nothing is under way, and by a segment that has nothing else.
	return s.len() == 0 && from == 0 && after(s.seq, c.windowAt) >= 0 && after(s.ack, c.nxt) >= 0 && (s.win == 0 || s.win >= 100)
}

// allowsText tells whether it is fixed what the text and the FIN do.
func (c *connection) allowsText(s segment, from, to int) bool {
	switch {
	case s.len() == 0:
		return true
	case c.ended && to > 0 || !c.allowsFIN(s) || c.tries+1 == maxTries:
		return false
	case from > 0:
		return true
	}
	// What may be kept must not follow at once, unless all of it comes again.
	for _, g := range c.gaps {
		if to >= after(g.from, c.rcvNxt) && to < after(g.to, c.rcvNxt) {
			return false
		}
	}
	return true
}

// allowsFIN tells whether the peer's stream may end there. Whether a CR before the end is one before
// an LF is not said.
func (c *connection) allowsFIN(s segment) bool {
	end := s.seq + uint32(s.size)
	if c.finAt != nil {
		return after(end, *c.finAt) <= 0 && (!s.fin || end == *c.finAt)
	}
	if !s.fin {
		return true
	}
	for _, g := range c.gaps {
		if after(g.to, end) > 0 {
			return false
		}
	}
	return octet(end-1) != '\r'
}

func (c *connection) takeAck(s segment) {
	news := after(s.ack, c.una)
	if news < 0 {
		return
	}
	if news == 0 {
		c.equal++
	}
	c.window = s.win
	if after(s.seq, c.windowAt) > 0 {
		c.windowAt = s.seq
	}
	if news > 0 {
		if c.probed && news == 1 {
			c.nxt, c.waiting = s.ack, 0 // the probe was all
		}
		c.acknowledged(s.ack)
		if len(c.flight) == 0 {
			c.finAcknowledged()
		}
	}
	if c.probeDue != 0 && (c.waiting == 0 || c.window > 0) {
		c.probeDue, c.probed = 0, false
		if c.waiting > 0 {
			c.leaves(c.waiting)
			c.waiting = 0
		}
	}
}

func (c *connection) acknowledged(number uint32) {
	c.whole = false
	for len(c.flight) > 0 && after(number, c.flight[0]) >= 0 {
		c.whole = c.flight[0] == number
		c.flight = c.flight[1:]
	}
	c.una, c.due, c.tries, c.equal = number, 0, 0, 1
	if len(c.flight) > 0 {
		c.startTimer()
	}
}

// finAcknowledged does what our FIN's acknowledgment does, if all that is acknowledged has it.
func (c *connection) finAcknowledged() {
	switch c.state {
	case "FIN-WAIT-1":
		c.state = "FIN-WAIT-2"
	case "CLOSING":
		c.wait()
	case "LAST-ACK":
		c.die()
	}
}

func (c *connection) wait() {
	c.state = "TIME-WAIT"
	c.end = c.host.now + 2*msl
}

func (c *connection) takeText(s segment, from, to int) {
	if s.fin {
		end := s.seq + uint32(s.size)
		c.finAt = &end
	}
	if from > 0 && s.len() > 0 {
		c.gaps = append(c.gaps, gap{s.seq, s.seq + uint32(s.len())})
	}
	if from > 0 || to <= 0 {
		return
	}
	c.rcvNxt += uint32(to)
	var open []gap
	for _, g := range c.gaps {
		if after(g.to, c.rcvNxt) > 0 {
			open = append(open, g)
		}
	}
	c.gaps = open
	if !s.fin {
		return
	}
	c.ended = true
	switch c.state {
	case "ESTABLISHED":
		c.state = "CLOSE-WAIT"
	case "FIN-WAIT-1":
		c.state = "CLOSING"
	case "FIN-WAIT-2":
		c.wait()
	}
}
