package frame

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// tcp is the header of a TCP segment (RFC 9293 §3.1). A segment carries nothing
// unless a scenario says so, as most that only acknowledge do.
var tcp = &protocol{
	kind:    "tcp",
	doc:     "a TCP segment in an IPv4 packet",
	name:    "TCP segment",
	on:      "proto",
	numbers: []int{6},
	size:    20,
	empty:   true,
	fields: []field{
		{name: "sport", doc: "source port", off: 0, len: 2, format: decimal, usual: "4000"},
		{name: "dport", doc: "destination port", off: 2, len: 2, format: decimal, usual: "5000"},
		{name: "seq", doc: "sequence number", off: 4, len: 4, format: decimal},
		{name: "ack", doc: "acknowledgment number", off: 8, len: 4, format: decimal},
		{name: "flags", doc: "control bits but for those below: FIN SYN RST ACK with commas between, or none", off: 13, len: 1, mask: 0x17, format: controlBits, usual: "ACK"},
		{name: "psh", doc: "the push bit", off: 13, len: 1, mask: 0x08, format: decimal},
		{name: "urg", doc: "the urgent bit", off: 13, len: 1, mask: 0x20, format: decimal},
		{name: "ecn", doc: "the bits CWR and ECE", off: 13, len: 1, mask: 0xc0, format: decimal},
		{name: "win", doc: "window, as it stands in the header", off: 14, len: 2, format: decimal, usual: "65535"},
		{name: "urgptr", doc: "urgent pointer", off: 18, len: 2, format: decimal},
		{name: "reserved", doc: "reserved bits", off: 12, len: 1, mask: 0x0f, format: decimal},
		{name: "mss", doc: "maximum segment size: the one option of that kind and no other, or none", off: 20, format: sizeOption},
		{name: "opts", doc: "options in hexadecimal, a multiple of four bytes", off: 20, format: fourHex},
		{name: "off", doc: "data offset, the header's length in words of four bytes", off: 12, len: 1, mask: 0xf0, format: decimal,
			derive: func(p packet, i int) []byte { return big(len(p[i].bytes)/4, 1) }},
		{name: "sum", doc: "checksum; bad is one that does not fit", off: 16, len: 2, format: hexadecimal, sum: true,
			derive: func(p packet, i int) []byte { return transportSum(p, i, 16) }},
	},
	extent: func(l layer) (header, end int, field, want string) {
		header = 4 * number(l.get("off"))
		switch {
		case header < l.size:
			return 0, 0, "off", "at least 5"
		case header > len(l.bytes):
			return 0, 0, "off", fmt.Sprintf("at most %d", len(l.bytes)/4)
		}
		return header, len(l.bytes), "", ""
	},
	describe: func(p packet, i int, _ string) string {
		size := len(p.inner(i + 1))
		p = p[:i+1]
		text := fmt.Sprintf("TCP %s:%s > %s:%s %s seq %s", p.word("from"), p.word("sport"), p.word("to"), p.word("dport"), p.word("flags"), p.word("seq"))
		if number(p[i].get("flags"))&ackBit != 0 {
			text += " ack " + p.word("ack")
		}
		if p.word("win") == "0" {
			text += " window 0"
		}
		if options := p.word("mss"); options != "none" {
			text += " mss " + options
		}
		if size > 0 {
			text += fmt.Sprintf(", %d bytes", size)
		}
		return text
	},
}

const ackBit = 0x10

// controls are the control bits that say what a segment does.
var controls = []word{{"FIN", 0x01}, {"SYN", 0x02}, {"RST", 0x04}, {"ACK", ackBit}}

var (
	controlBits = &format{readControls, writeControls}
	sizeOption  = &format{readSizeOption, writeSizeOption}
)

// none is the word for no control bit and for no option.
const none = "none"

func readControls(s string, _ int) ([]byte, error) {
	if s == none {
		return []byte{0}, nil
	}
	bits := 0
	for name := range strings.SplitSeq(s, ",") {
		bit := 0
		for _, w := range controls {
			if w.text == name {
				bit = w.number
			}
		}
		if bit == 0 {
			return nil, fmt.Errorf("%q is no control bit; there are FIN SYN RST ACK, with commas between, or %s", name, none)
		}
		bits |= bit
	}
	return []byte{byte(bits)}, nil
}

func writeControls(b []byte) string {
	var names []string
	for _, w := range controls {
		if number(b)&w.number != 0 {
			names = append(names, w.text)
		}
	}
	if names == nil {
		return none
	}
	return strings.Join(names, ",")
}

// maximumSize is kind and length of the option that tells it.
const maximumSize = "\x02\x04"

func readSizeOption(s string, _ int) ([]byte, error) {
	if s == none {
		return nil, nil
	}
	size, err := readNumber(s, 16)
	return append([]byte(maximumSize), size...), err
}

func writeSizeOption(b []byte) string {
	size, is := strings.CutPrefix(string(b), maximumSize)
	switch {
	case len(b) == 0:
		return none
	case is && len(size) == 2:
		return strconv.Itoa(number([]byte(size)))
	}
	return "in the options " + hex.EncodeToString(b)
}
