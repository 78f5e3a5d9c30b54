package main

import (
	"io"
	"net/netip"
)

// A nat is the router of a house. It passes packets on between the house and the
// world, and writes its own address into them on the way.
type nat struct {
	inside, outside *side
	gateway         netip.Addr
	table           *table
	clock           *clock
	out             io.Writer
}

func newNAT(inside, outside *side, r rules, clock *clock, out io.Writer) *nat {
	return &nat{inside: inside, outside: outside, gateway: r.gateway, table: newTable(r, clock), clock: clock, out: out}
}

// receive takes a packet that has come in at a side.
func (n *nat) receive(from *side, p packet) {
	n.table.forgetEnded()
	switch {
	case p.isFragment(): // has no ports, but the first one
	case from == n.inside:
		n.fromInside(p)
	default:
		n.fromOutside(p)
	}
}

// fromInside takes a packet of a computer of the house.
func (n *nat) fromInside(p packet) {
	if !n.inside.isStation(p.src) || p.src == n.inside.addr() {
		return
	}
	m, isMessage := messageOf(p)
	if isMessage && m.kind == echoRequest && (p.dst == n.inside.addr() || p.dst == n.outside.addr()) {
		n.inside.deliver(p.src, echoAnswer(p, m))
		return
	}
	if n.inside.ip.Contains(p.dst) || p.dst.IsMulticast() || p.dst == everybody {
		return
	}
	switch {
	case isMessage && m.isError():
		n.errorFromInside(p, m)
	case translatable(p) && (p.protocol != protocolICMP || p.data[0] == echoRequest):
		n.sendOn(p)
	}
}

var everybody = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// sendOn sends a packet of the house on its way.
func (n *nat) sendOn(p packet) {
	sender := p.end(source)
	m := n.table.byInside[sender]
	if m == nil {
		if sender.protocol == protocolTCP && !begins(p) {
			return
		}
		if m = n.table.add(sender); m == nil {
			n.inside.deliver(p.src, errorAbout(p, n.inside.addr(), unreachable, codeProhibits))
			return
		}
	}
	receiver := p.end(destination)
	if p.dst == n.outside.addr() {
		n.backIn(p, m, receiver)
		return
	}
	if p.ttl <= 1 {
		n.inside.deliver(p.src, errorAbout(p, n.inside.addr(), timeExceeded, codeInTransit))
		return
	}
	n.table.passed(m, fromInside, receiver, p)
	p.ttl--
	p.setEnd(source, n.outer(m))
	n.sendOutside(p)
}

// outer is the end that a mapping has outside.
func (n *nat) outer(m *mapping) end { return end{m.inside.protocol, n.outside.addr(), m.port} }

// sendOutside sends a packet to where it belongs outside.
func (n *nat) sendOutside(p packet) {
	next := n.gateway
	if n.outside.ip.Contains(p.dst) {
		next = p.dst
	}
	n.outside.deliver(next, p)
}

// backIn takes a packet that one computer of the house has sent, from the mapping
// m, to another one by the address that it has outside: it goes out and comes in
// again without leaving (RFC 4787 REQ-9).
func (n *nat) backIn(p packet, m *mapping, receiver end) {
	to := n.table.byPort[receiver.key()]
	if to == nil {
		return
	}
	n.table.passed(m, fromInside, receiver, p)
	n.table.passed(to, fromOutside, n.outer(m), p)
	p.setEnd(source, n.outer(m))
	p.setEnd(destination, to.inside)
	n.inside.deliver(to.inside.addr, p)
}

// fromOutside takes a packet of the world. What is for nobody in the house is
// dropped without a word.
func (n *nat) fromOutside(p packet) {
	if p.dst != n.outside.addr() || p.ttl <= 1 {
		return
	}
	if m, ok := messageOf(p); ok && m.isError() {
		n.errorFromOutside(p, m)
		return
	}
	if !translatable(p) || p.protocol == protocolICMP && p.data[0] != echoReply {
		return
	}
	m := n.table.byPort[p.end(destination).key()]
	if m == nil {
		return
	}
	n.table.passed(m, fromOutside, p.end(source), p)
	p.ttl--
	p.setEnd(destination, m.inside)
	n.inside.deliver(m.inside.addr, p)
}

// errorFromOutside takes an error about a packet that has gone out. Whoever sent
// that packet shall read of it as he sent it.
func (n *nat) errorFromOutside(p packet, m message) {
	about, ok := m.quote()
	if !ok || about.src != n.outside.addr() || about.protocol == protocolICMP && about.data[0] != echoRequest {
		return
	}
	to := n.table.byPort[about.end(source).key()]
	if to == nil {
		return
	}
	about.setEnd(source, to.inside)
	m.data = about.pack()
	p.data = m.pack()
	p.ttl--
	p.dst = to.inside.addr
	n.inside.deliver(p.dst, p)
}

// errorFromInside takes an error about a packet that has come in. Whoever sent that
// packet shall read of it as he sent it.
func (n *nat) errorFromInside(p packet, m message) {
	about, ok := m.quote()
	if !ok || about.protocol == protocolICMP || p.ttl <= 1 || p.dst == n.outside.addr() {
		return
	}
	of := n.table.byInside[about.end(destination)]
	if of == nil {
		return
	}
	about.setEnd(destination, n.outer(of))
	m.data = about.pack()
	p.data = m.pack()
	p.ttl--
	p.src = n.outside.addr()
	n.sendOutside(p)
}
