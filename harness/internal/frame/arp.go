package frame

import (
	"encoding/binary"
	"fmt"
)

// ARP operations.
const (
	Request = 1
	Reply   = 2
)

const arpLen = 28

// ARP is an ARP packet for Ethernet and IPv4 (RFC 826). Its first four fields
// have other values than the usual only where a scenario sends them wrong:
// [Decode] takes a packet that has others for malformed.
type ARP struct {
	Hardware    uint16 // 1, Ethernet
	Protocol    uint16 // 0x0800, IPv4
	HardwareLen uint8  // 6
	ProtocolLen uint8  // 4
	Op          uint16
	SHA         MAC // sender
	SPA         IP
	THA         MAC // target
	TPA         IP
}

func (a ARP) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, a.Hardware)
	b = binary.BigEndian.AppendUint16(b, a.Protocol)
	b = append(b, a.HardwareLen, a.ProtocolLen)
	b = binary.BigEndian.AppendUint16(b, a.Op)
	b = append(b, a.SHA[:]...)
	b = append(b, a.SPA[:]...)
	b = append(b, a.THA[:]...)
	return append(b, a.TPA[:]...)
}

func cutARP(b []byte) (a ARP, padding []byte, err error) {
	if len(b) < arpLen {
		return ARP{}, nil, fmt.Errorf("the ARP packet has %d bytes instead of %d", len(b), arpLen)
	}
	a = ARP{
		Hardware:    binary.BigEndian.Uint16(b[0:]),
		Protocol:    binary.BigEndian.Uint16(b[2:]),
		HardwareLen: b[4],
		ProtocolLen: b[5],
		Op:          binary.BigEndian.Uint16(b[6:]),
		SHA:         MAC(b[8:14]),
		SPA:         IP(b[14:18]),
		THA:         MAC(b[18:24]),
		TPA:         IP(b[24:28]),
	}
	switch {
	case a.Hardware != 1:
		err = fmt.Errorf("the ARP hardware type is %d instead of 1 (Ethernet)", a.Hardware)
	case a.Protocol != TypeIPv4:
		err = fmt.Errorf("the ARP protocol type is 0x%04x instead of 0x0800 (IPv4)", a.Protocol)
	case a.HardwareLen != 6:
		err = fmt.Errorf("the ARP hardware address length is %d instead of 6", a.HardwareLen)
	case a.ProtocolLen != 4:
		err = fmt.Errorf("the ARP protocol address length is %d instead of 4", a.ProtocolLen)
	}
	return a, b[arpLen:], err
}
