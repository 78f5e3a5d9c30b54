package frame

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A kind is a sort of frame that scenarios name, with the fields that they can
// give it.
type kind struct {
	name   string
	doc    string
	layers []layer
	// blank is a packet with the defaults that depend on nothing else.
	blank func() Packet
	// derive fills the fields that were not given from those that were.
	derive func(p *Packet, given func(name string) bool)
	// view reduces a decoded frame to the layers of this kind; false means
	// that the frame is of another kind.
	view func(p *Packet) bool
}

// A layer is one header and its fields.
type layer struct {
	name   string
	start  func(p *Packet) int // its offset in the frame
	fields []field
}

// A field is one that scenarios can name.
type field struct {
	name  string
	doc   string
	at    func(p *Packet) any // a pointer to it
	stage stage
	bits  int            // of a number that is narrower than its Go type
	words map[string]int // names for its numbers
	off   int            // in its layer; -1 where it lies elsewhere
	len   int
}

// A stage says when a field is set: lengths and checksums are computed from
// the fields before them, and then overwritten where the scenario gives them.
type stage int

const (
	plain stage = iota
	length
	checksum
)

var ethernetLayer = layer{
	name:  "Ethernet",
	start: func(*Packet) int { return 0 },
	fields: []field{
		{name: "dst", doc: "destination MAC", at: func(p *Packet) any { return &p.Ethernet.Dst }, off: 0, len: 6},
		{name: "src", doc: "source MAC", at: func(p *Packet) any { return &p.Ethernet.Src }, off: 6, len: 6},
		{name: "vlan", doc: "VLAN tags, the outermost first: `vlan=10`, `vlan=10/5` with a priority, `vlan=100,10`, `vlan=none`", at: func(p *Packet) any { return &p.Ethernet.Tags }, off: -1},
		{name: "ethertype", doc: "type of what follows", at: func(p *Packet) any { return &p.Ethernet.Type }, off: -1},
	},
}

var arpLayer = layer{
	name:  "ARP",
	start: func(p *Packet) int { return p.Ethernet.Len() },
	fields: []field{
		{name: "htype", doc: "hardware type", at: func(p *Packet) any { return &p.ARP.Hardware }, off: 0, len: 2},
		{name: "ptype", doc: "protocol type", at: func(p *Packet) any { return &p.ARP.Protocol }, off: 2, len: 2},
		{name: "hlen", doc: "hardware address length", at: func(p *Packet) any { return &p.ARP.HardwareLen }, off: 4, len: 1},
		{name: "plen", doc: "protocol address length", at: func(p *Packet) any { return &p.ARP.ProtocolLen }, off: 5, len: 1},
		{name: "op", doc: "operation: `request`, `reply` or a number", at: func(p *Packet) any { return &p.ARP.Op }, off: 6, len: 2, words: map[string]int{"request": Request, "reply": Reply}},
		{name: "sha", doc: "sender hardware address", at: func(p *Packet) any { return &p.ARP.SHA }, off: 8, len: 6},
		{name: "spa", doc: "sender protocol address", at: func(p *Packet) any { return &p.ARP.SPA }, off: 14, len: 4},
		{name: "tha", doc: "target hardware address", at: func(p *Packet) any { return &p.ARP.THA }, off: 18, len: 6},
		{name: "tpa", doc: "target protocol address", at: func(p *Packet) any { return &p.ARP.TPA }, off: 24, len: 4},
	},
}

var ipv4Layer = layer{
	name:  "IPv4",
	start: func(p *Packet) int { return p.Ethernet.Len() },
	fields: []field{
		{name: "from", doc: "source address", at: func(p *Packet) any { return &p.IPv4.Src }, off: 12, len: 4},
		{name: "to", doc: "destination address", at: func(p *Packet) any { return &p.IPv4.Dst }, off: 16, len: 4},
		{name: "ttl", doc: "time to live", at: func(p *Packet) any { return &p.IPv4.TTL }, off: 8, len: 1},
		{name: "proto", doc: "protocol", at: func(p *Packet) any { return &p.IPv4.Protocol }, off: 9, len: 1},
		{name: "ipid", doc: "identification", at: func(p *Packet) any { return &p.IPv4.ID }, off: 4, len: 2},
		{name: "tos", doc: "type of service", at: func(p *Packet) any { return &p.IPv4.TOS }, off: 1, len: 1},
		{name: "flags", doc: "1 more fragments, 2 do not fragment", at: func(p *Packet) any { return &p.IPv4.Flags }, bits: 3, off: 6, len: 1},
		{name: "offset", doc: "fragment offset, in units of eight bytes", at: func(p *Packet) any { return &p.IPv4.Offset }, bits: 13, off: 6, len: 2},
		{name: "options", doc: "options in hexadecimal, a multiple of four bytes", at: func(p *Packet) any { return (*options)(&p.IPv4.Options) }, off: 20},
		{name: "version", doc: "IP version", at: func(p *Packet) any { return &p.IPv4.Version }, bits: 4, off: 0, len: 1},
		{name: "ihl", doc: "header length, in words of four bytes", at: func(p *Packet) any { return &p.IPv4.IHL }, bits: 4, stage: length, off: 0, len: 1},
		{name: "iplen", doc: "total length", at: func(p *Packet) any { return &p.IPv4.TotalLen }, stage: length, off: 2, len: 2},
		{name: "ipsum", doc: "header checksum; `bad` is one that does not fit", at: func(p *Packet) any { return &p.IPv4.Checksum }, stage: checksum, off: 10, len: 2},
	},
}

