// Package frame packs and unpacks Ethernet frames, and reads and writes the
// text in which scenarios speak of them.
//
// The codec knows Ethernet II, VLAN tags, ARP, IPv4, ICMP and UDP, and is
// exact: whatever [Decode] takes apart, [Packet.Encode] puts together again
// byte for byte, however wrong the bytes were. A layer that is malformed is
// left as bytes, and [Packet.Problem] says what is wrong with it.
//
// The text has two halves. [ParseSend] reads what a scenario sends, with
// defaults for everything and room to set any field wrong on purpose;
// [ParseExpect] reads what it expects, of which only the named fields are
// compared. [Describe] says in one line what a frame is.
package frame

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Ethernet types.
const (
	TypeIPv4 = 0x0800
	TypeARP  = 0x0806
	TypeVLAN = 0x8100 // IEEE 802.1Q
	TypeQinQ = 0x88a8 // IEEE 802.1ad, the outer of two tags
)

// EthernetLen is the length of an Ethernet header without tags, and so the
// length of the shortest frame.
const EthernetLen = 14

// TagLen is the length of one VLAN tag.
const TagLen = 4

// Ethernet is an Ethernet II header with its VLAN tags, the outermost first.
type Ethernet struct {
	Dst, Src MAC
	Tags     []Tag
	Type     uint16 // of the payload, behind all tags
}

// Tag is an IEEE 802.1Q VLAN tag.
type Tag struct {
	TPID         uint16 // TypeVLAN or TypeQinQ
	Priority     uint8  // 3 bits
	DropEligible bool
	ID           uint16 // 12 bits
}

// Len is the number of bytes that the header takes.
func (h Ethernet) Len() int { return EthernetLen + TagLen*len(h.Tags) }

// append packs the header behind b.
func (h Ethernet) append(b []byte) []byte {
	b = append(b, h.Dst[:]...)
	b = append(b, h.Src[:]...)
	for _, t := range h.Tags {
		control := uint16(t.Priority&7)<<13 | t.ID&0xfff
		if t.DropEligible {
			control |= 1 << 12
		}
		b = binary.BigEndian.AppendUint16(b, t.TPID)
		b = binary.BigEndian.AppendUint16(b, control)
	}
	return binary.BigEndian.AppendUint16(b, h.Type)
}

// cutEthernet unpacks the header at the front of b and returns what follows
// it. The problem of a frame that ends within a tag is its last result: the
// header is then read up to that tag, whose TPID stands as Type.
func cutEthernet(b []byte) (h Ethernet, rest []byte, problem error) {
	h.Dst, h.Src = MAC(b[0:6]), MAC(b[6:12])
	h.Type, rest = binary.BigEndian.Uint16(b[12:14]), b[14:]
	for h.Type == TypeVLAN || h.Type == TypeQinQ {
		if len(rest) < TagLen {
			return h, rest, errors.New("the frame ends within a VLAN tag")
		}
		control := binary.BigEndian.Uint16(rest)
		h.Tags = append(h.Tags, Tag{
			TPID:         h.Type,
			Priority:     uint8(control >> 13),
			DropEligible: control&(1<<12) != 0,
			ID:           control & 0xfff,
		})
		h.Type, rest = binary.BigEndian.Uint16(rest[2:]), rest[TagLen:]
	}
	return h, rest, nil
}

// Packet is a frame taken apart: the layers that are there and well formed.
type Packet struct {
	Ethernet Ethernet
	ARP      *ARP
	IPv4     *IPv4
	ICMP     *ICMP // only with IPv4
	UDP      *UDP  // only with IPv4

	// Payload is what follows the innermost layer that was understood.
	Payload []byte
	// Padding is what follows the packet's own length.
	Padding []byte
	// Problem says what is wrong with the first layer that is malformed. That
	// layer lies in Payload. Checksums are no matter of form: see [Verify].
	Problem error
}

// ErrTooShort says that some bytes are too few for a frame.
var ErrTooShort = fmt.Errorf("shorter than an Ethernet header of %d bytes", EthernetLen)

// Decode takes a frame apart. Its only error is [ErrTooShort]. The packet
// keeps no reference to b.
func Decode(b []byte) (Packet, error) {
	if len(b) < EthernetLen {
		return Packet{}, ErrTooShort
	}
	var p Packet
	var rest []byte
	p.Ethernet, rest, p.Problem = cutEthernet(slices.Clone(b))
	p.Payload = rest
	if p.Problem != nil {
		return p, nil
	}
	switch p.Ethernet.Type {
	case TypeARP:
		arp, padding, err := cutARP(rest)
		if p.Problem = err; err == nil {
			p.ARP, p.Payload, p.Padding = &arp, nil, padding
		}
	case TypeIPv4:
		ip, payload, padding, err := cutIPv4(rest)
		if p.Problem = err; err == nil {
			p.IPv4, p.Payload, p.Padding = &ip, payload, padding
			p.decodeTransport()
		}
	}
	return p, nil
}

