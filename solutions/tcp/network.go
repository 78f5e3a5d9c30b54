//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"net/netip"
	"time"
)

// This file is given: how segments find their way, by IPv4 and ARP.

const (
	maxRequests     = 3           // for one neighbour's MAC
	requestInterval = time.Second // RFC 1122 §2.3.2.1
	maxWaiting      = 64          // packets for one neighbour
)

// A network is the LAN as the host sees it.
type network struct {
	ip    netip.Prefix // the host's address, and the subnet's prefix
	mac   mac
	put   func(dst mac, kind uint16, payload []byte) // a frame into the cable
	clock *clock

	macs      map[netip.Addr]mac
	searching map[netip.Addr]*search
}

// A search is the questions for a neighbour's MAC, and the packets that wait for
// the answer, the oldest first.
type search struct {
	requests int
	waiting  [][]byte
}

func newNetwork(ip netip.Prefix, own mac, put func(mac, uint16, []byte), clock *clock) *network {
	return &network{ip: ip, mac: own, put: put, clock: clock,
		macs: make(map[netip.Addr]mac), searching: make(map[netip.Addr]*search)}
}

// isNeighbour tells whether ip is another station's address in the subnet.
func (n *network) isNeighbour(ip netip.Addr) bool {
	if !n.ip.Contains(ip) || ip == n.ip.Addr() {
		return false
	}
	if n.ip.Bits() >= 31 {
		return true // RFC 3021: so small a subnet has no other addresses
	}
	network := n.ip.Masked()
	return ip != network.Addr() && ip != lastAddr(network)
}

// lastAddr is the highest address of a subnet, its broadcast address.
func lastAddr(network netip.Prefix) netip.Addr {
	octets := network.Addr().As4()
	for bit := network.Bits(); bit < 32; bit++ {
		octets[bit/8] |= 0x80 >> (bit % 8)
	}
	return netip.AddrFrom4(octets)
}

// send sends a segment to a neighbour: at once, or when ARP has found his MAC. If
// it does not find one, the segment is lost, as segments may be.
func (n *network) send(to netip.Addr, s segment) {
	p := packet{src: n.ip.Addr(), dst: to, protocol: protocolTCP, data: s.pack(n.ip.Addr(), to)}.pack()
	if mac, ok := n.macs[to]; ok {
		n.put(mac, typeIPv4, p)
		return
	}
	current := n.searching[to]
	if current == nil {
		current = &search{}
		n.searching[to] = current
		n.ask(to, current)
	}
	if len(current.waiting) < maxWaiting {
		current.waiting = append(current.waiting, p)
	}
}

// ask sends the next request of a search, or ends it if enough were sent.
func (n *network) ask(ip netip.Addr, s *search) {
	if n.searching[ip] != s {
		return // he has answered
	}
	if s.requests == maxRequests {
		delete(n.searching, ip)
		return
	}
	s.requests++
	n.sendARP(broadcast, arpPacket{op: arpRequest, targetIP: ip})
	n.clock.after(requestInterval, func() { n.ask(ip, s) })
}

// receive takes a frame, and hands over the segment that it carries, if that is one
// from a neighbour to this host.
func (n *network) receive(f frame, take func(from netip.Addr, s segment)) {
	switch f.kind {
	case typeARP:
		n.receiveARP(f.payload)
	case typeIPv4:
		p, ok := parsePacket(f.payload)
		if !ok || p.protocol != protocolTCP || p.isFragment || p.dst != n.ip.Addr() || !n.isNeighbour(p.src) {
			return
		}
		if s, ok := parseSegment(p.src, p.dst, p.data); ok {
			take(p.src, s)
		}
	}
}

// receiveARP follows the reception rule of RFC 826: first the table, and only then
// the question what the packet is.
func (n *network) receiveARP(payload []byte) {
	p, ok := parseARP(payload)
	if !ok || p.senderIP == n.ip.Addr() {
		return // malformed, or somebody has our address
	}
	forUs := p.targetIP == n.ip.Addr()
	_, known := n.macs[p.senderIP]
	// A sender 0.0.0.0 asks whether an address is free (RFC 5227 §1.1): he has
	// none himself yet.
	if (known || forUs) && !p.senderIP.IsUnspecified() {
		n.learn(p.senderIP, p.senderMAC)
	}
	if forUs && p.op == arpRequest {
		n.sendARP(p.senderMAC, arpPacket{op: arpReply, targetMAC: p.senderMAC, targetIP: p.senderIP})
	}
}

// learn notes a neighbour's MAC and sends what has waited for it.
func (n *network) learn(ip netip.Addr, m mac) {
	n.macs[ip] = m
	if s, ok := n.searching[ip]; ok {
		delete(n.searching, ip)
		for _, p := range s.waiting {
			n.put(m, typeIPv4, p)
		}
	}
}

// sendARP sends an ARP packet of which this host is the sender.
func (n *network) sendARP(to mac, p arpPacket) {
	p.senderMAC, p.senderIP = n.mac, n.ip.Addr()
	n.put(to, typeARP, p.pack())
}
