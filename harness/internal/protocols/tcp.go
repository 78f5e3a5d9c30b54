package protocols

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"wirebook/harness/internal/packet"
)

// tcp is the header of a TCP segment (RFC 9293 §3.1). A segment carries nothing
// unless a scenario says so, as most that only acknowledge do.
var tcp = &packet.Protocol{
	Kind:    "tcp",
	Doc:     "a TCP segment in an IPv4 packet",
	Name:    "TCP segment",
	On:      "proto",
	Numbers: []int{6},
	Size:    20,
	Empty:   true,
	Stream:  true,
	Fields: []packet.Field{
		{Name: "sport", Doc: "source port", Off: 0, Len: 2, Format: packet.Decimal, Usual: "4000"},
		{Name: "dport", Doc: "destination port", Off: 2, Len: 2, Format: packet.Decimal, Usual: "5000"},
		{Name: "seq", Doc: "sequence number", Off: 4, Len: 4, Format: packet.Decimal},
		{Name: "ack", Doc: "acknowledgment number", Off: 8, Len: 4, Format: packet.Decimal},
		{Name: "flags", Doc: "control bits but for those below: FIN SYN RST ACK with commas between, or none", Off: 13, Len: 1, Mask: 0x17, Format: controlBits, Usual: "ACK"},
		{Name: "psh", Doc: "the push bit", Off: 13, Len: 1, Mask: 0x08, Format: packet.Decimal},
		{Name: "urg", Doc: "the urgent bit", Off: 13, Len: 1, Mask: 0x20, Format: packet.Decimal},
		{Name: "ecn", Doc: "the bits CWR and ECE", Off: 13, Len: 1, Mask: 0xc0, Format: packet.Decimal},
		{Name: "win", Doc: "window, as it stands in the header; expected is at least this", Off: 14, Len: 2, Format: packet.Decimal, Usual: "65535",
			Fits: func(got, want []byte) bool { return packet.Number(got) >= packet.Number(want) }},
		{Name: "urgptr", Doc: "urgent pointer", Off: 18, Len: 2, Format: packet.Decimal},
		{Name: "reserved", Doc: "reserved bits", Off: 12, Len: 1, Mask: 0x0f, Format: packet.Decimal},
		{Name: "mss", Doc: "maximum segment size: the one option of that kind and no other, or none", Off: 20, Format: sizeOption},
		{Name: "opts", Doc: "options in hexadecimal, a multiple of four bytes", Off: 20, Format: packet.FourHex},
		{Name: "off", Doc: "data offset, the header's length in words of four bytes", Off: 12, Len: 1, Mask: 0xf0, Format: packet.Decimal,
			Derive: func(p packet.Packet, i int) []byte { return packet.Big(len(p[i].Bytes)/4, 1) }},
		{Name: "sum", Doc: "checksum; bad is one that does not fit", Off: 16, Len: 2, Format: packet.Hexadecimal, Sum: true,
			Derive: func(p packet.Packet, i int) []byte { return transportSum(p, i, 16) }},
	},
	Extent: func(l packet.Layer) (header, end int, field, want string) {
		header = 4 * packet.Number(l.Get("off"))
		switch {
		case header < l.Size:
			return 0, 0, "off", "at least 5"
		case header > len(l.Bytes):
			return 0, 0, "off", fmt.Sprintf("at most %d", len(l.Bytes)/4)
		}
		return header, len(l.Bytes), "", ""
	},
	// The drawing has no room beside the numbers for a MAC address that is as it should be.
	Link: func(p packet.Packet, _ int) (dst, src []byte, told bool) {
		return station(p.Get("to")), station(p.Get("from")), true
	},
	Describe: func(p packet.Packet, i int, _ string) string {
		size := len(p.Inner(i + 1))
		p = p[:i+1]
		// What tells one segment from the next stands first: the drawing cuts off the end.
		text := "TCP " + p.Word("flags") + " seq " + p.Word("seq")
		flags := packet.Number(p[i].Get("flags"))
		if flags&ackBit != 0 {
			text += " ack " + p.Word("ack")
		}
		// In a reset the window says nothing.
		if flags&rstBit == 0 && packet.Number(p[i].Get("win")) < roomy {
			text += " win " + p.Word("win")
		}
		text += fmt.Sprintf(", %s:%s > %s:%s", p.Word("from"), p.Word("sport"), p.Word("to"), p.Word("dport"))
		if size > 0 {
			text += fmt.Sprintf(", %d bytes", size)
		}
		if options := p.Word("mss"); options != none {
			text += ", mss " + options
		}
		return text
	},
}

const (
	rstBit = 0x04
	ackBit = 0x10
)

// roomy is a window of which nothing is said: it has room for two of the largest
// segments.
const roomy = 2 * 1460

// controls are the control bits that say what a segment does.
var controls = []packet.Word{{Text: "FIN", Number: 0x01}, {Text: "SYN", Number: 0x02}, {Text: "RST", Number: rstBit}, {Text: "ACK", Number: ackBit}}

var (
	controlBits = &packet.Format{Read: readControls, Write: writeControls}
	sizeOption  = &packet.Format{Read: readSizeOption, Write: writeSizeOption}
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
			if w.Text == name {
				bit = w.Number
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
		if packet.Number(b)&w.Number != 0 {
			names = append(names, w.Text)
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
	size, err := packet.ReadNumber(s, 16)
	return append([]byte(maximumSize), size...), err
}

func writeSizeOption(b []byte) string {
	size, is := strings.CutPrefix(string(b), maximumSize)
	switch {
	case len(b) == 0:
		return none
	case is && len(size) == 2:
		return strconv.Itoa(packet.Number([]byte(size)))
	}
	return "in the options " + hex.EncodeToString(b)
}
