package frame

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// IPv4 protocols.
const (
	ProtocolICMP = 1
	ProtocolUDP  = 17
)

// IPv4 flags.
const (
	MoreFragments = 1
	DontFragment  = 2
)

const ipv4Len = 20 // without options

// IPv4 is an IPv4 header (RFC 791).
type IPv4 struct {
	Version  uint8 // 4 bits: 4
	IHL      uint8 // 4 bits: header length in words of four bytes
	TOS      uint8
	TotalLen uint16
	ID       uint16
	Flags    uint8  // 3 bits
	Offset   uint16 // 13 bits, in units of eight bytes
	TTL      uint8
	Protocol uint8
	Checksum uint16
	Src, Dst IP
	Options  []byte
}

func (h IPv4) append(b []byte) []byte {
	b = append(b, h.Version<<4|h.IHL&0xf, h.TOS)
	b = binary.BigEndian.AppendUint16(b, h.TotalLen)
	b = binary.BigEndian.AppendUint16(b, h.ID)
	b = binary.BigEndian.AppendUint16(b, uint16(h.Flags&7)<<13|h.Offset&0x1fff)
	b = append(b, h.TTL, h.Protocol)
	b = binary.BigEndian.AppendUint16(b, h.Checksum)
	b = append(b, h.Src[:]...)
	b = append(b, h.Dst[:]...)
	return append(b, h.Options...)
}

func cutIPv4(b []byte) (h IPv4, payload, padding []byte, err error) {
	if len(b) < ipv4Len {
		return IPv4{}, nil, nil, fmt.Errorf("the IPv4 header has %d bytes instead of %d", len(b), ipv4Len)
	}
	fragment := binary.BigEndian.Uint16(b[6:])
	h = IPv4{
		Version:  b[0] >> 4,
		IHL:      b[0] & 0xf,
		TOS:      b[1],
		TotalLen: binary.BigEndian.Uint16(b[2:]),
		ID:       binary.BigEndian.Uint16(b[4:]),
		Flags:    uint8(fragment >> 13),
		Offset:   fragment & 0x1fff,
		TTL:      b[8],
		Protocol: b[9],
		Checksum: binary.BigEndian.Uint16(b[10:]),
		Src:      IP(b[12:16]),
		Dst:      IP(b[16:20]),
	}
	headerLen, total := 4*int(h.IHL), int(h.TotalLen)
	switch {
	case h.Version != 4:
		err = fmt.Errorf("the IP version is %d instead of 4", h.Version)
	case headerLen < ipv4Len:
		err = fmt.Errorf("the IPv4 header length is %d bytes, less than %d", headerLen, ipv4Len)
	case total < headerLen:
		err = fmt.Errorf("the IPv4 total length is %d bytes, less than its header's %d", total, headerLen)
	case total > len(b):
		err = fmt.Errorf("the IPv4 total length is %d bytes, and %d are there", total, len(b))
	}
	if err != nil {
		return IPv4{}, nil, nil, err
	}
	if headerLen > ipv4Len {
		h.Options = b[ipv4Len:headerLen]
	}
	return h, b[headerLen:total], b[total:], nil
}

// Checksum is the Internet checksum of b (RFC 1071): the ones' complement of
// the ones' complement sum of its 16-bit words, a last odd byte filled up with
// a zero. Over data that holds its own right checksum it is 0.
func Checksum(b []byte) uint16 {
	var sum uint32
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
		sum = sum&0xffff + sum>>16
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// ICMP types.
const (
	EchoReply   = 0
	EchoRequest = 8
)

const icmpLen = 8

// ICMP is the header of an ICMP message (RFC 792). ID and Seq are those of an
// echo; in other messages they are the two halves of the second word.
type ICMP struct {
	Type, Code uint8
	Checksum   uint16
	ID, Seq    uint16
}

func (h ICMP) append(b []byte) []byte {
	b = append(b, h.Type, h.Code)
	b = binary.BigEndian.AppendUint16(b, h.Checksum)
	b = binary.BigEndian.AppendUint16(b, h.ID)
	return binary.BigEndian.AppendUint16(b, h.Seq)
}

func cutICMP(b []byte) (h ICMP, payload []byte, err error) {
	if len(b) < icmpLen {
		return ICMP{}, nil, fmt.Errorf("the ICMP message has %d bytes, less than %d", len(b), icmpLen)
	}
	h = ICMP{
		Type:     b[0],
		Code:     b[1],
		Checksum: binary.BigEndian.Uint16(b[2:]),
		ID:       binary.BigEndian.Uint16(b[4:]),
		Seq:      binary.BigEndian.Uint16(b[6:]),
	}
	return h, b[icmpLen:], nil
}

const udpLen = 8

// UDP is a UDP header (RFC 768). A checksum of zero is none.
type UDP struct {
	SrcPort, DstPort uint16
	Length           uint16
	Checksum         uint16
}

func (h UDP) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, h.SrcPort)
	b = binary.BigEndian.AppendUint16(b, h.DstPort)
	b = binary.BigEndian.AppendUint16(b, h.Length)
	return binary.BigEndian.AppendUint16(b, h.Checksum)
}

// cutUDP takes a datagram that does not fill its IPv4 packet for malformed.
func cutUDP(b []byte) (h UDP, payload []byte, err error) {
	if len(b) < udpLen {
		return UDP{}, nil, errors.New("the UDP header is cut short")
	}
	h = UDP{
		SrcPort:  binary.BigEndian.Uint16(b[0:]),
		DstPort:  binary.BigEndian.Uint16(b[2:]),
		Length:   binary.BigEndian.Uint16(b[4:]),
		Checksum: binary.BigEndian.Uint16(b[6:]),
	}
	if int(h.Length) != len(b) {
		return UDP{}, nil, fmt.Errorf("the UDP length is %d bytes, and %d are there", h.Length, len(b))
	}
	return h, b[udpLen:], nil
}

// udpChecksum is the checksum over the pseudo header of RFC 768 and the
// datagram. A sum of zero is sent as its other form, since zero means none.
func (p *Packet) udpChecksum() uint16 {
	if p.IPv4 == nil {
		return 0
	}
	var b []byte
	b = append(b, p.IPv4.Src[:]...)
	b = append(b, p.IPv4.Dst[:]...)
	b = append(b, 0, ProtocolUDP)
	b = binary.BigEndian.AppendUint16(b, p.UDP.Length)
	b = append(b, p.transport()...)
	if sum := Checksum(b); sum != 0 {
		return sum
	}
	return 0xffff
}
