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

// ICMP types of an echo.
const (
	echoReply   = 0
	echoRequest = 8
)

// An echo is an ICMP echo request or reply (RFC 792) in an IPv4 packet (RFC
// 791). A reply has the id, seq and data of its request.
type echo struct {
	src, dst netip.Addr
	kind     uint8 // echoRequest or echoReply
	id, seq  uint16
	data     []byte
}

const (
	ipv4HeaderLen = 20
	icmpHeaderLen = 8
	protocolICMP  = 1
)

// parseEcho takes an IPv4 packet apart; false means that it is no echo, is
// malformed or is a fragment. What follows the packet's own length is padding.
func parseEcho(b []byte) (echo, bool) {
	if len(b) < ipv4HeaderLen || b[0]>>4 != 4 {
		return echo{}, false
	}
	headerLen := 4 * int(b[0]&0xf)
	totalLen := int(binary.BigEndian.Uint16(b[2:4]))
	if headerLen < ipv4HeaderLen || totalLen < headerLen+icmpHeaderLen || totalLen > len(b) {
		return echo{}, false
	}
	fragment := binary.BigEndian.Uint16(b[6:8]) & 0x3fff // more fragments, and the offset
	header, message := b[:headerLen], b[headerLen:totalLen]
	if b[9] != protocolICMP || fragment != 0 || checksum(header) != 0 || checksum(message) != 0 {
		return echo{}, false
	}
	e := echo{
		src:  netip.AddrFrom4([4]byte(b[12:16])),
		dst:  netip.AddrFrom4([4]byte(b[16:20])),
		kind: message[0],
		id:   binary.BigEndian.Uint16(message[4:6]),
		seq:  binary.BigEndian.Uint16(message[6:8]),
		data: bytes.Clone(message[icmpHeaderLen:]),
	}
	return e, message[1] == 0 && (e.kind == echoRequest || e.kind == echoReply)
}

// pack makes the IPv4 packet.
func (e echo) pack() []byte {
	header := make([]byte, ipv4HeaderLen)
	header[0] = 4<<4 | ipv4HeaderLen/4
	binary.BigEndian.PutUint16(header[2:4], uint16(ipv4HeaderLen+icmpHeaderLen+len(e.data)))
	header[8] = 64 // time to live: the packet may pass so many routers
	header[9] = protocolICMP
	src, dst := e.src.As4(), e.dst.As4()
	copy(header[12:16], src[:])
	copy(header[16:20], dst[:])
	binary.BigEndian.PutUint16(header[10:12], checksum(header))

	message := make([]byte, icmpHeaderLen, icmpHeaderLen+len(e.data))
	message[0] = e.kind
	binary.BigEndian.PutUint16(message[4:6], e.id)
	binary.BigEndian.PutUint16(message[6:8], e.seq)
	message = append(message, e.data...)
	binary.BigEndian.PutUint16(message[2:4], checksum(message))
	return append(header, message...)
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
