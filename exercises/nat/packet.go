//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
)

// This file is given: what is in a frame. All numbers on the wire are
// big-endian, the most significant byte first.

// A mac is an Ethernet address.
type mac [6]byte

// broadcast is the MAC that means every card.
var broadcast = mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// String writes the address in the lessons' way: 14-9d-da-2a-dd-0a.
func (m mac) String() string {
	return fmt.Sprintf("%02x-%02x-%02x-%02x-%02x-%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// parseMAC reads an address with - or : between its bytes.
func parseMAC(text string) (mac, error) {
	m, err := net.ParseMAC(text)
	if err != nil || len(m) != len(mac{}) {
		return mac{}, fmt.Errorf("%q is no Ethernet address", text)
	}
	return mac(m), nil
}

// What a frame carries is told by its type.
const (
	typeIPv4 = 0x0800
	typeARP  = 0x0806
)

// A frame is an Ethernet II frame without its checksum, which cards keep to
// themselves.
type frame struct {
	dst, src mac
	kind     uint16 // typeIPv4, typeARP, ...
	payload  []byte // a packet, perhaps with padding behind it
}

const frameHeaderLen = 14

// parseFrame takes a frame apart; false means that it is too short for one. The
// frame keeps no reference to b.
func parseFrame(b []byte) (frame, bool) {
	if len(b) < frameHeaderLen {
		return frame{}, false
	}
	return frame{
		dst:     mac(b[0:6]),
		src:     mac(b[6:12]),
		kind:    binary.BigEndian.Uint16(b[12:]),
		payload: bytes.Clone(b[frameHeaderLen:]),
	}, true
}

func (f frame) pack() []byte {
	b := make([]byte, 0, frameHeaderLen+len(f.payload))
	b = append(b, f.dst[:]...)
	b = append(b, f.src[:]...)
	b = binary.BigEndian.AppendUint16(b, f.kind)
	return append(b, f.payload...)
}

// ARP operations (RFC 826).
const (
	arpRequest = 1
	arpReply   = 2
)

// An arpPacket is an ARP packet for Ethernet and IPv4.
type arpPacket struct {
	op        uint16
	senderMAC mac
	senderIP  netip.Addr
	targetMAC mac // in a request: zero, since it is what the sender asks for
	targetIP  netip.Addr
}

const (
	hardwareEthernet = 1
	arpLen           = 28
)

// parseARP takes an ARP packet apart; false means that it is too short or for
// other addresses than Ethernet's and IPv4's. What follows it is padding.
func parseARP(b []byte) (arpPacket, bool) {
	if len(b) < arpLen ||
		binary.BigEndian.Uint16(b[0:]) != hardwareEthernet ||
		binary.BigEndian.Uint16(b[2:]) != typeIPv4 ||
		b[4] != 6 || b[5] != 4 { // the lengths of the two kinds of addresses
		return arpPacket{}, false
	}
	return arpPacket{
		op:        binary.BigEndian.Uint16(b[6:]),
		senderMAC: mac(b[8:14]),
		senderIP:  netip.AddrFrom4([4]byte(b[14:18])),
		targetMAC: mac(b[18:24]),
		targetIP:  netip.AddrFrom4([4]byte(b[24:28])),
	}, true
}

func (p arpPacket) pack() []byte {
	senderIP, targetIP := p.senderIP.As4(), p.targetIP.As4()
	b := make([]byte, 0, arpLen)
	b = binary.BigEndian.AppendUint16(b, hardwareEthernet)
	b = binary.BigEndian.AppendUint16(b, typeIPv4)
	b = append(b, 6, 4)
	b = binary.BigEndian.AppendUint16(b, p.op)
	b = append(b, p.senderMAC[:]...)
	b = append(b, senderIP[:]...)
	b = append(b, p.targetMAC[:]...)
	return append(b, targetIP[:]...)
}

// A packet is an IPv4 packet (RFC 791), or the beginning of one that an ICMP
// error quotes.
type packet struct {
	tos      uint8
	length   uint16 // of the whole packet, also where only its beginning is here
	id       uint16
	fragment uint16 // three bits of flags, and the offset
	ttl      uint8  // time to live: the packet may pass so many routers
	protocol uint8
	src, dst netip.Addr
	options  []byte
	data     []byte // what the packet carries
}

const (
	ipv4HeaderLen = 20 // without options
	protocolICMP  = 1
	protocolTCP   = 6
	protocolUDP   = 17
	moreFragments = 0x2000
	offsetMask    = 0x1fff
)

// parsePacket takes an IPv4 packet apart; false means that it is malformed or its
// header is damaged. What follows the packet's own length is padding, and left out.
func parsePacket(b []byte) (packet, bool) {
	p, ok := parseHeader(b)
	if !ok || int(p.length) > len(b) || checksum(b[:p.headerLen()]) != 0 {
		return packet{}, false
	}
	p.data = p.data[:int(p.length)-p.headerLen()]
	return p, true
}

// parseHeader takes a packet apart of which only the beginning may be here, as an
// ICMP error quotes it; false means that its header is not whole or malformed. Its
// data is all that follows the header.
func parseHeader(b []byte) (packet, bool) {
	if len(b) < ipv4HeaderLen || b[0]>>4 != 4 {
		return packet{}, false
	}
	headerLen := 4 * int(b[0]&0xf)
	length := binary.BigEndian.Uint16(b[2:])
	if headerLen < ipv4HeaderLen || headerLen > int(length) || headerLen > len(b) {
		return packet{}, false
	}
	return packet{
		tos:      b[1],
		length:   length,
		id:       binary.BigEndian.Uint16(b[4:]),
		fragment: binary.BigEndian.Uint16(b[6:]),
		ttl:      b[8],
		protocol: b[9],
		src:      netip.AddrFrom4([4]byte(b[12:16])),
		dst:      netip.AddrFrom4([4]byte(b[16:20])),
		options:  b[ipv4HeaderLen:headerLen],
		data:     b[headerLen:],
	}, true
}

func (p packet) headerLen() int { return ipv4HeaderLen + len(p.options) }

// isFragment tells whether the packet is a part of one that was too long for some
// network.
func (p packet) isFragment() bool { return p.fragment&(moreFragments|offsetMask) != 0 }

// pack makes the packet's bytes, with the header's checksum.
func (p packet) pack() []byte {
	b := make([]byte, ipv4HeaderLen, p.headerLen()+len(p.data))
	b[0] = 4<<4 | uint8(p.headerLen()/4)
	b[1] = p.tos
	binary.BigEndian.PutUint16(b[2:], p.length)
	binary.BigEndian.PutUint16(b[4:], p.id)
	binary.BigEndian.PutUint16(b[6:], p.fragment)
	b[8] = p.ttl
	b[9] = p.protocol
	src, dst := p.src.As4(), p.dst.As4()
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	b = append(b, p.options...)
	binary.BigEndian.PutUint16(b[10:], checksum(b))
	return append(b, p.data...)
}

const ownTTL = 64 // of packets that the router itself makes

// icmpPacket is a packet of the router's own.
func icmpPacket(src, dst netip.Addr, m message) packet {
	data := m.pack()
	return packet{length: uint16(ipv4HeaderLen + len(data)), ttl: ownTTL, protocol: protocolICMP, src: src, dst: dst, data: data}
}

// echoAnswer is the answer to an echo request.
func echoAnswer(p packet, request message) packet {
	request.kind, request.code = echoReply, 0
	return icmpPacket(p.dst, p.src, request)
}

const quotedLen = 8 // of what a packet carries (RFC 792)

// errorAbout is an ICMP error from that address to the sender of a packet. It
// quotes the packet's header and the first bytes behind it.
func errorAbout(p packet, from netip.Addr, kind, code uint8) packet {
	quoted := p
	quoted.data = p.data[:min(len(p.data), quotedLen)]
	return icmpPacket(from, p.src, message{kind: kind, code: code, data: quoted.pack()})
}

// ICMP types and codes (RFC 792, RFC 1812 §5.2.7.1).
const (
	echoReply     = 0
	unreachable   = 3
	echoRequest   = 8
	timeExceeded  = 11
	badParameter  = 12
	codeInTransit = 0  // time exceeded: on the way
	codeProhibits = 13 // unreachable: the router does not let it pass
	icmpHeaderLen = 8
)

// A message is an ICMP message.
type message struct {
	kind, code uint8
	rest       [4]byte // an echo's identifier and sequence number; zeros in an error
	data       []byte  // in an error, the beginning of the packet that it is about
}

// parseMessage takes an ICMP message apart; false means that it is too short or
// damaged.
func parseMessage(b []byte) (message, bool) {
	if len(b) < icmpHeaderLen || checksum(b) != 0 {
		return message{}, false
	}
	return message{kind: b[0], code: b[1], rest: [4]byte(b[4:8]), data: b[icmpHeaderLen:]}, true
}

func (m message) pack() []byte {
	b := make([]byte, 4, icmpHeaderLen+len(m.data))
	b[0], b[1] = m.kind, m.code
	b = append(b, m.rest[:]...)
	b = append(b, m.data...)
	binary.BigEndian.PutUint16(b[2:], checksum(b))
	return b
}

// checksum is the Internet checksum (RFC 1071). It is 0 for bytes that hold
// their own right checksum.
func checksum(b []byte) uint16 {
	var sum uint32
	for i, octet := range b {
		if i%2 == 0 {
			sum += uint32(octet) << 8
		} else {
			sum += uint32(octet)
		}
	}
	for sum > 0xffff {
		sum = sum&0xffff + sum>>16 // the carry goes round to the lowest bit
	}
	return ^uint16(sum)
}
