package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// How long what has been quiet is remembered.
const (
	udpLife         = 5 * time.Minute             // RFC 4787 REQ-5
	echoLife        = time.Minute                 // RFC 5508 REQ-2
	transitoryLife  = 4 * time.Minute             // RFC 5382 REQ-5
	establishedLife = 2*time.Hour + 4*time.Minute // RFC 5382 REQ-5
)

// A direction is the side that a packet comes from.
type direction int

const (
	fromInside direction = iota
	fromOutside
)

// A mapping joins an end in the house to a port of the router.
type mapping struct {
	inside      end
	port        uint16
	forward     bool                // it never ends
	until       time.Duration       // of TCP: as if no connection began
	connections map[end]*connection // of TCP, by the end outside
}

// A table is the mappings, found from either side.
type table struct {
	rules    rules
	clock    *clock
	byInside map[end]*mapping
	byPort   map[key]*mapping
	looked   time.Duration // when what has ended was forgotten last
}

func newTable(r rules, clock *clock) *table {
	t := &table{rules: r, clock: clock, byInside: make(map[end]*mapping), byPort: make(map[key]*mapping)}
	for _, f := range r.forwards {
		t.insert(&mapping{inside: end{f.protocol, f.to.Addr(), f.to.Port()}, port: f.port, forward: true})
	}
	return t
}

func (m *mapping) key() key { return key{m.inside.protocol, m.port} }

func (t *table) insert(m *mapping) {
	t.byInside[m.inside] = m
	t.byPort[m.key()] = m
}

// add makes a mapping for an end in the house: with its own number, or else with the
// lowest port that is free. It is nil if none is.
func (t *table) add(inside end) *mapping {
	port, ok := t.freePort(inside)
	if !ok {
		return nil
	}
	m := &mapping{inside: inside, port: port, connections: make(map[end]*connection)}
	m.until = t.clock.now + lives[inside.protocol]
	t.insert(m)
	return m
}

// lives are how long mappings last that nothing passes.
var lives = map[uint8]time.Duration{protocolICMP: echoLife, protocolTCP: transitoryLife, protocolUDP: udpLife}

func (t *table) freePort(inside end) (port uint16, ok bool) {
	first, last := int(t.rules.firstPort), int(t.rules.lastPort)
	if own := int(inside.number); own >= first && own <= last && t.byPort[inside.key()] == nil {
		return inside.number, true
	}
	for port := first; port <= last; port++ {
		if t.byPort[key{inside.protocol, uint16(port)}] == nil {
			return uint16(port), true
		}
	}
	return 0, false
}

// passed notes that a packet has passed a mapping, from or to an end outside.
func (t *table) passed(m *mapping, from direction, other end, p packet) {
	switch {
	case m.forward:
	case m.inside.protocol == protocolTCP:
		m.passedSegment(t.clock.now, from, other, p)
	case from == fromInside:
		m.until = t.clock.now + lives[m.inside.protocol]
	}
}

// forgetEnded takes out the mappings that have ended by now.
func (t *table) forgetEnded() {
	if t.looked == t.clock.now {
		return // time has not moved
	}
	t.looked = t.clock.now
	for k, m := range t.byPort {
		for other, c := range m.connections {
			if c.until <= t.clock.now {
				delete(m.connections, other)
			}
		}
		if !m.forward && m.end() <= t.clock.now {
			delete(t.byPort, k)
			delete(t.byInside, m.inside)
		}
	}
}

// end is when the mapping ends: with the last of its connections.
func (m *mapping) end() time.Duration {
	last := m.until
	for _, c := range m.connections {
		last = max(last, c.until)
	}
	return last
}

// printTable prints the mappings, by protocol and port.
func (n *nat) printTable() error {
	n.table.forgetEnded()
	var all []*mapping
	for _, m := range n.table.byPort {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *mapping) int {
		return cmp.Or(cmp.Compare(a.inside.protocol, b.inside.protocol), cmp.Compare(a.port, b.port))
	})
	for _, m := range all {
		if _, err := fmt.Fprintf(n.out, "%s  %v  %v  %s\n", protocolNames[m.inside.protocol], m.inside, n.outer(m), n.left(m)); err != nil {
			return err
		}
	}
	return nil
}

var protocolNames = map[uint8]string{protocolICMP: "icmp", protocolTCP: "tcp", protocolUDP: "udp"}

func (e end) String() string { return fmt.Sprintf("%v:%d", e.addr, e.number) }

// left is the time that a mapping has left, in seconds, rounded up.
func (n *nat) left(m *mapping) string {
	if m.forward {
		return "forward"
	}
	left := m.end() - n.clock.now
	return fmt.Sprintf("%ds", (left+time.Second-1)/time.Second)
}
