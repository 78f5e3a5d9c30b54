package frame

import (
	"bytes"
	"fmt"
)

const (
	arpRequest = 1
	arpReply   = 2
)

// arp is an ARP packet for Ethernet and IPv4 (RFC 826).
var arp = &protocol{
	kind:    "arp",
	doc:     "an ARP packet",
	name:    "ARP packet",
	on:      "ethertype",
	numbers: []int{0x0806},
	bare:    true,
	size:    28,
	fields: []field{
		{name: "htype", doc: "hardware type, 1 for Ethernet", off: 0, len: 2, format: decimal, usual: "1", must: true},
		{name: "ptype", doc: "protocol type, 0x0800 for IPv4", off: 2, len: 2, format: hexadecimal, usual: "0x0800", must: true},
		{name: "hlen", doc: "hardware address length", off: 4, len: 1, format: decimal, usual: "6", must: true},
		{name: "plen", doc: "protocol address length", off: 5, len: 1, format: decimal, usual: "4", must: true},
		{name: "op", doc: "operation: request, reply or a number", off: 6, len: 2, format: decimal, usual: "request",
			words: []word{{"request", arpRequest}, {"reply", arpReply}}},
		{name: "sha", doc: "sender hardware address", off: 8, len: 6, format: macAddress,
			derive: func(p packet, i int) []byte { return station(p[i].get("spa")) }},
		{name: "spa", doc: "sender protocol address", off: 14, len: 4, format: ipAddress, usual: "10.0.0.2"},
		{name: "tha", doc: "target hardware address, of zeros in a request", off: 18, len: 6, format: macAddress,
			derive: func(p packet, i int) []byte {
				if number(p[i].get("op")) == arpRequest {
					return nil
				}
				return station(p[i].get("tpa"))
			}},
		{name: "tpa", doc: "target protocol address", off: 24, len: 4, format: ipAddress, usual: "10.0.0.1"},
	},
	link: func(p packet, i int) (dst, src []byte, told bool) {
		if number(p[i].get("op")) == arpRequest {
			return broadcast(), p[i].get("sha"), true
		}
		return p[i].get("tha"), p[i].get("sha"), true
	},
	describe: func(p packet, i int, _ string) string {
		sha, spa, tpa := p.word("sha"), p.word("spa"), p.word("tpa")
		switch op := number(p[i].get("op")); op {
		case arpRequest:
			return fmt.Sprintf("ARP who-has %s tell %s at %s", tpa, spa, sha)
		case arpReply:
			return fmt.Sprintf("ARP %s is-at %s for %s", spa, sha, tpa)
		default:
			return fmt.Sprintf("ARP operation %d by %s at %s for %s", op, spa, sha, tpa)
		}
	},
	answer: func(p packet) []assignment {
		return []assignment{
			{name: "op", value: "reply"},
			{name: "spa", value: p.word("tpa")},
			{name: "tpa", value: p.word("spa")},
			{name: "tha", value: p.word("sha")},
		}
	},
}

// prober is the MAC address of the engine when it probes.
const prober = "02-00-70-72-6f-62"

// Probe is an ARP probe (RFC 5227) for a host's address, with these fields, too.
// A host answers it and learns nothing from it, so its answer tells that every
// frame sent before was seen.
func Probe(host string, fields ...string) ([]byte, error) {
	more, err := parseWords(fields, allKnown)
	if err != nil {
		return nil, err
	}
	return arp.build(append(more,
		assignment{name: "sha", value: prober}, assignment{name: "spa", value: "0.0.0.0"}, assignment{name: "tpa", value: host}))
}

// AnswersProbe tells whether a frame is the answer to a [Probe], right or
// wrong: nothing else goes to the prober's MAC address.
func AnswersProbe(frame []byte) bool {
	mac, err := readMAC(prober, 0)
	return err == nil && bytes.HasPrefix(frame, mac)
}
