package dns

import (
	"strings"
	"testing"
)

const exampleZone = `
# The zone.
test 600 SOA 30
test 600 NS ns.test
ns.test 600 A 192.0.2.1
a.deep.test 60 A 192.0.2.2
alias.test 60 CNAME a.deep.test
example.test 3600 NS ns.example.test
ns.example.test 3600 A 192.0.2.3
dead.test 60 CNAME no.test
away.test 60 CNAME www.elsewhere
child.test 60 CNAME www.example.test
n{1..2}.test 60 TXT "{1..3}"
*.wild.test 60 CNAME x.&
`

func TestZone(t *testing.T) {
	z, err := ParseZone(exampleZone)
	if err != nil {
		t.Fatal(err)
	}
	const soa = "authority test 600 SOA ns.test host.test 1 3600 600 86400 30"
	for asked, want := range map[string]string{
		"a.deep.test A":        "aa; a.deep.test 60 A 192.0.2.2",
		"A.deep.test A":        "aa; A.deep.test 60 A 192.0.2.2",
		"a.deep.test MX":       "aa; " + soa,
		"deep.test A":          "aa; " + soa,
		"n2.test TXT":          `aa; n2.test 60 TXT "1"; n2.test 60 TXT "2"; n2.test 60 TXT "3"`,
		"no.test A":            "NXDOMAIN; aa; " + soa,
		"alias.test A":         "aa; alias.test 60 CNAME a.deep.test; a.deep.test 60 A 192.0.2.2",
		"alias.test MX":        "aa; alias.test 60 CNAME a.deep.test; " + soa,
		"dead.test A":          "NXDOMAIN; aa; dead.test 60 CNAME no.test; " + soa,
		"away.test A":          "aa; away.test 60 CNAME www.elsewhere",
		"child.test A":         "aa; child.test 60 CNAME www.example.test; authority example.test 3600 NS ns.example.test; additional ns.example.test 3600 A 192.0.2.3",
		"alias.test CNAME":     "aa; alias.test 60 CNAME a.deep.test",
		"www.example.test A":   "authority example.test 3600 NS ns.example.test; additional ns.example.test 3600 A 192.0.2.3",
		"example.test NS":      "authority example.test 3600 NS ns.example.test; additional ns.example.test 3600 A 192.0.2.3",
		"notexample.test A":    "NXDOMAIN; aa; " + soa,
		"q.wild.test A":        "aa; q.wild.test 60 CNAME x.q.wild.test",
		"www.elsewhere.com. A": "REFUSED",
	} {
		b := z.Answer(built(t, question, nil, "qd="+asked))
		if _, got, _ := strings.Cut(Describe(b), ": "); got != want && !strings.EqualFold(got, want) {
			t.Errorf("%s: %s, want %s", asked, got, want)
		}
	}
	if z.Answer([]byte("no question")) != nil || z.Answer(z.Answer(built(t, question, nil, "qd=test A"))) != nil {
		t.Error("what is no question is answered")
	}
	for _, wrong := range []string{"", "test 600 NS ns.test", "test 600 SOA 30\nx 1 A y"} {
		if _, err := ParseZone(wrong); err == nil {
			t.Errorf("%q is a zone", wrong)
		}
	}
}

// A lie is no answer to the question, and what is cut off is one.
func TestLies(t *testing.T) {
	z, err := ParseZone(exampleZone)
	if err != nil {
		t.Fatal(err)
	}
	asked := built(t, question, nil, "qd=a.deep.test A")
	answer := z.Answer(asked)
	for i, lie := range Lies(answer) {
		if Answers(lie, asked) && lie[2]&0x80 != 0 {
			t.Errorf("lie %d answers the question: %s", i, Describe(lie))
		}
	}
	if cut := CutOff(answer); !Answers(cut, asked) || !strings.Contains(Describe(cut), "tc") {
		t.Errorf("cut off: %s", Describe(cut))
	}
	if len(Lies(answer)) != 3 || Describe(answer) != "a.deep.test A: aa; a.deep.test 60 A 192.0.2.2" {
		t.Errorf("the answer is %s", Describe(answer))
	}
}
