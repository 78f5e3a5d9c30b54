package protocols

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirebook/harness/internal/packet"
)

// dhcp is a DHCP message (RFC 2131 §2) with its options (RFC 2132), which stand
// in any order.
var dhcp = &packet.Protocol{
	Kind:    "dhcp",
	Doc:     "a DHCP message in a UDP datagram",
	Name:    "DHCP message",
	On:      "dport",
	Numbers: []int{serversPort, clientsPort},
	Size:    optionsStart,
	Empty:   true,
	Fields: []packet.Field{
		{Name: "op", Doc: "operation: 1 is a client's, 2 a server's", Off: 0, Len: 1, Format: packet.Decimal, Usual: "1"},
		{Name: "htype", Doc: "hardware type", Off: 1, Len: 1, Format: packet.Decimal, Usual: "1", Must: true},
		{Name: "hlen", Doc: "length of a hardware address", Off: 2, Len: 1, Format: packet.Decimal, Usual: "6", Must: true},
		{Name: "hops", Doc: "relay agents passed", Off: 3, Len: 1, Format: packet.Decimal},
		{Name: "xid", Doc: "the client's number of the conversation", Off: 4, Len: 4, Format: packet.Hexadecimal, Usual: "0x00000001"},
		{Name: "secs", Doc: "seconds since the client began", Off: 8, Len: 2, Format: packet.Decimal},
		{Name: "flags", Doc: "flags: 0x8000 asks for a broadcast", Off: 10, Len: 2, Format: packet.Hexadecimal},
		{Name: "ciaddr", Doc: "the client's address", Off: 12, Len: 4, Format: packet.IPAddress},
		{Name: "yiaddr", Doc: "the address that is lent", Off: 16, Len: 4, Format: packet.IPAddress},
		{Name: "siaddr", Doc: "the next server", Off: 20, Len: 4, Format: packet.IPAddress},
		{Name: "giaddr", Doc: "the relay agent", Off: 24, Len: 4, Format: packet.IPAddress},
		{Name: "chaddr", Doc: "the client's hardware address", Off: 28, Len: 6, Format: packet.MACAddress, Usual: "02-00-0a-00-00-02"},
		{Name: "cookie", Doc: "what says that options follow", Off: 236, Len: 4, Format: packet.Hexadecimal, Usual: "0x63825363", Must: true},
		{Name: "opts", Doc: "all options in hexadecimal; those that are given behind it are added", Off: optionsStart, Format: packet.HexBytes, Usual: "ff"},
		{Name: "type", Doc: "option 53, the type: " + strings.Join(messageTypes[1:], " ") + ", or a number, or none", Format: typeOption, Usual: "discover", Entry: option(53)},
		{Name: "server", Doc: "option 54, the server's address, or none", Format: orNone(address), Entry: option(54)},
		{Name: "requested", Doc: "option 50, the address that is wished, or none", Format: orNone(address), Entry: option(50)},
		{Name: "lease", Doc: "option 51, for how many seconds, or none", Format: orNone(inSeconds), Entry: option(51)},
		{Name: "mask", Doc: "option 1, the subnet's mask, or none", Format: orNone(address), Entry: option(1)},
		{Name: "router", Doc: "option 3, the routers with commas between, or none", Format: orNone(addresses), Entry: option(3)},
		{Name: "dns", Doc: "option 6, the name servers with commas between, or none", Format: orNone(addresses), Entry: option(6)},
		{Name: "list", Doc: "option 55, the options that are asked for with commas between, or none; expected are at least these", Format: orNone(codes), Entry: option(55),
			Fits: containsAll},
		{Name: "t1", Doc: "option 58, when to renew, in seconds, or none", Format: orNone(inSeconds), Entry: option(58)},
		{Name: "t2", Doc: "option 59, when to rebind, in seconds, or none", Format: orNone(inSeconds), Entry: option(59)},
		{Name: "id", Doc: "option 61, who the client is, in hexadecimal, or none", Format: orNone(packet.HexBytes), Entry: option(61)},
	},
	Extent: func(l packet.Layer) (header, end int, field, want string) {
		if !optionsFit(l.Bytes[optionsStart:]) {
			return 0, 0, "opts", "options that end within the message"
		}
		return len(l.Bytes), len(l.Bytes), "", ""
	},
	Fitting: func(p packet.Packet) []packet.Assignment {
		m := p[:len(p)-2]
		from, to := serversUsual, everybodys
		client := !slices.Contains(serversTypes, m.Word("type"))
		ciaddr, server := m.Word("ciaddr"), m.Word("server")
		switch {
		case client && ciaddr != nobodys && server != none:
			from, to = ciaddr, server
		case client && ciaddr != nobodys:
			from, to = ciaddr, serversUsual
		case client:
			from = nobodys
		case server != none:
			from = server
		}
		if client {
			return fit("1", clientsPort, serversPort, from, to)
		}
		switch {
		case m.Word("type") == "nak":
		case ciaddr != nobodys:
			to = ciaddr
		case packet.Number(m.Get("flags"))&0x8000 == 0:
			to = m.Word("yiaddr")
		}
		return fit("2", serversPort, clientsPort, from, to)
	},
	Link: func(p packet.Packet, i int) (dst, src []byte, told bool) {
		p = p[:i+1]
		dst, src = station(p.Get("to")), station(p.Get("from"))
		if p.Word("op") == "2" {
			dst, told = p.Get("chaddr"), true
		} else {
			src = p.Get("chaddr")
		}
		if p.Word("to") == everybodys {
			dst, told = packet.Broadcast(), false
		}
		return dst, src, told
	},
	Describe: func(p packet.Packet, i int, _ string) string {
		p = p[:i+1]
		text := "DHCP " + strings.ToUpper(p.Word("type"))
		address := p.Word("yiaddr")
		if address == nobodys {
			address = p.Word("requested")
		}
		if address == none {
			address = p.Word("ciaddr")
		}
		if address != nobodys {
			text += " " + address
		}
		if p.Word("op") == "1" {
			if server := p.Word("server"); server != none {
				text += " to server " + server
			}
			text += " from "
		} else {
			text += " for "
		}
		return text + p.Word("chaddr") + " xid " + p.Word("xid")
	},
	// A client takes what it is offered, and a server does what a client asks.
	Answer: func(p packet.Packet) []packet.Assignment {
		words := []packet.Assignment{{Name: "xid", Value: p.Word("xid")}, {Name: "chaddr", Value: p.Word("chaddr")}, {Name: "flags", Value: p.Word("flags")}}
		add := func(name, value string) { words = append(words, packet.Assignment{Name: name, Value: value}) }
		server, kind := p.Word("server"), "offer"
		switch p.Word("type") {
		case "discover":
		case "request":
			kind = "ack"
		case "offer":
			add("type", "request")
			add("requested", p.Word("yiaddr"))
			add("server", server)
			return words
		default:
			return nil
		}
		address := p.Word("requested")
		switch ciaddr := p.Word("ciaddr"); {
		case ciaddr != nobodys:
			address = ciaddr
			add("ciaddr", ciaddr)
		case address == none:
			address = "10.0.0.100"
		}
		switch to := p.Word("to"); {
		case server != none:
		case to != everybodys:
			server = to
		default:
			server = serversUsual
		}
		add("type", kind)
		add("yiaddr", address)
		add("server", server)
		add("lease", "3600")
		add("mask", "255.255.255.0")
		return words
	},
}

