package frame

import (
	"encoding/binary"
	"fmt"
	"slices"
)

const moreFragments = 1 // of the flags

// ipv4 is an IPv4 header (RFC 791).
var ipv4 = &protocol{
	kind:    "ipv4",
	doc:     "an IPv4 packet; its data is all that the header carries",
	name:    "IPv4 header",
	on:      "ethertype",
	numbers: []int{0x0800},
	carries: "proto",
	size:    20,
	fields: []field{
		{name: "from", doc: "source address", off: 12, len: 4, format: ipAddress, usual: "10.0.0.2"},
		{name: "to", doc: "destination address", off: 16, len: 4, format: ipAddress, usual: "10.0.0.1"},
		{name: "ttl", doc: "time to live", off: 8, len: 1, format: decimal, usual: "64"},
		// By default one for experiments (RFC 3692).
		{name: "proto", doc: "protocol", off: 9, len: 1, format: decimal, usual: "253"},
		{name: "ipid", doc: "identification", off: 4, len: 2, format: decimal},
		{name: "tos", doc: "type of service", off: 1, len: 1, format: decimal},
		{name: "flags", doc: "flags: 1 more fragments, 2 do not fragment", off: 6, len: 1, mask: 0xe0, format: decimal},
		{name: "offset", doc: "fragment offset, in units of eight bytes", off: 6, len: 2, mask: 0x1fff, format: decimal},
		{name: "options", doc: "options in hexadecimal, a multiple of four bytes", off: 20, format: fourHex},
		{name: "version", doc: "IP version", off: 0, len: 1, mask: 0xf0, format: decimal, usual: "4", must: true},
		{name: "ihl", doc: "header length, in words of four bytes", off: 0, len: 1, mask: 0x0f, format: decimal,
			derive: func(p packet, i int) []byte { return big(len(p[i].bytes)/4, 1) }},
		{name: "iplen", doc: "total length", off: 2, len: 2, format: decimal,
			derive: func(p packet, i int) []byte { return big(len(p.inner(i)), 2) }},
		{name: "ipsum", doc: "header checksum; bad is one that does not fit", off: 10, len: 2, format: hexadecimal, sum: true,
			derive: func(p packet, i int) []byte { return sumOf(p[i].bytes, 10) }},
	},
	extent: func(l layer) (header, end int, field, want string) {
		header, end = 4*number(l.get("ihl")), number(l.get("iplen"))
		switch {
		case header < l.size:
			return 0, 0, "ihl", "at least 5"
		case end < header:
			return 0, 0, "iplen", fmt.Sprintf("at least %d", header)
		case end > len(l.bytes):
			return 0, 0, "iplen", fmt.Sprintf("at most %d", len(l.bytes))
		}
		return header, end, "", ""
	},
	opaque: func(l layer) bool { // a fragment
		return number(l.get("offset")) != 0 || number(l.get("flags"))&moreFragments != 0
	},
	forward: func(l layer) {
		ttl := l.field("ttl")
		l.put(ttl, big(max(0, number(l.value(ttl))-1), 1))
	},
	// As it was received, or as it would have been sent on (RFC 1812, 4.3.2.3).
	quoted: func(p packet, i int) (forms [][]byte, least int) {
		const dataOfError = 8 // RFC 792
		received := p.inner(i)
		lowered := layer{p[i].protocol, slices.Clone(p[i].bytes)}
		lowered.forward(lowered)
		lowered.put(lowered.field("ipsum"), sumOf(lowered.bytes, 10))
		sentOn := append(slices.Clone(lowered.bytes), received[len(lowered.bytes):]...)
		return [][]byte{received, sentOn}, min(len(received), len(p[i].bytes)+dataOfError)
	},
	link: func(p packet, i int) (dst, src []byte, told bool) {
		return station(p[i].get("to")), station(p[i].get("from")), false
	},
	describe: func(p packet, i int, inner string) string {
		if inner != "" {
			return inner
		}
		return fmt.Sprintf("IPv4 %s > %s protocol %s, %d bytes", p.word("from"), p.word("to"), p.word("proto"), len(p.inner(i+1)))
	},
}

// sumOf is the Internet checksum of b with the field at that offset as zero.
func sumOf(b []byte, at int) []byte {
	rest := append(append(b[:at:at], 0, 0), b[at+2:]...)
	return big(int(internetSum(rest)), 2)
}

// transportSum is the checksum of layer i, whose field for it is at that offset,
// over what the header carries and a pseudo header of the IPv4 packet around it
// (RFC 768, RFC 9293 §3.1).
func transportSum(p packet, i, at int) []byte {
	outer, segment := p[:i], p.inner(i)
	pseudo := slices.Concat(outer.get("from"), outer.get("to"), big(p[i].numbers[0], 2), big(len(segment), 2))
	return sumOf(append(pseudo, segment...), len(pseudo)+at)
}

// internetSum is the Internet checksum (RFC 1071): the ones' complement of the
// ones' complement sum of the 16-bit words, a last odd byte filled up with a
// zero.
func internetSum(b []byte) uint16 {
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

// sameSum compares two checksums in ones' complement, where zero has two
// forms.
func sameSum(a, b int) bool { return a == b || a^b == 0xffff && (a == 0 || b == 0) }
