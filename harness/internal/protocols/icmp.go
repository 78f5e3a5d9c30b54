package protocols

import (
	"encoding/hex"
	"fmt"

	"wirebook/harness/internal/packet"
)

const (
	echoReply   = 0
	echoRequest = 8
)

// icmpErrors are what errors about a packet are called (RFC 792, 1812).
var icmpErrors = map[string]string{
	"type 3 code 0":  "network unreachable",
	"type 3 code 1":  "host unreachable",
	"type 3 code 3":  "port unreachable",
	"type 3 code 13": "prohibited",
	"type 11 code 0": "time exceeded",
}

// icmp is the header of an ICMP message (RFC 792).
var icmp = &packet.Protocol{
	Kind:    "icmp",
	Doc:     "an ICMP message in an IPv4 packet",
	Name:    "ICMP message",
	On:      "proto",
	Numbers: []int{1},
	Carries: "type",
	Size:    8,
	Quotes:  576,
	Fields: []packet.Field{
		{Name: "type", Doc: "type: request and reply are the echo's, others a number", Off: 0, Len: 1, Format: packet.Decimal, Usual: "request",
			Words: []packet.Word{{Text: "request", Number: echoRequest}, {Text: "reply", Number: echoReply}}},
		{Name: "code", Doc: "code", Off: 1, Len: 1, Format: packet.Decimal},
		{Name: "id", Doc: "identifier of an echo; in other messages, the third 16-bit word", Off: 4, Len: 2, Format: packet.Decimal, Usual: "1"},
		{Name: "seq", Doc: "sequence number of an echo; in other messages, the fourth 16-bit word", Off: 6, Len: 2, Format: packet.Decimal, Usual: "1"},
		{Name: "sum", Doc: "checksum; bad is one that does not fit", Off: 2, Len: 2, Format: packet.Hexadecimal, Sum: true,
			Derive: func(p packet.Packet, i int) []byte { return packet.SumOf(p.Inner(i), 2) }},
	},
	Describe: func(p packet.Packet, i int, _ string) string {
		p = p[:i+1]
		from, to, id, seq := p.Word("from"), p.Word("to"), p.Word("id"), p.Word("seq")
		switch packet.Number(p[i].Get("type")) {
		case echoRequest:
			return fmt.Sprintf("echo request %s > %s id %s seq %s", from, to, id, seq)
		case echoReply:
			return fmt.Sprintf("echo reply %s > %s id %s seq %s", from, to, id, seq)
		}
		number := fmt.Sprintf("type %s code %s", p.Word("type"), p.Word("code"))
		if name, ok := icmpErrors[number]; ok {
			return fmt.Sprintf("ICMP %s (%s) %s > %s", name, number, from, to)
		}
		return fmt.Sprintf("ICMP %s %s > %s", number, from, to)
	},
	Answer: func(p packet.Packet) []packet.Assignment {
		return []packet.Assignment{
			{Name: "src", Value: p.Word("dst")},
			{Name: "dst", Value: p.Word("src")},
			{Name: "from", Value: p.Word("to")},
			{Name: "to", Value: p.Word("from")},
			{Name: "type", Value: "reply"},
			{Name: "id", Value: p.Word("id")},
			{Name: "seq", Value: p.Word("seq")},
			{Name: "hex", Value: hex.EncodeToString(p[len(p)-2].Bytes)},
		}
	},
}
