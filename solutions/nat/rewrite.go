package main

import (
	"encoding/binary"
	"net/netip"
)

// An end is an address with a port, or with the identifier of an ICMP echo.
type end struct {
	protocol uint8
	addr     netip.Addr
	number   uint16
}

// A key finds a mapping by its end outside, whose address is always the router's.
type key struct {
	protocol uint8
	port     uint16
}

func (e end) key() key { return key{e.protocol, e.number} }

// Where the ends of a packet stand: the address of one in its header, the number
// behind that.
const (
	source      = 0
	destination = 1
)

// A layout says where in what a packet carries its numbers and its checksum are,
// and how much must be there.
type layout struct {
	numbers   [2]int
	sum       int
	size      int
	addresses bool // the checksum covers the packet's addresses, too
}

var layouts = map[uint8]layout{
	protocolICMP: {numbers: [2]int{4, 4}, sum: 2, size: 8}, // of an echo
	protocolTCP:  {numbers: [2]int{0, 2}, sum: 16, size: 20, addresses: true},
	protocolUDP:  {numbers: [2]int{0, 2}, sum: 6, size: 8, addresses: true},
}

// translatable tells whether a packet has ends: it is UDP, TCP or an echo, and the
// header of that is whole.
func translatable(p packet) bool {
	l, ok := layouts[p.protocol]
	if !ok || len(p.data) < l.size {
		return false
	}
	return p.protocol != protocolICMP || p.data[0] == echoRequest || p.data[0] == echoReply
}

// end is the packet's end at its source or destination.
func (p packet) end(at int) end {
	addr := p.src
	if at == destination {
		addr = p.dst
	}
	return end{p.protocol, addr, binary.BigEndian.Uint16(p.data[layouts[p.protocol].numbers[at]:])}
}

// setEnd writes another end into the packet, and changes its checksum by the
// difference: one that was wrong stays wrong (RFC 3022 §4.1).
func (p *packet) setEnd(at int, e end) {
	l := layouts[p.protocol]
	old := p.end(at)
	was, is := old.addr.As4(), e.addr.As4()
	if l.addresses {
		p.adjust(l.sum, was[:], is[:])
	}
	number := p.data[l.numbers[at]:][:2]
	now := binary.BigEndian.AppendUint16(nil, e.number)
	p.adjust(l.sum, number, now)
	copy(number, now)
	if at == source {
		p.src = e.addr
	} else {
		p.dst = e.addr
	}
}

// adjust brings a checksum up to date where some 16-bit words of what it covers have
// changed: ~(~sum + ~was + is) (RFC 1624). Of a packet that is quoted the checksum may
// be missing.
func (p *packet) adjust(at int, was, is []byte) {
	if len(p.data) < at+2 {
		return
	}
	old := binary.BigEndian.Uint16(p.data[at:])
	if p.protocol == protocolUDP && old == 0 {
		return // there is none
	}
	sum := uint32(^old)
	for i := 0; i < len(was); i += 2 {
		sum += uint32(^binary.BigEndian.Uint16(was[i:])) + uint32(binary.BigEndian.Uint16(is[i:]))
	}
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16
	}
	anew := ^uint16(sum)
	if p.protocol == protocolUDP && anew == 0 {
		anew = 0xffff // 0 would say that there is none
	}
	binary.BigEndian.PutUint16(p.data[at:], anew)
}

// messageOf is the ICMP message that a packet carries, if it is a whole one.
func messageOf(p packet) (message, bool) {
	if p.protocol != protocolICMP {
		return message{}, false
	}
	return parseMessage(p.data)
}

// isError tells whether the message is about a packet, which it quotes.
func (m message) isError() bool {
	return m.kind == unreachable || m.kind == timeExceeded || m.kind == badParameter
}

// quote is the beginning of the packet that the message is about. It must have its
// ends.
func (m message) quote() (packet, bool) {
	p, ok := parseHeader(m.data)
	if _, known := layouts[p.protocol]; !ok || !known || len(p.data) < quotedLen || p.isFragment() {
		return packet{}, false
	}
	return p, true
}