const (
	serversPort = 67
	clientsPort = 68

	nobodys      = "0.0.0.0"
	everybodys   = "255.255.255.255"
	serversUsual = "10.0.0.1"
)

// fit is the fields of a message in the direction of the ports.
func fit(op string, sport, dport int, from, to string) []packet.Assignment {
	return []packet.Assignment{
		{Name: "op", Value: op},
		{Name: "sport", Value: strconv.Itoa(sport)},
		{Name: "dport", Value: strconv.Itoa(dport)},
		{Name: "from", Value: from},
		{Name: "to", Value: to},
	}
}

// messageTypes are the words for option 53, by their numbers.
var messageTypes = []string{none, "discover", "offer", "request", "decline", "ack", "nak", "release", "inform"}

// serversTypes are those of what a server says.
var serversTypes = []string{"offer", "ack", "nak"}

const (
	optionsStart = 240
	padOption    = 0
	endOption    = 255
)

// option is the place of one option, among the others.
func option(code byte) *packet.Entry {
	return &packet.Entry{
		Find: func(header []byte) []byte {
			_, start, end := findOption(header, code)
			if start < 0 {
				return nil
			}
			return header[start:end:end]
		},
		Replace: func(header, value []byte) []byte {
			header = slices.Clone(header)
			from, start, end := findOption(header, code)
			switch {
			case start >= 0 && value == nil:
				return slices.Delete(header, from, end)
			case value == nil:
				return header
			case start < 0: // in front of the end of the options
				from = len(header)
				if header[from-1] == endOption {
					from--
				}
				end = from
			}
			return slices.Replace(header, from, end, append([]byte{code, byte(len(value))}, value...)...)
		},
	}
}

