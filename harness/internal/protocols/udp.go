package protocols

import (
	"fmt"

	"wirebook/harness/internal/packet"
)

// udp is the header of a UDP datagram (RFC 768).
var udp = &packet.Protocol{
	Kind:    "udp",
	Doc:     "a UDP datagram in an IPv4 packet",
	Name:    "UDP datagram",
	On:      "proto",
	Numbers: []int{17},
	Carries: "dport",
	Size:    8,
	Fields: []packet.Field{
		{Name: "sport", Doc: "source port", Off: 0, Len: 2, Format: packet.Decimal, Usual: "4000"},
		{Name: "dport", Doc: "destination port", Off: 2, Len: 2, Format: packet.Decimal, Usual: "5000"},
		{Name: "udplen", Doc: "length", Off: 4, Len: 2, Format: packet.Decimal,
			Derive: func(p packet.Packet, i int) []byte { return packet.Big(len(p.Inner(i)), 2) }},
		{Name: "sum", Doc: "checksum; bad is one that does not fit, 0 is none", Off: 6, Len: 2, Format: packet.Hexadecimal, Sum: true, Unsummed: true,
			Derive: udpSum},
	},
	Extent: func(l packet.Layer) (header, end int, field, want string) {
		if packet.Number(l.Get("udplen")) != len(l.Bytes) {
			return 0, 0, "udplen", fmt.Sprint(len(l.Bytes))
		}
		return l.Size, len(l.Bytes), "", ""
	},
	Describe: func(p packet.Packet, i int, inner string) string {
		if inner != "" {
			return inner
		}
		size := len(p.Inner(i + 1))
		p = p[:i+1]
		return fmt.Sprintf("UDP %s:%s > %s:%s, %d bytes", p.Word("from"), p.Word("sport"), p.Word("to"), p.Word("dport"), size)
	},
}

// udpSum is the datagram's checksum. Zero is sent as its other form, since it
// would mean that there is none.
func udpSum(p packet.Packet, i int) []byte {
	sum := transportSum(p, i, 6)
	if packet.Number(sum) == 0 {
		return packet.Big(0xffff, 2)
	}
	return sum
}
