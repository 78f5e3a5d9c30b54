package frame

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Two protocols that nobody has heard of. Each is what a new file would hold;
// a row makes it known.

// A label is an optional header between Ethernet and what it carries.
var label = &protocol{
	name: "label", on: "ethertype", numbers: []int{0x9999}, carries: "ethertype", optional: true, size: 4,
	fields: []field{
		{name: "label", doc: "colour of the frame", off: 0, len: 2, mask: 0x0fff, format: decimal},
		{name: "ethertype", doc: "type of what follows", off: 2, len: 2, format: hexadecimal, usual: "0x88b5"},
	},
	describe: func(p packet, i int, inner string) string {
		return strings.TrimSuffix("label "+p[:i+1].word("label")+", "+inner, ", ")
	},
}

// A greeting goes over IPv4, has a header that grows, a length and a checksum.
var greeting = &protocol{
	kind: "greeting", doc: "a greeting in an IPv4 packet", name: "greeting", on: "proto", numbers: []int{200}, size: 4,
	fields: []field{
		{name: "words", doc: "number of words", off: 0, len: 1, format: decimal,
			derive: func(p packet, i int) []byte { return big(len(p[i].bytes)/4, 1) }},
		{name: "mood", doc: "mood", off: 1, len: 1, format: decimal, usual: "good", words: []word{{"good", 7}}},
		{name: "names", doc: "names in hexadecimal", off: 4, format: fourHex},
		{name: "check", doc: "checksum", off: 2, len: 2, format: hexadecimal, sum: true,
			derive: func(p packet, i int) []byte { return sumOf(p.inner(i), 2) }},
	},
	extent: func(l layer) (header, end int, field, want string) {
		header = 4 * number(l.get("words"))
		if header < l.size || header > len(l.bytes) {
			return 0, 0, "words", fmt.Sprintf("1 to %d", len(l.bytes)/4)
		}
		return header, len(l.bytes), "", ""
	},
	describe: func(p packet, i int, _ string) string { return "greeting by " + p[:i].word("from") },
	answer:   func(p packet) []assignment { return []assignment{{name: "mood", value: p.word("mood")}} },
}

// A new protocol is a file and a row: it is sent, expected, checked, answered
// and described like all others.
func TestNewProtocol(t *testing.T) {
	before := protocols
	defer func() { protocols = before }()
	protocols = append(slices.Clone(before), label, greeting)

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

// No protocol is named but in its own file, which is named after it, and in
// the table of protocols.
func TestProtocolsStandAlone(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		names := make(map[string]int)
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				names[n.Name]++
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil {
					names[text]++
				}
			}
			return true
		})
		for _, at := range []string{"ethernet", "raw", "vlan", "arp", "ipv4", "icmp", "udp", "tcp"} {
			owner := map[string]string{"raw": "ethernet"}[at]
			if owner == "" {
				owner = at
			}
			allowed := 0
			if file.Name() == "protocol.go" && at != "raw" {
				allowed = 1
			}
			if n := names[at]; file.Name() != owner+".go" && n != allowed {
				t.Errorf("%s names %s %d times, want %d", file.Name(), at, n, allowed)
			}
		}
	}
	if len(protocols) != 7 {
		t.Error("a new protocol: add its names to this test")
	}
}