// transportStart is the offset of what the IPv4 header carries.
func transportStart(p *Packet) int { return p.Ethernet.Len() + ipv4Len + len(p.IPv4.Options) }

var icmpLayer = layer{
	name:  "ICMP",
	start: transportStart,
	fields: []field{
		{name: "type", doc: "`request` and `reply` are the echo's, others a number", at: func(p *Packet) any { return &p.ICMP.Type }, off: 0, len: 1, words: map[string]int{"request": EchoRequest, "reply": EchoReply}},
		{name: "code", doc: "code", at: func(p *Packet) any { return &p.ICMP.Code }, off: 1, len: 1},
		{name: "id", doc: "identifier of an echo; in other messages, the third 16-bit word", at: func(p *Packet) any { return &p.ICMP.ID }, off: 4, len: 2},
		{name: "seq", doc: "sequence number of an echo; in other messages, the fourth 16-bit word", at: func(p *Packet) any { return &p.ICMP.Seq }, off: 6, len: 2},
		{name: "sum", doc: "checksum; `bad` is one that does not fit", at: func(p *Packet) any { return &p.ICMP.Checksum }, stage: checksum, off: 2, len: 2},
	},
}

var udpLayer = layer{
	name:  "UDP",
	start: transportStart,
	fields: []field{
		{name: "sport", doc: "source port", at: func(p *Packet) any { return &p.UDP.SrcPort }, off: 0, len: 2},
		{name: "dport", doc: "destination port", at: func(p *Packet) any { return &p.UDP.DstPort }, off: 2, len: 2},
		{name: "udplen", doc: "length", at: func(p *Packet) any { return &p.UDP.Length }, stage: length, off: 4, len: 2},
		{name: "sum", doc: "checksum; `bad` is one that does not fit, 0 is none", at: func(p *Packet) any { return &p.UDP.Checksum }, stage: checksum, off: 6, len: 2},
	},
}

// dataLayer is what the innermost header carries. Its fields are three ways to
// say the same bytes.
var dataLayer = layer{
	name: "data",
	start: func(p *Packet) int {
		n := p.Ethernet.Len()
		if p.ARP != nil {
			n += arpLen
		}
		if p.IPv4 != nil {
			n = transportStart(p)
		}
		if p.ICMP != nil {
			n += icmpLen
		}
		if p.UDP != nil {
			n += udpLen
		}
		return n
	},
	fields: []field{
		{name: "data", doc: "the bytes carried, with Go's escapes", at: func(p *Packet) any { return (*text)(&p.Payload) }},
		{name: "hex", doc: "the same in hexadecimal", at: func(p *Packet) any { return (*hexBytes)(&p.Payload) }},
		{name: "size", doc: "their number: letters of the alphabet, over and over", at: func(p *Packet) any { return (*letters)(&p.Payload) }},
	},
}

// The bytes of a field, read from and shown as different texts.
type (
	text     []byte // Go's escapes
	hexBytes []byte // hexadecimal digits
	letters  []byte // only their number
	options  []byte // hexadecimal, a multiple of four bytes
)

