package dns

import (
	"strings"
	"testing"
)

// built builds a message to send.
func built(t *testing.T, kind string, asked []byte, words ...string) []byte {
	t.Helper()
	text, err := ParseText("send", kind, words)
	if err != nil {
		t.Fatal(err)
	}
	b, err := text.Bytes(0, asked, 0x1234)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMalformed(t *testing.T) {
	tests := []struct {
		words []string
		want  string // part of the error; "" for none
	}{
		{[]string{"an=a.test 1 A 192.0.2.1"}, ""},
		{[]string{"an=@12 1 A 192.0.2.1"}, ""},
		{[]string{"an=b.@12 1 A 192.0.2.1"}, ""},
		{[]string{"an=@+0 1 A 192.0.2.1"}, "byte 24: a pointer to byte 24"},
		{[]string{"an=@+2 1 A 192.0.2.1"}, "byte 24: a pointer to byte 26"},
		{[]string{"an=b.@-2 1 A 192.0.2.1"}, "byte 26: a pointer to byte 24"},
		{[]string{"an=a.test 1 CNAME @+0"}, "no earlier place"},
		{[]string{"an=a.test 1 CNAME b", "cut=37"}, "ends in a record's data"},
		{[]string{"an=a.test 1 CNAME b", "patch=36:03"}, "end in a label"},
		{[]string{"an=a.test 1 CNAME b", "patch=36:00"}, "2 bytes are too many for the data"},
		{[]string{"patch=12:40"}, "0x40 is neither"},
		{[]string{"patch=12:80"}, "0x80 is neither"},
		{[]string{"ancount=1"}, "end in a name"},
		{[]string{"raw=x"}, "byte 24: 1 bytes stand behind"},
		{[]string{"cut=11"}, "this has 11"},
		{[]string{"cut=22"}, "ends in a question"},
		{[]string{`an=a.test 1 TXT \# 2 0541`}, "a text of 5 bytes"},
		{[]string{`an=a.test 1 A \# 3 c00002`}, ""},
		{[]string{`an=a.test 1 MX \# 1 00`}, "should have 1 bytes more"},
		{[]string{"an=" + strings.Repeat(strings.Repeat("x", 63)+".", 3) + strings.Repeat("x", 61) + " 1 A 192.0.2.1"}, ""},
		{[]string{"an=" + strings.Repeat(strings.Repeat("x", 63)+".", 3) + strings.Repeat("x", 62) + " 1 A 192.0.2.1"}, "longer than 255"},
	}
	for _, test := range tests {
		b := built(t, question, nil, append([]string{"qd=a.test A"}, test.words...)...)
		_, err := Parse(b)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%q: %v, want %q", test.words, err, test.want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, text := range []string{".", "test", "www.example.test", `a\.b.test`, `\\.test`, `\@.test`, `\000\255\032.test`, `\&.test`} {
		s, err := parseName(text)
		if err != nil || s.name().String() != text {
			t.Errorf("%q is read as %v, %v", text, s.name(), err)
		}
	}
	for _, text := range []string{"a..b", ".a", `a\`, `\25`, `\256`, "@x", "@1.a"} {
		if s, err := parseName(text); err == nil {
			t.Errorf("%q is read as %v", text, s.name())
		}
	}
	for _, test := range []struct {
		name, zone string
		in         bool
	}{{"www.example.test", "example.test", true}, {"EXAMPLE.test", "example.TEST", true}, {"notexample.test", "example.test", false}, {"a.b", ".", true}, {"test", "example.test", false}, {`a\.b`, "b", false}} {
		name, _ := parseName(test.name)
		zone, _ := parseName(test.zone)
		if name.name().in(zone.name()) != test.in {
			t.Errorf("%s in %s is not %v", test.name, test.zone, test.in)
		}
	}
}

// Names are compressed by what a message has already, the question too, if it is written
// with the same letters.
func TestCompression(t *testing.T) {
	asked := built(t, question, nil, "qd=WWW.example.test A")
	full := built(t, reply, asked, "compress=no", "an=WWW.example.test 1 MX 10 mail.example.test", "an=www.example.test 1 MX 10 x.test")
	short := built(t, reply, asked, "an=WWW.example.test 1 MX 10 mail.example.test", "an=www.example.test 1 MX 10 x.test")
	if len(full)-len(short) != 16+12+12+4 {
		t.Errorf("%d and %d bytes", len(full), len(short))
	}
	if Describe(full) != Describe(short) {
		t.Errorf("%s is not %s", Describe(full), Describe(short))
	}
}

func TestDescribe(t *testing.T) {
	asked := built(t, question, nil, "qd=WWW.example.test A", "edns=1232")
	tests := []struct{ want, got string }{
		{"WWW.example.test A? rd; OPT 1232", Describe(asked)},
		{"www.example.test A? rd; OPT 1232", DescribeFolded(asked)},
		{"WWW.example.test A: no data", Describe(built(t, reply, asked))},
		{"WWW.example.test A: NXDOMAIN; aa; authority test 60 SOA ns.test host.test 1 3600 600 86400 30", Describe(built(t, reply, asked, "rcode=NXDOMAIN", "aa=1", "ns=test 60 SOA 30"))},
		{`no question: x 1 TXT "a\"" "\255"; x 2 TYPE65280 \# 2 c00c; x 3 CLASS3 A 192.0.2.1`, Describe(built(t, reply, asked, "qd=none", `an=x 1 TXT "a\"" "\255"`, `an=x 2 TYPE65280 \# 2 c00c`, "an=x 3 CLASS3 A 192.0.2.1"))},
		{"malformed answer of 14 bytes: byte 14: the bytes end in a label", Describe(built(t, reply, asked, "cut=14"))},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got  %s\nwant %s", test.got, test.want)
		}
	}
}