// decodeTransport takes the IPv4 payload apart, unless it is a fragment: those
// are not whole.
func (p *Packet) decodeTransport() {
	if p.IPv4.Offset != 0 || p.IPv4.Flags&MoreFragments != 0 {
		return
	}
	switch p.IPv4.Protocol {
	case ProtocolICMP:
		icmp, payload, err := cutICMP(p.Payload)
		if p.Problem = err; err == nil {
			p.ICMP, p.Payload = &icmp, payload
		}
	case ProtocolUDP:
		udp, payload, err := cutUDP(p.Payload)
		if p.Problem = err; err == nil {
			p.UDP, p.Payload = &udp, payload
		}
	}
}

// Encode packs the packet. It writes the fields as they stand, right or wrong;
// [Packet.Seal] makes lengths and checksums right before.
func (p Packet) Encode() []byte {
	b := p.Ethernet.append(nil)
	if p.ARP != nil {
		b = p.ARP.append(b)
	}
	if p.IPv4 != nil {
		b = p.IPv4.append(b)
	}
	if p.ICMP != nil {
		b = p.ICMP.append(b)
	}
	if p.UDP != nil {
		b = p.UDP.append(b)
	}
	b = append(b, p.Payload...)
	return append(b, p.Padding...)
}

// Seal sets every length and checksum to what the other fields make it, the
// inner layers before the outer.
func (p *Packet) Seal() {
	p.sealLengths()
	p.sealChecksums()
}

func (p *Packet) sealLengths() {
	if p.UDP != nil {
		p.UDP.Length = uint16(udpLen + len(p.Payload))
	}
	if p.IPv4 != nil {
		p.IPv4.IHL = uint8((ipv4Len + len(p.IPv4.Options)) / 4)
		p.IPv4.TotalLen = uint16(ipv4Len + len(p.IPv4.Options) + len(p.transport()))
	}
}

func (p *Packet) sealChecksums() {
	if p.ICMP != nil {
		p.ICMP.Checksum = 0
		p.ICMP.Checksum = Checksum(p.transport())
	}
	if p.UDP != nil {
		p.UDP.Checksum = 0
		p.UDP.Checksum = p.udpChecksum()
	}
	if p.IPv4 != nil {
		p.IPv4.Checksum = 0
		p.IPv4.Checksum = Checksum(p.IPv4.append(nil))
	}
}

// transport packs what the IPv4 header carries.
func (p *Packet) transport() []byte {
	var b []byte
	if p.ICMP != nil {
		b = p.ICMP.append(b)
	}
	if p.UDP != nil {
		b = p.UDP.append(b)
	}
	return append(b, p.Payload...)
}

// Verify returns what is wrong with a packet: its problem of form, or the
// first checksum that does not fit.
func (p Packet) Verify() error {
	if p.Problem != nil {
		return p.Problem
	}
	// A sealed copy has the checksums that the packet should have. They are
	// compared as fields, and not as sums, since a UDP checksum of zero means
	// that the sender made none.
	right := p
	if p.IPv4 != nil {
		ip := *p.IPv4
		right.IPv4 = &ip
	}
	if p.ICMP != nil {
		icmp := *p.ICMP
		right.ICMP = &icmp
	}
	if p.UDP != nil {
		udp := *p.UDP
		right.UDP = &udp
	}
	right.sealChecksums()
	switch {
	case p.IPv4 != nil && !sameSum(p.IPv4.Checksum, right.IPv4.Checksum):
		return wrongChecksum("IPv4 header", p.IPv4.Checksum, right.IPv4.Checksum)
	case p.ICMP != nil && !sameSum(p.ICMP.Checksum, right.ICMP.Checksum):
		return wrongChecksum("ICMP", p.ICMP.Checksum, right.ICMP.Checksum)
	case p.UDP != nil && p.UDP.Checksum != 0 && p.UDP.Checksum != right.UDP.Checksum:
		return wrongChecksum("UDP", p.UDP.Checksum, right.UDP.Checksum)
	}
	return nil
}

// sameSum compares two checksums in ones' complement, where zero has two
// forms.
func sameSum(a, b uint16) bool { return a == b || a^b == 0xffff && (a == 0 || b == 0) }

func wrongChecksum(layer string, got, want uint16) error {
	return fmt.Errorf("%s checksum is 0x%04x, should be 0x%04x", layer, got, want)
}