// set reads a value into the field.
func (f field) set(p *Packet, value string) error {
	switch at := f.at(p).(type) {
	case *MAC:
		m, err := ParseMAC(value)
		*at = m
		return err
	case *IP:
		a, err := ParseIP(value)
		*at = a
		return err
	case *uint8:
		n, err := f.number(*at, value, 8)
		*at = uint8(n)
		return err
	case *uint16:
		n, err := f.number(*at, value, 16)
		*at = uint16(n)
		return err
	case *[]Tag:
		tags, err := parseTags(value)
		*at = tags
		return err
	case *text:
		b, err := unescape(value)
		*at = b
		return err
	case *hexBytes:
		b, err := hex.DecodeString(value)
		*at = b
		return err
	case *options:
		b, err := hex.DecodeString(value)
		if err == nil && (len(b)%4 != 0 || len(b) > 40) {
			err = fmt.Errorf("%d bytes of options: must be a multiple of 4, at most 40", len(b))
		}
		*at = b
		return err
	case *letters:
		n, err := strconv.ParseUint(value, 10, 16)
		*at = alphabet(int(n))
		return err
	default:
		panic(fmt.Sprintf("frame: field %s is a %T", f.name, at))
	}
}

// number reads a number of the field. The word bad, for a checksum, is the old
// value made wrong.
func (f field) number(old any, value string, bits int) (uint64, error) {
	if n, ok := f.words[value]; ok {
		return uint64(n), nil
	}
	if sum, ok := old.(uint16); ok && f.stage == checksum && value == "bad" {
		return uint64(sum ^ 0x5a5a), nil
	}
	if f.bits != 0 {
		bits = f.bits
	}
	n, err := strconv.ParseUint(value, 0, bits)
	if err != nil {
		return 0, fmt.Errorf("%q is no number of %d bits", value, bits)
	}
	return n, nil
}

// show writes the field as set reads it.
func (f field) show(p *Packet) string {
	switch at := f.at(p).(type) {
	case *uint8:
		return f.showNumber(int(*at))
	case *uint16:
		return f.showNumber(int(*at))
	case *[]Tag:
		return showTags(*at)
	case *text:
		return strconv.Quote(string(*at))
	case *hexBytes:
		return hex.EncodeToString(*at)
	case *options:
		return hex.EncodeToString(*at)
	case *letters:
		return strconv.Itoa(len(*at))
	case *MAC:
		return at.String()
	case *IP:
		return at.String()
	default:
		panic(fmt.Sprintf("frame: field %s is a %T", f.name, at))
	}
}

func (f field) showNumber(n int) string {
	for word, m := range f.words {
		if m == n {
			return fmt.Sprintf("%d (%s)", n, word)
		}
	}
	switch {
	case f.stage == checksum || f.name == "ethertype" || f.name == "ptype":
		return fmt.Sprintf("0x%04x", n)
	default:
		return strconv.Itoa(n)
	}
}

// parseTags reads VLAN tags: ID or ID/PRIORITY, with commas between them. The
// outer of two has the type of IEEE 802.1ad.
func parseTags(s string) ([]Tag, error) {
	if s == "none" {
		return nil, nil
	}
	var tags []Tag
	for word := range strings.SplitSeq(s, ",") {
		id, priority, ok := strings.Cut(word, "/")
		if !ok {
			priority = "0"
		}
		n, err := strconv.ParseUint(id, 10, 12)
		if err != nil {
			return nil, fmt.Errorf("%q is no VLAN: 0 to 4095", id)
		}
		prio, err := strconv.ParseUint(priority, 10, 3)
		if err != nil {
			return nil, fmt.Errorf("%q is no priority: 0 to 7", priority)
		}
		tags = append(tags, Tag{TPID: TypeVLAN, ID: uint16(n), Priority: uint8(prio)})
	}
	for i := range len(tags) - 1 {
		tags[i].TPID = TypeQinQ
	}
	return tags, nil
}

func showTags(tags []Tag) string {
	if len(tags) == 0 {
		return "none"
	}
	var words []string
	for _, t := range tags {
		word := strconv.Itoa(int(t.ID))
		if t.Priority != 0 {
			word += "/" + strconv.Itoa(int(t.Priority))
		}
		words = append(words, word)
	}
	return strings.Join(words, ",")
}

// unescape decodes Go's escapes.
func unescape(s string) ([]byte, error) {
	var b []byte
	for len(s) > 0 {
		r, multibyte, tail, err := strconv.UnquoteChar(s, 0)
		if err != nil {
			return nil, errors.New("no such escape at " + strconv.Quote(s))
		}
		if multibyte {
			b = append(b, string(r)...)
		} else {
			b = append(b, byte(r))
		}
		s = tail
	}
	return b, nil
}

// alphabet returns n bytes of data that can be recognised.
func alphabet(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(i%26)
	}
	return b
}
