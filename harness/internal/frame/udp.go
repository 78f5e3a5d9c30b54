package frame

import "fmt"

// udp is the header of a UDP datagram (RFC 768).
var udp = &protocol{
	kind:    "udp",
	doc:     "a UDP datagram in an IPv4 packet",
	name:    "UDP datagram",
	on:      "proto",
	numbers: []int{17},
	carries: "dport",
	size:    8,
	fields: []field{
		{name: "sport", doc: "source port", off: 0, len: 2, format: decimal, usual: "4000"},
		{name: "dport", doc: "destination port", off: 2, len: 2, format: decimal, usual: "5000"},
		{name: "udplen", doc: "length", off: 4, len: 2, format: decimal,
			derive: func(p packet, i int) []byte { return big(len(p.inner(i)), 2) }},
		{name: "sum", doc: "checksum; bad is one that does not fit, 0 is none", off: 6, len: 2, format: hexadecimal, sum: true, unsummed: true,
			derive: udpSum},
	},
	extent: func(l layer) (header, end int, field, want string) {
		if number(l.get("udplen")) != len(l.bytes) {
			return 0, 0, "udplen", fmt.Sprint(len(l.bytes))
		}
		return l.size, len(l.bytes), "", ""
	},
	describe: func(p packet, i int, _ string) string {
		size := len(p.inner(i + 1))
		p = p[:i+1]
		return fmt.Sprintf("UDP %s:%s > %s:%s, %d bytes", p.word("from"), p.word("sport"), p.word("to"), p.word("dport"), size)
	},
}

// udpSum is the datagram's checksum. Zero is sent as its other form, since it
// would mean that there is none.
func udpSum(p packet, i int) []byte {
	sum := transportSum(p, i, 6)
	if number(sum) == 0 {
		return big(0xffff, 2)
	}
	return sum
}