// findOption finds where an option begins, its value begins and both end. A
// start of -1 is that it is not there.
func findOption(header []byte, code byte) (from, start, end int) {
	for from = optionsStart; from < len(header) && header[from] != endOption; from = end {
		if header[from] == padOption {
			end = from + 1
			continue
		}
		if from+2 > len(header) || from+2+int(header[from+1]) > len(header) {
			break
		}
		start, end = from+2, from+2+int(header[from+1])
		if header[from] == code {
			return from, start, end
		}
	}
	return 0, -1, 0
}

// optionsFit tells whether no option runs over the end.
func optionsFit(b []byte) bool {
	for len(b) > 0 && b[0] != endOption {
		size := 1
		if b[0] != padOption {
			if len(b) < 2 || len(b) < 2+int(b[1]) {
				return false
			}
			size = 2 + int(b[1])
		}
		b = b[size:]
	}
	return true
}

// orNone is a format of options, which need not be there. Where one has another
// length than its values have, its bytes are shown.
func orNone(format *packet.Format) *packet.Format {
	return &packet.Format{
		Read: func(s string, _ int) ([]byte, error) {
			if s == none {
				return nil, nil
			}
			if digits, ok := strings.CutPrefix(s, "0x"); ok {
				return packet.HexBytes.Read(digits, 0)
			}
			value, err := format.Read(s, 32)
			if err == nil && len(value) > 255 {
				err = fmt.Errorf("%q has %d bytes; an option has at most 255", s, len(value))
			}
			return append([]byte{}, value...), err
		},
		Write: func(value []byte) string {
			if value == nil {
				return none
			}
			text := format.Write(value)
			if text == "" {
				return "0x" + hex.EncodeToString(value)
			}
			return text
		},
	}
}

// The formats of options. A value that they cannot write is "".
var (
	typeOption = orNone(&packet.Format{Read: readType, Write: writeType})
	inSeconds  = &packet.Format{Read: packet.ReadNumber, Write: writeSeconds}
	address    = &packet.Format{Read: packet.IPAddress.Read, Write: writeAddress}
	addresses  = &packet.Format{Read: readAddresses, Write: writeAddresses}
	codes      = &packet.Format{Read: readCodes, Write: writeCodes}
)

func readType(s string, _ int) ([]byte, error) {
	if n := slices.Index(messageTypes, s); n > 0 {
		return []byte{byte(n)}, nil
	}
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil {
		return nil, fmt.Errorf("%q is no type; there are %s, and numbers", s, strings.Join(messageTypes, " "))
	}
	return []byte{byte(n)}, nil
}

func writeType(b []byte) string {
	switch {
	case len(b) != 1:
		return ""
	case b[0] > 0 && int(b[0]) < len(messageTypes):
		return messageTypes[b[0]]
	}
	return strconv.Itoa(int(b[0]))
}

func writeSeconds(b []byte) string {
	if len(b) != 4 {
		return ""
	}
	return strconv.Itoa(packet.Number(b))
}

func writeAddress(b []byte) string {
	if len(b) != 4 {
		return ""
	}
	return packet.IPAddress.Write(b)
}

func readAddresses(s string, _ int) ([]byte, error) {
	var list []byte
	for word := range strings.SplitSeq(s, ",") {
		ip, err := packet.IPAddress.Read(word, 32)
		if err != nil {
			return nil, err
		}
		list = append(list, ip...)
	}
	return list, nil
}

func writeAddresses(b []byte) string {
	if len(b)%4 != 0 {
		return ""
	}
	var words []string
	for ip := range slices.Chunk(b, 4) {
		words = append(words, packet.IPAddress.Write(ip))
	}
	return strings.Join(words, ",")
}

func readCodes(s string, _ int) ([]byte, error) {
	var list []byte
	for word := range strings.SplitSeq(s, ",") {
		code, err := packet.ReadNumber(word, 8)
		if err != nil {
			return nil, err
		}
		list = append(list, code...)
	}
	return list, nil
}

func writeCodes(b []byte) string {
	var words []string
	for _, code := range b {
		words = append(words, strconv.Itoa(int(code)))
	}
	return strings.Join(words, ",")
}

func containsAll(got, want []byte) bool {
	if got == nil || want == nil {
		return got == nil && want == nil
	}
	return !slices.ContainsFunc(want, func(code byte) bool { return !bytes.Contains(got, []byte{code}) })
}
