package main

import (
	"slices"
	"strings"
)

// All times are milliseconds.
const (
	second          = 1000
	echoLife        = 60 * second
	transitoryLife  = 240 * second
	udpLife         = 300 * second
	establishedLife = 7440 * second

	firstPort = 1024
	lastPort  = 1027
)

// An end is an address with a port or an identifier.
type end struct {
	protocol, addr string
	number         int
}

// A parcel is a packet.
type parcel struct {
	src, dst end
	flags    string // of TCP
	ttl      int
}

// has tells whether a flag is among flags.
func has(flags, flag string) bool { return strings.Contains(flags, flag) }

func (p parcel) begins() bool { return has(p.flags, "SYN") && !has(p.flags, "ACK") }

// A table is what a router knows by now of the mappings and connections.
type table struct {
	now      int
	mappings []*mapping
	third    parcel // of the handshake of which the second segment has just passed
}

type mapping struct {
	inside, outer end
	forward       bool
	until         int           // of UDP and echoes
	connections   []*connection // of TCP
}

type connection struct {
	other    end     // outside
	syn, fin [2]bool // from inside, from outside
	reset    bool
	until    int
}

func newTable() *table {
	t := &table{}
	t.add(end{"tcp", web, 80}, 80).forward = true
	t.add(end{"udp", web, 53}, 1026).forward = true
	return t
}

func (t *table) add(inside end, port int) *mapping {
	m := &mapping{inside: inside, outer: end{inside.protocol, outsideIP, port}}
	t.mappings = append(t.mappings, m)
	return m
}

// pass lets time pass, and forgets what has ended.
func (t *table) pass(d int) {
	t.now += d
	var live []*mapping
	for _, m := range t.mappings {
		m.connections = slices.DeleteFunc(m.connections, func(c *connection) bool { return c.until <= t.now })
		if m.forward || m.until > t.now || len(m.connections) > 0 {
			live = append(live, m)
		}
	}
	t.mappings = live
}

func (t *table) find(is func(*mapping) bool) *mapping {
	for _, m := range t.mappings {
		if is(m) {
			return m
		}
	}
	return nil
}

func (t *table) byInside(e end) *mapping {
	return t.find(func(m *mapping) bool { return m.inside == e })
}

func (t *table) byOuter(e end) *mapping {
	return t.find(func(m *mapping) bool { return m.outer == e })
}

// freePort is the port that a new mapping of an end gets, or 0.
func (t *table) freePort(e end) int {
	isFree := func(port int) bool { return t.byOuter(end{e.protocol, outsideIP, port}) == nil }
	if firstPort <= e.number && e.number <= lastPort && isFree(e.number) {
		return e.number
	}
	for port := firstPort; port <= lastPort; port++ {
		if isFree(port) {
			return port
		}
	}
	return 0
}

// goesOut notes a packet from inside. It is false, and notes nothing, where what it does
// is free.
func (t *table) goesOut(p parcel) bool {
	m, to := t.byInside(p.src), t.byOuter(p.dst)
	back, isTCP := p.dst.addr == outsideIP, p.src.protocol == "tcp"
	switch {
	case isTCP && m == nil && !p.begins():
		return true // dropped
	case p.ttl <= 1 || back && to == nil:
		return m != nil && (m.forward || m.isFresh(t.now)) // dropped: whether it makes or prolongs a mapping is not seen
	case isTCP && m != nil && !m.allows(p.dst, p.begins()):
		return false
	case isTCP && back && (m == nil || m == to || !to.allows(m.outer, false)) && !to.forward:
		return false
	}
	if m == nil {
		port := t.freePort(p.src)
		if port == 0 {
			return true // its sender is told
		}
		m = t.add(p.src, port)
	}
	t.passed(m, 0, p.dst, p.flags)
	if back {
		t.passed(to, 1, m.outer, p.flags)
	}
	return true
}

// comesIn notes a packet from outside, as goesOut one from inside.
func (t *table) comesIn(p parcel) bool {
	m := t.byOuter(p.dst)
	switch {
	case m == nil || p.ttl <= 1:
		return true // dropped
	case p.src.protocol == "tcp" && !m.allows(p.src, false):
		return false
	}
	t.passed(m, 1, p.src, p.flags)
	return true
}

func (m *mapping) connection(other end) *connection {
	i := slices.IndexFunc(m.connections, func(c *connection) bool { return c.other == other })
	if i < 0 {
		return nil
	}
	return m.connections[i]
}

// allows tells whether it is fixed what a segment of a connection does to it.
func (m *mapping) allows(other end, begins bool) bool {
	c := m.connection(other)
	switch {
	case m.forward:
		return true
	case begins:
		return c == nil || !c.isEstablished()
	}
	return c != nil && !c.isOver()
}

func (c *connection) isOver() bool        { return c.reset || c.fin[0] && c.fin[1] }
func (c *connection) isEstablished() bool { return c.syn[0] && c.syn[1] && !c.isOver() }

// isFresh tells whether nothing can prolong a mapping of UDP or echoes now.
func (m *mapping) isFresh(now int) bool {
	life, ok := lives[m.inside.protocol]
	return ok && m.until == now+life
}

// lives are those of mappings that know no connections.
var lives = map[string]int{"icmp": echoLife, "udp": udpLife}

// passed notes that a packet has passed, from inside (0) or from outside (1).
func (t *table) passed(m *mapping, from int, other end, flags string) {
	if m.forward {
		return
	}
	if life, ok := lives[m.inside.protocol]; ok {
		if from == 0 {
			m.until = t.now + life
		}
		return
	}
	c := m.connection(other)
	if c == nil {
		c = &connection{other: other}
		m.connections = append(m.connections, c)
	}
	if c.isOver() {
		*c = connection{other: other} // only a segment that begins it anew is allowed then
	}
	was := c.isEstablished()
	c.syn[from] = c.syn[from] || has(flags, "SYN")
	c.fin[from] = c.fin[from] || has(flags, "FIN")
	c.reset = c.reset || has(flags, "RST")
	c.until = t.now + transitoryLife
	if c.isEstablished() {
		c.until = t.now + establishedLife
		if !was {
			t.third = parcel{src: m.inside, dst: other, flags: "ACK"}
		}
	}
}
