package frame

import (
	"encoding/hex"
	"fmt"
)

const (
	echoReply   = 0
	echoRequest = 8
)

// icmp is the header of an ICMP message (RFC 792).
var icmp = &protocol{
	kind:    "icmp",
	doc:     "an ICMP message in an IPv4 packet",
	name:    "ICMP message",
	on:      "proto",
	numbers: []int{1},
	carries: "type",
	size:    8,
	quotes:  576,
	fields: []field{
		{name: "type", doc: "type: request and reply are the echo's, others a number", off: 0, len: 1, format: decimal, usual: "request",
			words: []word{{"request", echoRequest}, {"reply", echoReply}}},
		{name: "code", doc: "code", off: 1, len: 1, format: decimal},
		{name: "id", doc: "identifier of an echo; in other messages, the third 16-bit word", off: 4, len: 2, format: decimal, usual: "1"},
		{name: "seq", doc: "sequence number of an echo; in other messages, the fourth 16-bit word", off: 6, len: 2, format: decimal, usual: "1"},
		{name: "sum", doc: "checksum; bad is one that does not fit", off: 2, len: 2, format: hexadecimal, sum: true,
			derive: func(p packet, i int) []byte { return sumOf(p.inner(i), 2) }},
	},
	describe: func(p packet, i int, _ string) string {
		p = p[:i+1]
		from, to, id, seq := p.word("from"), p.word("to"), p.word("id"), p.word("seq")
		switch number(p[i].get("type")) {
		case echoRequest:
			return fmt.Sprintf("echo request %s > %s id %s seq %s", from, to, id, seq)
		case echoReply:
			return fmt.Sprintf("echo reply %s > %s id %s seq %s", from, to, id, seq)
		}
		return fmt.Sprintf("ICMP type %s code %s %s > %s", p.word("type"), p.word("code"), from, to)
	},
	answer: func(p packet) []assignment {
		return []assignment{
			{name: "src", value: p.word("dst")},
			{name: "dst", value: p.word("src")},
			{name: "from", value: p.word("to")},
			{name: "to", value: p.word("from")},
			{name: "type", value: "reply"},
			{name: "id", value: p.word("id")},
			{name: "seq", value: p.word("seq")},
			{name: "hex", value: hex.EncodeToString(p[len(p)-2].bytes)},
		}
	},
}
