package dns

import (
	"strings"
	"testing"
)

func TestMatchQuestion(t *testing.T) {
	tests := []struct{ sent, expected, want string }{
		{"qd=www.Example.test A", "qd=www.example.TEST A", ""},
		{"qd=www.example.test A", "qd=www.example.test AAAA", "another question"},
		{"qd=www.example.test A", "qd=example.test A", "another question"},
		{`qd=a.b.test A`, `qd=a\.b.test A`, "another question"},
		{"qd=x A rd=0", "qd=x A", "rd (do the whole work for me) is 0, want 1"},
		{"qd=x A rd=0", "qd=x A rd=0", ""},
		{"qd=x A cd=1", "qd=x A", "cd (DNSSEC: do not check) is 1, want 0"},
		{"qd=x A opcode=2", "qd=x A", "opcode (what is wanted) is 2, want 0"},
		{"qd=x A edns=512", "qd=x A", "arcount is 1, want 0"},
		{"qd=x A qd=y A", "qd=x A", "qdcount is 2"},
		{"qd=x A raw=!", "qd=x A", "malformed: byte 19"},
		{"qd=x A CLASS3", "qd=x A", "another question"},
	}
	for _, test := range tests {
		text := expectText(t, question, test.expected)
		check(t, test.expected, text.Match(built(t, question, nil, wordsOf(test.sent)...), nil, true), test.want)
	}
}

func TestMatchAnswer(t *testing.T) {
	const a, b = "an=www.test 300 A 192.0.2.1", "an=www.test 300 A 192.0.2.2"
	const chain = "an=x.test 9 CNAME y.test; an=y.test 9 CNAME z.test; an=z.test 9 A 192.0.2.1"
	const chain2 = "an=y.test 9 CNAME z.test; an=x.test 9 CNAME y.test; an=z.test 9 A 192.0.2.1"
	tests := []struct{ asked, sent, expected, want string }{
		{"qd=www.test A", "ra=1; " + a, a, ""},
		{"qd=www.test A", "ra=1; " + a + "; " + b, b + "; " + a, ""},
		{"qd=www.test A", "ra=1; " + a + "; " + b, a, "another answer section"},
		{"qd=www.test A", "ra=1; " + a + "; " + b, a + "; more=yes", ""},
		{"qd=www.test A", "ra=1; " + a, a + "; " + b, "another answer section"},
		{"qd=www.test A", "ra=1; " + a, "an=WWW.test 10|300 A 192.0.2.1", ""},
		{"qd=www.test A", "ra=1; " + a, "an=www.test * A 192.0.2.1", ""},
		{"qd=www.test A", "ra=1; " + a, "an=www.test 10|20 A 192.0.2.1", "another answer section"},
		{"qd=www.test A", a, a, "ra (I do) is 0, want 1"},
		{"qd=www.test A", "ra=1; z=1; " + a, a, "z (must be zero) is 1, want 0"},
		{"qd=www.test A; rd=0", "ra=1; rd=1; " + a, a, "rd (do the whole work for me) is 1, want 0"},
		{"qd=www.test A", "ra=1; rcode=SERVFAIL", "", "rcode (the result) is SERVFAIL, want NOERROR"},
		{"qd=www.test A", "ra=1; rcode=SERVFAIL", "rcode=SERVFAIL", ""},
		{"qd=www.test A", "ra=1; rcode=5", "rcode=SERVFAIL|REFUSED", ""},
		{"qd=www.test A", "rcode=FORMERR; qd=none", "rcode=FORMERR", ""},
		{"qd=www.test A", "ra=1; id=+1; " + a, a, "id is 4661, want 4660"},
		{"qd=www.test A", "ra=1; qr=0; " + a, a, "qr (1 in an answer) is 0"},
		{"qd=www.test A", "ra=1; qd=WWW.test A; " + a, a, "byte for byte"},
		{"qd=www.test A", "ra=1; qd=none; " + a, a, "byte for byte"},
		{"qd=www.test A", "ra=1; edns=512; " + a, a, "an OPT record came"},
		{"qd=www.test A; edns=1232", "ra=1; edns=512; " + a, a, ""},
		{"qd=www.test A", "ra=1; cut=20", "", "malformed"},
		{"qd=www.test A", "ra=1; tc=1; " + a, "tc=1", ""},
		{"qd=www.test A", "ra=1; tc=1; " + a, a, "tc (cut off: ask by TCP) is 1, want 0"},
		{"qd=x.test A", "ra=1; " + chain, chain, ""},
		{"qd=x.test A", "ra=1; " + chain2, chain, "another answer section"},
		{"qd=x.test CNAME", "ra=1; " + chain2, chain, ""},
		{"qd=m.test MX", "ra=1; an=m.test 9 MX 65 Mail.test", "an=m.test 9 MX 65 mail.test", ""},
		{"qd=m.test MX", "ra=1; an=m.test 9 MX 65 mail.test", "an=m.test 9 MX 97 mail.test", "another answer section"},
		{"qd=m.test MX", "ra=1; ns=test 9 SOA 30", "ns=test 9 SOA 30", ""},
		{"qd=m.test MX", "ra=1; ns=test 9 SOA 30", "ns=test 8 SOA 30", "another SOA"},
		{"qd=m.test MX", "ra=1", "ns=test 8 SOA 30", "another SOA"},
		{"qd=m.test MX", "ra=1; ns=test 9 SOA 30", "", ""},
	}
	for _, test := range tests {
		asked := built(t, question, nil, wordsOf(test.asked)...)
		sent := built(t, reply, asked, wordsOf(test.sent)...)
		text := expectText(t, reply, test.expected)
		check(t, test.sent+" for "+test.expected, text.Match(sent, asked, true), test.want)
	}
}

