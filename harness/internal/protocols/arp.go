package protocols

import (
	"bytes"
	"fmt"

	"wirebook/harness/internal/packet"
)

const (
	arpRequest = 1
	arpReply   = 2
)

// arp is an ARP packet for Ethernet and IPv4 (RFC 826).
var arp = &packet.Protocol{
	Kind:    "arp",
	Doc:     "an ARP packet",
	Name:    "ARP packet",
	On:      "ethertype",
	Numbers: []int{0x0806},
	Bare:    true,
	Size:    28,
	Fields: []packet.Field{
		{Name: "htype", Doc: "hardware type, 1 for Ethernet", Off: 0, Len: 2, Format: packet.Decimal, Usual: "1", Must: true},
		{Name: "ptype", Doc: "protocol type, 0x0800 for IPv4", Off: 2, Len: 2, Format: packet.Hexadecimal, Usual: "0x0800", Must: true},
		{Name: "hlen", Doc: "hardware address length", Off: 4, Len: 1, Format: packet.Decimal, Usual: "6", Must: true},
		{Name: "plen", Doc: "protocol address length", Off: 5, Len: 1, Format: packet.Decimal, Usual: "4", Must: true},
		{Name: "op", Doc: "operation: request, reply or a number", Off: 6, Len: 2, Format: packet.Decimal, Usual: "request",
			Words: []packet.Word{{Text: "request", Number: arpRequest}, {Text: "reply", Number: arpReply}}},
		{Name: "sha", Doc: "sender hardware address", Off: 8, Len: 6, Format: packet.MACAddress,
			Derive: func(p packet.Packet, i int) []byte { return station(p[i].Get("spa")) }},
		{Name: "spa", Doc: "sender protocol address", Off: 14, Len: 4, Format: packet.IPAddress, Usual: "10.0.0.2"},
		{Name: "tha", Doc: "target hardware address, of zeros in a request", Off: 18, Len: 6, Format: packet.MACAddress,
			Derive: func(p packet.Packet, i int) []byte {
				if packet.Number(p[i].Get("op")) == arpRequest {
					return nil
				}
				return station(p[i].Get("tpa"))
			}},
		{Name: "tpa", Doc: "target protocol address", Off: 24, Len: 4, Format: packet.IPAddress, Usual: "10.0.0.1"},
	},
	Link: func(p packet.Packet, i int) (dst, src []byte, told bool) {
		if packet.Number(p[i].Get("op")) == arpRequest {
			return packet.Broadcast(), p[i].Get("sha"), true
		}
		return p[i].Get("tha"), p[i].Get("sha"), true
	},
	Describe: func(p packet.Packet, i int, _ string) string {
		sha, spa, tpa := p.Word("sha"), p.Word("spa"), p.Word("tpa")
		switch op := packet.Number(p[i].Get("op")); op {
		case arpRequest:
			return fmt.Sprintf("ARP who-has %s tell %s at %s", tpa, spa, sha)
		case arpReply:
			return fmt.Sprintf("ARP %s is-at %s for %s", spa, sha, tpa)
		default:
			return fmt.Sprintf("ARP operation %d by %s at %s for %s", op, spa, sha, tpa)
		}
	},
	Answer: func(p packet.Packet) []packet.Assignment {
		return []packet.Assignment{
			{Name: "op", Value: "reply"},
			{Name: "spa", Value: p.Word("tpa")},
			{Name: "tpa", Value: p.Word("spa")},
			{Name: "tha", Value: p.Word("sha")},
		}
	},
}

// prober is the MAC address of the engine when it probes.
const prober = "02-00-70-72-6f-62"

// Probe is an ARP probe (RFC 5227) for a host's address, with these fields, too.
// A host answers it and learns nothing from it, so its answer tells that every
// frame sent before was seen.
func Probe(host string, fields ...packet.Assignment) ([]byte, error) {
	return Table.Build(arp, append(fields,
		packet.Assignment{Name: "sha", Value: prober}, packet.Assignment{Name: "spa", Value: "0.0.0.0"}, packet.Assignment{Name: "tpa", Value: host}))
}

// AnswersProbe tells whether a frame is the answer to a [Probe], right or
// wrong: nothing else goes to the prober's MAC address.
func AnswersProbe(frame []byte) bool {
	mac, err := packet.MACAddress.Read(prober, 0)
	return err == nil && bytes.HasPrefix(frame, mac)
}
