package frame

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wirebook/harness/internal/packet"
)

// Two protocols that nobody has heard of. Each is what a new file would hold;
// a row makes it known.

// A label is an optional header between Ethernet and what it carries.
var label = &packet.Protocol{
	Name: "label", On: "ethertype", Numbers: []int{0x9999}, Carries: "ethertype", Optional: true, Size: 4,
	Fields: []packet.Field{
		{Name: "label", Doc: "colour of the frame", Off: 0, Len: 2, Mask: 0x0fff, Format: packet.Decimal},
		{Name: "ethertype", Doc: "type of what follows", Off: 2, Len: 2, Format: packet.Hexadecimal, Usual: "0x88b5"},
	},
	Describe: func(p packet.Packet, i int, inner string) string {
		return strings.TrimSuffix("label "+p[:i+1].Word("label")+", "+inner, ", ")
	},
}

// A greeting goes over IPv4, has a header that grows, a length and a checksum.
var greeting = &packet.Protocol{
	Kind: "greeting", Doc: "a greeting in an IPv4 packet", Name: "greeting", On: "proto", Numbers: []int{200}, Size: 4,
	Fields: []packet.Field{
		{Name: "words", Doc: "number of words", Off: 0, Len: 1, Format: packet.Decimal,
			Derive: func(p packet.Packet, i int) []byte { return packet.Big(len(p[i].Bytes)/4, 1) }},
		{Name: "mood", Doc: "mood", Off: 1, Len: 1, Format: packet.Decimal, Usual: "good", Words: []packet.Word{{Text: "good", Number: 7}}},
		{Name: "names", Doc: "names in hexadecimal", Off: 4, Format: packet.FourHex},
		{Name: "check", Doc: "checksum", Off: 2, Len: 2, Format: packet.Hexadecimal, Sum: true,
			Derive: func(p packet.Packet, i int) []byte { return packet.SumOf(p.Inner(i), 2) }},
	},
	Extent: func(l packet.Layer) (header, end int, field, want string) {
		header = 4 * packet.Number(l.Get("words"))
		if header < l.Size || header > len(l.Bytes) {
			return 0, 0, "words", fmt.Sprintf("1 to %d", len(l.Bytes)/4)
		}
		return header, len(l.Bytes), "", ""
	},
	Describe: func(p packet.Packet, i int, _ string) string { return "greeting by " + p[:i].Word("from") },
	Answer: func(p packet.Packet) []packet.Assignment {
		return []packet.Assignment{{Name: "mood", Value: p.Word("mood")}}
	},
}

// A new protocol is a file and a row: it is sent, expected, checked, answered
// and described like all others.
func TestNewProtocol(t *testing.T) {
	before := table
	defer func() { table = before }()
	table = append(slices.Clone(before), label, greeting)

	for words, want := range map[string]string{
		"arp label=10":              "label 10, ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02",
		"raw label=3 size=5":        "02-00-0a-00-00-02 > 02-00-0a-00-00-01, label 3, 5 bytes",
		"greeting":                  "greeting by 10.0.0.2, to 02-00-0a-00-00-01",
		"greeting label=1 words=9":  "malformed greeting: words is 9 instead of 1 to 3",
		"greeting check=bad":        "greeting by 10.0.0.2, to 02-00-0a-00-00-01 (check is 0x1915 instead of 0x434f)",
		"greeting label=1 cut=41":   "malformed IPv4 header: iplen is 32 instead of at most 23",
		"greeting label=7 size=300": "label 7, greeting by 10.0.0.2, to 02-00-0a-00-00-01",
	} {
		if got := Describe(send(t, words, nil)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", words, got, want)
		}
	}
	for _, c := range []struct{ sent, expect string }{
		{"arp label=10", "arp label=10 ethertype=0x0806"},
		{"arp ethertype=0x9999", "raw ethertype=0x0800 label=1"}, // as which an ARP packet's first bytes read
		{"raw label=3 ethertype=1", "raw label=3 ethertype=1 data=wirebook"},
		{"greeting names=0102030405060708 hex=99", "greeting words=3 mood=good names=0102030405060708 hex=99 proto=200"},
		{"greeting names=01020304", "ipv4 proto=200 size=16"},
	} {
		take(t, c.expect, send(t, c.sent, nil), NewMemory())
	}
	e, err := ParseExpect(strings.Fields("greeting label=10 mood=good"))
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]string{
		"greeting label=11":        "label (colour of the frame) is 11, want 10, at byte 0 of the label (14 of the frame): label 11, greeting by 10.0.0.2, to 02-00-0a-00-00-01",
		"greeting":                 "want a greeting in an IPv4 packet with label, got greeting by 10.0.0.2, to 02-00-0a-00-00-01",
		"greeting label=10 mood=8": "mood (mood) is 8, want 7 (good), at byte 1 of the greeting (39 of the frame): label 10, greeting by 10.0.0.2, to 02-00-0a-00-00-01",
	} {
		if _, err := e.Take(send(t, words, nil), NewMemory()); err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", words, err, want)
		}
	}
	if err := Check("send", []string{"answer", "mood=x"}, allKnown); err == nil || !strings.Contains(err.Error(), `mood: "x" is no number of 8 bits`) {
		t.Errorf("a field of a new answer: %v", err)
	}
	if got, want := Describe(send(t, "answer", &Memory{last: send(t, "greeting", nil)})), "greeting by 10.0.0.2, to 02-00-0a-00-00-01"; got != want {
		t.Errorf("answer: %s", got)
	}
}
