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
	if err != nil {
		return mac{}, err
	}
	if len(m) != len(mac{}) {
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

// parseFrame takes a frame apart; false means that it is too short for one.
// The frame keeps no reference to b.
func parseFrame(b []byte) (frame, bool) {
	if len(b) < frameHeaderLen {
		return frame{}, false
	}
	return frame{
		dst:     mac(b[0:6]),
		src:     mac(b[6:12]),
		kind:    binary.BigEndian.Uint16(b[12:14]),
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

// A packet is an IPv4 packet (RFC 791).
type packet struct {
	src, dst   netip.Addr
	protocol   uint8
	isFragment bool   // of a larger packet
	data       []byte // what the packet carries
}

const (
	ipv4HeaderLen = 20 // without options
	protocolTCP   = 6
	moreFragments = 0x2000
	offsetMask    = 0x1fff
	dontFragment  = 0x4000
	ttl           = 64 // time to live: the packet may pass so many routers
)

// parsePacket takes an IPv4 packet apart; false means that it is malformed. Options
// are skipped. What follows the packet's own length is padding.
func parsePacket(b []byte) (packet, bool) {
	if len(b) < ipv4HeaderLen || b[0]>>4 != 4 {
		return packet{}, false
	}
	headerLen := 4 * int(b[0]&0xf)
	totalLen := int(binary.BigEndian.Uint16(b[2:]))
	if headerLen < ipv4HeaderLen || headerLen > totalLen || totalLen > len(b) || checksum(b[:headerLen]) != 0 {
		return packet{}, false
	}
	return packet{
		src:        netip.AddrFrom4([4]byte(b[12:16])),
		dst:        netip.AddrFrom4([4]byte(b[16:20])),
		protocol:   b[9],
		isFragment: binary.BigEndian.Uint16(b[6:])&(moreFragments|offsetMask) != 0,
		data:       b[headerLen:totalLen],
	}, true
}

// pack makes the packet's bytes, with the length and the checksum that fit.
func (p packet) pack() []byte {
	b := make([]byte, ipv4HeaderLen, ipv4HeaderLen+len(p.data))
	b[0] = 4<<4 | ipv4HeaderLen/4
	binary.BigEndian.PutUint16(b[2:], uint16(ipv4HeaderLen+len(p.data)))
	binary.BigEndian.PutUint16(b[6:], dontFragment)
	b[8] = ttl
	b[9] = p.protocol
	src, dst := p.src.As4(), p.dst.As4()
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	binary.BigEndian.PutUint16(b[10:], checksum(b))
	return append(b, p.data...)
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
