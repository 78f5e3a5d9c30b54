//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
)

// This file is given: what is in a frame, down to the fixed part of a DHCP
// message. All numbers on the wire are big-endian, the most significant byte
// first.

// A mac is an Ethernet address.
type mac [6]byte

// broadcast is the MAC that means every card, and everybody its counterpart
// among the IPv4 addresses.
var (
	broadcast = mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	everybody = netip.AddrFrom4([4]byte{255, 255, 255, 255})
)

// nobody is 0.0.0.0, the address of who has none.
var nobody = netip.IPv4Unspecified()

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

// The ports of DHCP (RFC 2131 §4.1).
const (
	serverPort = 67
	clientPort = 68
)

// A datagram is a UDP datagram (RFC 768) in an IPv4 packet (RFC 791).
type datagram struct {
	src, dst         netip.Addr
	srcPort, dstPort uint16
	data             []byte
}

const (
	ipv4HeaderLen = 20 // without options
	udpHeaderLen  = 8
	protocolUDP   = 17
	fragmentMask  = 0x3fff // more fragments follow, or this is not the first
)

// parseDatagram takes an IPv4 packet with a UDP datagram apart; false means that
// it is malformed, damaged, a fragment or something else. What follows the
// packet's own length is padding.
func parseDatagram(b []byte) (datagram, bool) {
	if len(b) < ipv4HeaderLen || b[0]>>4 != 4 {
		return datagram{}, false
	}
	headerLen := 4 * int(b[0]&0xf)
	totalLen := int(binary.BigEndian.Uint16(b[2:]))
	if headerLen < ipv4HeaderLen || headerLen+udpHeaderLen > totalLen || totalLen > len(b) ||
		b[9] != protocolUDP || binary.BigEndian.Uint16(b[6:])&fragmentMask != 0 || checksum(b[:headerLen]) != 0 {
		return datagram{}, false
	}
	d := datagram{
		src: netip.AddrFrom4([4]byte(b[12:16])),
		dst: netip.AddrFrom4([4]byte(b[16:20])),
	}
	udp := b[headerLen:totalLen]
	length := int(binary.BigEndian.Uint16(udp[4:]))
	if length < udpHeaderLen || length > len(udp) {
		return datagram{}, false
	}
	udp = udp[:length]
	d.srcPort, d.dstPort = binary.BigEndian.Uint16(udp[0:]), binary.BigEndian.Uint16(udp[2:])
	d.data = udp[udpHeaderLen:]
	noChecksum := udp[6] == 0 && udp[7] == 0
	if !noChecksum && checksum(append(d.pseudoHeader(), udp...)) != 0 {
		return datagram{}, false
	}
	return d, true
}

// pack makes the packet's bytes, with the lengths and the checksums that fit.
func (d datagram) pack() []byte {
	udp := make([]byte, 0, udpHeaderLen+len(d.data))
	udp = binary.BigEndian.AppendUint16(udp, d.srcPort)
	udp = binary.BigEndian.AppendUint16(udp, d.dstPort)
	udp = binary.BigEndian.AppendUint16(udp, uint16(udpHeaderLen+len(d.data)))
	udp = append(udp, 0, 0)
	udp = append(udp, d.data...)
	sum := checksum(append(d.pseudoHeader(), udp...))
	if sum == 0 {
		sum = 0xffff // 0 would mean that there is no checksum
	}
	binary.BigEndian.PutUint16(udp[6:], sum)

	b := make([]byte, ipv4HeaderLen, ipv4HeaderLen+len(udp))
	b[0] = 4<<4 | ipv4HeaderLen/4
	binary.BigEndian.PutUint16(b[2:], uint16(ipv4HeaderLen+len(udp)))
	b[8] = 64 // time to live
	b[9] = protocolUDP
	src, dst := d.src.As4(), d.dst.As4()
	copy(b[12:], src[:])
	copy(b[16:], dst[:])
	binary.BigEndian.PutUint16(b[10:], checksum(b))
	return append(b, udp...)
}

// pseudoHeader is what UDP's checksum covers besides the datagram. The length in
// it is that of the datagram.
func (d datagram) pseudoHeader() []byte {
	src, dst := d.src.As4(), d.dst.As4()
	b := append(src[:], dst[:]...)
	b = append(b, 0, protocolUDP)
	return binary.BigEndian.AppendUint16(b, uint16(udpHeaderLen+len(d.data)))
}

// The operations of a message: who speaks.
const (
	opRequest = 1 // a client
	opReply   = 2 // a server
)

// A message is a DHCP message (RFC 2131 §2): 236 bytes that stand always in the
// same places, the cookie, and then options.
type message struct {
	op      uint8
	xid     uint32 // the client's number for its conversation
	flags   uint16
	ciaddr  netip.Addr // the client's address, if it uses one already
	yiaddr  netip.Addr // "your" address: the one that is lent
	giaddr  netip.Addr // of a relay agent
	chaddr  mac        // the client's hardware address
	options []byte     // what follows the cookie
}

// broadcastBit of the flags asks for an answer to everybody.
const broadcastBit = 0x8000

const (
	fixedLen         = 240 // with the cookie
	shortest         = 300 // of a message (RFC 1542 §2.1)
	hardwareEthernet = 1
	hardwareLen      = 6
)

// cookie says that what follows is options.
var cookie = []byte{0x63, 0x82, 0x53, 0x63}

// parseMessage takes a message apart; false means that it is too short, of
// another network than Ethernet, or has another cookie.
func parseMessage(b []byte) (message, bool) {
	if len(b) < fixedLen || b[1] != hardwareEthernet || b[2] != hardwareLen || !bytes.Equal(b[236:fixedLen], cookie) {
		return message{}, false
	}
	return message{
		op:      b[0],
		xid:     binary.BigEndian.Uint32(b[4:]),
		flags:   binary.BigEndian.Uint16(b[10:]),
		ciaddr:  netip.AddrFrom4([4]byte(b[12:16])),
		yiaddr:  netip.AddrFrom4([4]byte(b[16:20])),
		giaddr:  netip.AddrFrom4([4]byte(b[24:28])),
		chaddr:  mac(b[28:34]),
		options: b[fixedLen:],
	}, true
}

// pack makes the message's bytes. An address that was not set is 0.0.0.0. Zeros
// behind the options make it long enough.
func (m message) pack() []byte {
	b := make([]byte, fixedLen, shortest+len(m.options))
	b[0], b[1], b[2] = m.op, hardwareEthernet, hardwareLen
	binary.BigEndian.PutUint32(b[4:], m.xid)
	binary.BigEndian.PutUint16(b[10:], m.flags)
	for at, ip := range map[int]netip.Addr{12: m.ciaddr, 16: m.yiaddr, 24: m.giaddr} {
		if ip.Is4() {
			copy(b[at:], ip.AsSlice())
		}
	}
	copy(b[28:], m.chaddr[:])
	copy(b[236:], cookie)
	b = append(b, m.options...)
	return append(b, make([]byte, max(0, shortest-len(b)))...)
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
