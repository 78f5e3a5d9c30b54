package protocols

import (
	"fmt"
	"slices"

	"wirebook/harness/internal/packet"
)

const moreFragments = 1 // of the flags

// ipv4 is an IPv4 header (RFC 791).
var ipv4 = &packet.Protocol{
	Kind:    "ipv4",
	Doc:     "an IPv4 packet; its data is all that the header carries",
	Name:    "IPv4 header",
	On:      "ethertype",
	Numbers: []int{0x0800},
	Carries: "proto",
	Size:    20,
	Fields: []packet.Field{
		{Name: "from", Doc: "source address", Off: 12, Len: 4, Format: packet.IPAddress, Usual: "10.0.0.2"},
		{Name: "to", Doc: "destination address", Off: 16, Len: 4, Format: packet.IPAddress, Usual: "10.0.0.1"},
		{Name: "ttl", Doc: "time to live", Off: 8, Len: 1, Format: packet.Decimal, Usual: "64"},
		// By default one for experiments (RFC 3692).
		{Name: "proto", Doc: "protocol", Off: 9, Len: 1, Format: packet.Decimal, Usual: "253"},
		{Name: "ipid", Doc: "identification", Off: 4, Len: 2, Format: packet.Decimal},
		{Name: "tos", Doc: "type of service", Off: 1, Len: 1, Format: packet.Decimal},
		{Name: "flags", Doc: "flags: 1 more fragments, 2 do not fragment", Off: 6, Len: 1, Mask: 0xe0, Format: packet.Decimal},
		{Name: "offset", Doc: "fragment offset, in units of eight bytes", Off: 6, Len: 2, Mask: 0x1fff, Format: packet.Decimal},
		{Name: "options", Doc: "options in hexadecimal, a multiple of four bytes", Off: 20, Format: packet.FourHex},
		{Name: "version", Doc: "IP version", Off: 0, Len: 1, Mask: 0xf0, Format: packet.Decimal, Usual: "4", Must: true},
		{Name: "ihl", Doc: "header length, in words of four bytes", Off: 0, Len: 1, Mask: 0x0f, Format: packet.Decimal,
			Derive: func(p packet.Packet, i int) []byte { return packet.Big(len(p[i].Bytes)/4, 1) }},
		{Name: "iplen", Doc: "total length", Off: 2, Len: 2, Format: packet.Decimal,
			Derive: func(p packet.Packet, i int) []byte { return packet.Big(len(p.Inner(i)), 2) }},
		{Name: "ipsum", Doc: "header checksum; bad is one that does not fit", Off: 10, Len: 2, Format: packet.Hexadecimal, Sum: true,
			Derive: func(p packet.Packet, i int) []byte { return packet.SumOf(p[i].Bytes, 10) }},
	},
	Extent: func(l packet.Layer) (header, end int, field, want string) {
		header, end = 4*packet.Number(l.Get("ihl")), packet.Number(l.Get("iplen"))
		switch {
		case header < l.Size:
			return 0, 0, "ihl", "at least 5"
		case end < header:
			return 0, 0, "iplen", fmt.Sprintf("at least %d", header)
		case end > len(l.Bytes):
			return 0, 0, "iplen", fmt.Sprintf("at most %d", len(l.Bytes))
		}
		return header, end, "", ""
	},
	Opaque: func(l packet.Layer) bool { // a fragment
		return packet.Number(l.Get("offset")) != 0 || packet.Number(l.Get("flags"))&moreFragments != 0
	},
	Forward: func(l packet.Layer) {
		ttl := l.Field("ttl")
		l.Put(ttl, packet.Big(max(0, packet.Number(l.Value(ttl))-1), 1))
	},
	// As it was received, or as it would have been sent on (RFC 1812, 4.3.2.3).
	Quoted: func(p packet.Packet, i int) (forms [][]byte, least int) {
		const dataOfError = 8 // RFC 792
		received := p.Inner(i)
		lowered := packet.Layer{Protocol: p[i].Protocol, Bytes: slices.Clone(p[i].Bytes)}
		lowered.Forward(lowered)
		lowered.Put(lowered.Field("ipsum"), packet.SumOf(lowered.Bytes, 10))
		sentOn := append(slices.Clone(lowered.Bytes), received[len(lowered.Bytes):]...)
		return [][]byte{received, sentOn}, min(len(received), len(p[i].Bytes)+dataOfError)
	},
	Link: func(p packet.Packet, i int) (dst, src []byte, told bool) {
		return station(p[i].Get("to")), station(p[i].Get("from")), false
	},
	Describe: func(p packet.Packet, i int, inner string) string {
		// Random exchanges are compared by these words, and of a packet that a program
		// makes itself the TTL is free.
		if inner != "" {
			return inner
		}
		return fmt.Sprintf("IPv4 %s > %s protocol %s, %d bytes", p.Word("from"), p.Word("to"), p.Word("proto"), len(p.Inner(i+1)))
	},
}

// transportSum is the checksum of layer i, whose field for it is at that offset,
// over what the header carries and a pseudo header of the IPv4 packet around it
// (RFC 768, RFC 9293 §3.1).
func transportSum(p packet.Packet, i, at int) []byte {
	outer, segment := p[:i], p.Inner(i)
	pseudo := slices.Concat(outer.Get("from"), outer.Get("to"), packet.Big(p[i].Numbers[0], 2), packet.Big(len(segment), 2))
	return packet.SumOf(append(pseudo, segment...), len(pseudo)+at)
}
