package main

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"time"
)

// A router passes packets on between the networks that its interfaces are in.
// Its methods are called one at a time.
type router struct {
	sides  []*side // in the order of the command line
	routes routes
	clock  clock
	out    io.Writer
}

// newRouter makes a router that has these interfaces and routes, forgets a
// neighbour after age, and prints to out.
func newRouter(interfaces []*iface, static []staticRoute, age time.Duration, out io.Writer) *router {
	r := &router{out: out}
	for _, i := range interfaces {
		r.sides = append(r.sides, newSide(i, &r.clock, age, r.unreached))
	}
	r.routes = newRoutes(r.sides, static)
	return r
}

// advance lets d pass on the clock and does what is due meanwhile.
func (r *router) advance(d time.Duration) { r.clock.advance(d) }

// receive takes a frame that has come in by a port.
func (r *router) receive(from *port, f frame) {
	i := slices.IndexFunc(r.sides, func(s *side) bool { return s.port == from && s.vid == f.vid })
	if i < 0 {
		return // the router is no station in this VLAN
	}
	switch f.kind {
	case typeARP:
		r.sides[i].receiveARP(f.payload)
	case typeIPv4:
		if p, ok := parsePacket(f.payload); ok {
			r.receivePacket(p, f.dst == broadcast)
		}
	}
}

// receivePacket decides what becomes of a packet: from here on it does not
// matter by which interface it came. toAll tells that it came in a broadcast
// frame. Such a packet goes no further (RFC 1812 §5.3.4): each router of the
// network has it, and would pass it on.
func (r *router) receivePacket(p packet, toAll bool) {
	switch {
	case r.isNoStation(p.src) || r.isNoStation(p.dst):
	case r.isOwn(p.dst):
		r.answer(p)
	case !toAll:
		r.forward(p)
	}
}

// No station outside of its own network has an address in these (RFC 1812
// §5.3.7, RFC 3927 §7).
var noStations = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("224.0.0.0/3"), // multicast, reserved, 255.255.255.255
}

// isNoStation tells whether an address is none that a packet may come from or
// be for: one of noStations, or the broadcast address of a connected network.
func (r *router) isNoStation(ip netip.Addr) bool {
	return slices.ContainsFunc(noStations, func(n netip.Prefix) bool { return n.Contains(ip) }) ||
		slices.ContainsFunc(r.sides, func(s *side) bool { return s.hasBroadcast && s.broadcast == ip })
}

// isOwn tells whether ip is the router's own, at whatever interface.
func (r *router) isOwn(ip netip.Addr) bool {
	return slices.ContainsFunc(r.sides, func(s *side) bool { return s.ip.Addr() == ip })
}

// answer takes a packet for the router itself. It answers echo requests, from
// the address that was asked, and nothing else.
func (r *router) answer(p packet) {
	if p.protocol != protocolICMP || p.fragment&(moreFragments|offsetMask) != 0 {
		return
	}
	m, ok := parseMessage(p.data)
	if !ok || m.kind != echoRequest || m.code != 0 {
		return
	}
	way, ok := r.routes.lookup(p.src)
	if !ok {
		return
	}
	m.kind = echoReply
	way.send(waiting{packet: ownPacket(p.dst, p.src, m)})
}

// forward passes a packet on to its next hop, or tells its source why it
// cannot.
func (r *router) forward(p packet) {
	if p.ttl <= 1 {
		r.complain(p, timeExceeded, codeInTransit)
		return
	}
	way, ok := r.routes.lookup(p.dst)
	if !ok {
		r.complain(p, unreachable, codeNet)
		return
	}
	p.ttl--
	way.send(waiting{packet: p, forwarded: true})
}

// unreached takes a packet back whose next hop nobody has found. The source of
// a packet that was to be forwarded is told; the router's own are just lost.
func (r *router) unreached(w waiting) {
	if w.forwarded {
		r.complain(w.packet, unreachable, codeHost)
	}
}

// complain sends an ICMP error about a packet to its source. It comes from the
// address of the interface that it leaves by (RFC 1812 §4.3.2.4), and quotes the
// packet so far as there is room.
func (r *router) complain(about packet, kind, code uint8) {
	way, ok := r.routes.lookup(about.src)
	if !ok || !mayComplain(about) {
		return
	}
	quote := about.pack()
	quote = quote[:min(len(quote), maxErrorPacket-ipv4HeaderLen-icmpHeaderLen)]
	m := message{kind: kind, code: code, data: quote}
	way.send(waiting{packet: ownPacket(way.out.ip.Addr(), about.src, m)})
}

// errorTypes are the types of the ICMP errors.
var errorTypes = []uint8{unreachable, sourceQuench, redirect, timeExceeded, badParameter}

// mayComplain tells whether an error may be sent about a packet (RFC 1122
// §3.2.2). An error about an error could go round for ever, and of a packet in
// fragments the first one is enough to complain about.
func mayComplain(about packet) bool {
	if about.fragment&offsetMask != 0 {
		return false
	}
	return about.protocol != protocolICMP || len(about.data) == 0 || !slices.Contains(errorTypes, about.data[0])
}

// ownPacket is a packet that the router itself sends.
func ownPacket(src, dst netip.Addr, m message) packet {
	return packet{ttl: 64, protocol: protocolICMP, src: src, dst: dst, data: m.pack()}
}

// printRoutes prints the routing table.
func (r *router) printRoutes() error {
	for _, way := range r.routes {
		if _, err := fmt.Fprintln(r.out, way); err != nil {
			return err
		}
	}
	return nil
}

// printNeighbours prints the live entries of all interfaces, in numeric order of
// the addresses and then in the order of the interfaces.
func (r *router) printNeighbours() error {
	type line struct {
		ip   netip.Addr
		text string
	}
	var lines []line
	for _, s := range r.sides {
		for ip, n := range s.neighbours {
			if s.isLive(n) {
				lines = append(lines, line{ip, fmt.Sprintf("%s  %s  %s", ip, n.mac, s.name())})
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.ip.Compare(b.ip) })
	for _, l := range lines {
		if _, err := fmt.Fprintln(r.out, l.text); err != nil {
			return err
		}
	}
	return nil
}
