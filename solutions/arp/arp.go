package main

import (
	"encoding/binary"
	"net/netip"
)

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

// An ARP packet begins with the kinds and lengths of its addresses. These are
// the only ones here.
const (
	hardwareEthernet = 1
	arpLen           = 28
)

// parseARP takes an ARP packet apart; false means that it is too short or for
// other addresses than Ethernet's and IPv4's. What follows it is padding.
func parseARP(b []byte) (arpPacket, bool) {
	if len(b) < arpLen {
		return arpPacket{}, false
	}
	if binary.BigEndian.Uint16(b[0:2]) != hardwareEthernet ||
		binary.BigEndian.Uint16(b[2:4]) != typeIPv4 ||
		b[4] != 6 || b[5] != 4 {
		return arpPacket{}, false
	}
	return arpPacket{
		op:        binary.BigEndian.Uint16(b[6:8]),
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
	b = append(b, 6, 4) // the lengths of the two kinds of addresses
	b = binary.BigEndian.AppendUint16(b, p.op)
	b = append(b, p.senderMAC[:]...)
	b = append(b, senderIP[:]...)
	b = append(b, p.targetMAC[:]...)
	return append(b, targetIP[:]...)
}
