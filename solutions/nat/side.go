//lint:file-ignore U1000 what you write uses what is here

package main

// This file is given: what the router knows of its neighbours, and how it asks for
// them (RFC 826), as in the lesson arp.

import (
	"net/netip"
	"time"
)

const (
	maxRequests     = 3           // for one search
	requestInterval = time.Second // RFC 1122 §2.3.2.1: at most one a second for one neighbour
	maxWaiting      = 3           // packets for one neighbour
	maxNeighbours   = 1024        // that a side remembers: a scan of a network must not eat the memory
)

// A side is a port of the router, its address there, and what it knows of the
// neighbours there.
type side struct {
	port *port
	ip   netip.Prefix // the router's address, and the network's prefix

	clock      *clock
	age        time.Duration
	neighbours map[netip.Addr]*neighbour
}

// A neighbour is what a side knows of a station. Its entry in the ARP table is
// live for a time; when the station was asked last is remembered for longer.
type neighbour struct {
	known bool // it has an entry, live or expired
	mac   mac
	heard time.Duration // when an ARP packet confirmed the entry last

	asked  time.Duration // when its MAC was asked for last
	search *search       // nil: it is not searched for
}

// A search is the questions for a neighbour's MAC, and what waits for the
// answer.
type search struct {
	requests int      // sent so far
	queue    []packet // the oldest first
}

func newSide(a attachment, age time.Duration, clock *clock) *side {
	return &side{port: a.port, ip: a.ip, clock: clock, age: age, neighbours: make(map[netip.Addr]*neighbour)}
}

// addr is the router's address at this side.
func (s *side) addr() netip.Addr { return s.ip.Addr() }

// isStation tells whether an address is one that a station of the network can have:
// not the network's own, nor that of all.
func (s *side) isStation(a netip.Addr) bool {
	if !s.ip.Contains(a) {
		return false
	}
	return s.ip.Bits() >= 31 || a != s.ip.Masked().Addr() && a != lastAddr(s.ip)
}

// lastAddr is the highest address of a network.
func lastAddr(network netip.Prefix) netip.Addr {
	octets := network.Addr().As4()
	for bit := network.Bits(); bit < 32; bit++ {
		octets[bit/8] |= 0x80 >> (bit % 8)
	}
	return netip.AddrFrom4(octets)
}

// isLive tells whether a neighbour has a live entry; nil is nobody.
func (s *side) isLive(n *neighbour) bool {
	return n != nil && n.known && s.clock.now-n.heard < s.age
}

// neighbour finds what is known of a station, or begins to know it; nil means
// that there is no room for more.
func (s *side) neighbour(ip netip.Addr) *neighbour {
	if n, ok := s.neighbours[ip]; ok {
		return n
	}
	if len(s.neighbours) >= maxNeighbours {
		s.forgetOld()
	}
	if len(s.neighbours) >= maxNeighbours {
		return nil
	}
	n := &neighbour{asked: -requestInterval} // long enough ago
	s.neighbours[ip] = n
	return n
}

// forgetOld forgets the neighbours of whom nothing that is remembered matters
// any more.
func (s *side) forgetOld() {
	for ip, n := range s.neighbours {
		if n.search == nil && !s.isLive(n) && s.clock.now-n.asked >= requestInterval {
			delete(s.neighbours, ip)
		}
	}
}

// deliver sends a packet to a neighbour: at once, or when his MAC is known. When
// too many wait, the oldest is dropped.
func (s *side) deliver(ip netip.Addr, p packet) {
	n := s.neighbour(ip)
	if n == nil {
		return
	}
	if s.isLive(n) {
		s.send(n.mac, typeIPv4, p.pack())
		return
	}
	if n.search == nil {
		s.find(ip, n)
	}
	n.search.queue = append(n.search.queue, p)
	if len(n.search.queue) > maxWaiting {
		n.search.queue = n.search.queue[1:]
	}
}

// find begins to search for a neighbour. The first request may have to wait: the
// last one, of an earlier search, can be less than a second old.
func (s *side) find(ip netip.Addr, n *neighbour) {
	n.search = &search{}
	s.askAt(max(s.clock.now, n.asked+requestInterval), ip, n)
}

// askAt sends the next request of a search at that time, or ends the search if
// enough were sent.
func (s *side) askAt(due time.Duration, ip netip.Addr, n *neighbour) {
	current := n.search
	s.clock.at(due, func() {
		switch {
		case n.search != current: // he has answered
		case current.requests == maxRequests:
			n.search = nil // and what has waited is dropped
		default:
			current.requests++
			n.asked = s.clock.now
			s.sendARP(broadcast, arpPacket{op: arpRequest, targetIP: ip})
			s.askAt(s.clock.now+requestInterval, ip, n)
		}
	})
}

// receiveARP follows the reception rule of RFC 826: first the table, and only
// then the question what the packet is.
func (s *side) receiveARP(payload []byte) {
	p, ok := parseARP(payload)
	if !ok || p.senderIP == s.addr() {
		return // malformed, or somebody has our address
	}
	forUs := p.targetIP == s.addr()
	known := s.isLive(s.neighbours[p.senderIP])
	// A sender 0.0.0.0 asks whether an address is free (RFC 5227 §1.1): he has
	// none himself yet.
	if (forUs || known) && !p.senderIP.IsUnspecified() {
		s.learn(p.senderIP, p.senderMAC)
	}
	if forUs && p.op == arpRequest {
		s.sendARP(p.senderMAC, arpPacket{op: arpReply, targetMAC: p.senderMAC, targetIP: p.senderIP})
	}
}

// learn notes a neighbour's MAC and sends what has waited for it.
func (s *side) learn(ip netip.Addr, m mac) {
	n := s.neighbour(ip)
	if n == nil {
		return
	}
	n.known, n.mac, n.heard = true, m, s.clock.now
	if n.search == nil {
		return
	}
	queue := n.search.queue
	n.search = nil
	for _, p := range queue {
		s.send(m, typeIPv4, p.pack())
	}
}

// sendARP sends an ARP packet of which the router is the sender.
func (s *side) sendARP(to mac, p arpPacket) {
	p.senderMAC, p.senderIP = s.port.mac, s.addr()
	s.send(to, typeARP, p.pack())
}

// send sends what has this type to a MAC.
func (s *side) send(to mac, kind uint16, payload []byte) {
	s.port.send(frame{dst: to, src: s.port.mac, kind: kind, payload: payload})
}