// Which question it should be is said of one with an OPT record, too, and of one that is
// malformed that it is none.
func TestAnotherQuestion(t *testing.T) {
	answer := built(t, reply, built(t, question, nil, "qd=WWW.test A"), "ra=1")
	for _, test := range []struct{ field, want string }{{"edns=1232", "www.test A"}, {"patch=12:43", "no question"}} {
		asked := built(t, question, nil, "qd=www.test A", test.field)
		m := expectText(t, reply, "").Match(answer, asked, true)
		if m == nil || m.Want != test.want || m.Got != "WWW.test A" {
			t.Errorf("%s: %+v", test.field, m)
		}
	}
}

// Datagrams have a size.
func TestSize(t *testing.T) {
	long := strings.TrimPrefix(strings.Repeat("; an=t.test 1 TXT \""+strings.Repeat("x", 30)+"\"", 20), "; ")
	for _, test := range []struct {
		asked    string
		datagram bool
		want     string
	}{{"qd=t.test TXT", true, "and may have 512"}, {"qd=t.test TXT", false, ""}, {"qd=t.test TXT; edns=1232", true, ""}, {"qd=t.test TXT; edns=100", true, "may have 512"}} {
		asked := built(t, question, nil, wordsOf(test.asked)...)
		check(t, test.asked, expectText(t, reply, long).Match(built(t, reply, asked, wordsOf("ra=1; "+long)...), asked, test.datagram), test.want)
	}
}

// wordsOf splits at "; ", and at blanks in front of a short field.
func wordsOf(text string) (words []string) {
	for part := range strings.SplitSeq(text, "; ") {
		for _, name := range []string{"rd", "cd", "opcode", "edns", "raw", "qd"} {
			part = strings.ReplaceAll(part, " "+name+"=", "; "+name+"=")
		}
		words = append(words, strings.Split(part, "; ")...)
	}
	if text == "" {
		return nil
	}
	return words
}

func expectText(t *testing.T, kind, words string) Expected {
	t.Helper()
	text, err := ParseText("expect", kind, wordsOf(words))
	if err != nil {
		t.Fatal(err)
	}
	e, err := text.Expected(0)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func check(t *testing.T, what string, m *Mismatch, want string) {
	t.Helper()
	switch {
	case want == "" && m != nil:
		t.Errorf("%s: %+v", what, *m)
	case want != "" && (m == nil || !strings.Contains(m.Text, want)):
		t.Errorf("%s: %+v, want %q", what, m, want)
	}
}

// What can be known to be wrong is an error before a play.
func TestCheck(t *testing.T) {
	for _, line := range []string{
		"look question", "send letter", "send question|x", "send question|size=3", "expect answer|qd=x A",
		"expect question|rd=1", "send question|qd=x", "send answer|an=x",
		"send answer|an=x * A 192.0.2.1", "send answer|cut=999",
		"send answer|patch=1", "send answer|patch=999:00", "send answer|rcode=WRONG", "send answer|z=2", "expect answer|more=no",
		"expect answer|ns=x 1 A 192.0.2.1", "expect answer|an=@12 1 A 192.0.2.1", "expect answer|an=x 1 CNAME b.@12", `expect answer|an=x 1 MX \# 1 00`, "expect question|qd=x A|qd=y A", "send question|compress=yes", "send question|id=70000",
	} {
		words := strings.Split(line, "|")
		verb, kind, _ := strings.Cut(words[0], " ")
		text, err := ParseText(verb, kind, words[1:])
		if err == nil {
			err = text.Check(0)
		}
		if err == nil {
			t.Errorf("%s: no error", line)
		}
	}
}

// Copies of a message differ in their number.
func TestCopies(t *testing.T) {
	text, err := ParseText("expect", question, []string{"qd=h%d.test A"})
	if err != nil || text.Check(100) != nil {
		t.Fatal(err, text.Check(100))
	}
	if n := strings.Count(Describe(built(t, reply, blank(0), `an=x 1 TXT "{1..20}"`)), "TXT"); n != 20 {
		t.Errorf("%d records, want 20", n)
	}
	b := built(t, question, nil, "qd=h7.test A")
	seven, _ := text.Expected(7)
	eight, _ := text.Expected(8)
	if !seven.Same(b) || eight.Same(b) {
		t.Error("h7 is not the seventh alone")
	}
}
