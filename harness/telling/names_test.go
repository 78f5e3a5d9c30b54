package telling

import (
	"strings"
	"testing"
)

func someNames() *Names {
	var n Names
	n.Set("127.0.0.1:4321", "bob")
	n.Set("127.0.0.1:43210", "old")
	n.Set("127.0.0.1:43210", "ann")
	n.Set("[::1]:5000", "six")
	n.Set("/tmp/play1", "working directory")
	n.Set("/tmp/play1/users", "users")
	n.Set("", "nobody")
	return &n
}

func TestNames(t *testing.T) {
	n := someNames()
	for s, want := range map[string]string{
		"":                                    "",
		"connected 127.0.0.1:43210\n":         "connected ‹ann›\n",
		"connected 127.0.0.1:4321\n":          "connected ‹bob›\n",
		"127.0.0.1:43211":                     "‹?›",
		"x127.0.0.1:43210":                    "x‹ann›",
		"127.0.0.1:432101":                    "127.0.0.1:432101",
		"1127.0.0.1:43210":                    "1127.0.0.1:43210",
		"-listen 127.0.0.1:0":                 "-listen 127.0.0.1:0",
		"127.0.0.1:43210127.0.0.1:43210":      "127.0.0.1:43210127.0.0.1:43210",
		"127.0.0.1:43210:hello":               "‹ann›:hello",
		"127.0.0.1:43210left 127.0.0.1:4321.": "‹ann›left ‹bob›.",
		"127.0.0.1:":                          "127.0.0.1:",
		"Date: Sun, 06 Nov 1994 08:49:37 GMT": "Date: ‹time›",
		"Date: Sun, 6 Nov 1994 08:49:37 GMT":  "Date: Sun, 6 Nov 1994 08:49:37 GMT",
		"[::1]:5000 [::1]:5001":               "‹six› ‹?›",
		"localhost:43210 localhost:80":        "‹ann› ‹?›",
		"0.0.0.0:43210 10.0.0.0:43210":        "‹ann› 10.0.0.0:43210",
		"[::]:43210 [::]:1":                   "‹ann› [::]:1",
		"open /tmp/play1: no":                 "open ‹working directory›: no",
		"open /tmp/play1/users: no":           "open ‹users›: no",
		"127.0.0.1:43210\xff你127.0.0.1:4321":  "‹ann›\xff你‹bob›",
	} {
		if got := n.In(s); got != want {
			t.Errorf("%q: got %q; want %q", s, got, want)
		}
	}
	if got := (*Names)(nil).In("127.0.0.1:43210 x"); got != "‹?› x" {
		t.Errorf("nil: %q", got)
	}
}

// A long text of which only the ends are kept reads the same as if all of it
// had been named.
func TestNamesOfEnds(t *testing.T) {
	n := someNames()
	text := strings.Repeat("127.0.0.1:43210: hello\n127.0.0.1:4321 x\n", 1000)
	whole := n.In(text)
	if got := n.Short([]byte(text)); got != quoteEnds(whole, len(text), mostShort) {
		t.Errorf("got %s", got)
	}
	if got := n.Short([]byte("to 127.0.0.1:43210")); got != `"to ‹ann›"` {
		t.Error(got)
	}
}

// Two plays of one program, in which the system has chosen other ports, read
// the same.
func TestTwoPlaysReadTheSame(t *testing.T) {
	play := func(ports ...string) string {
		var n Names
		n.Set("127.0.0.1:"+ports[0], "server")
		n.Set("127.0.0.1:"+ports[1], "ann")
		text := strings.ReplaceAll(strings.ReplaceAll("SERVER: left ANN, not 127.0.0.1:"+ports[2]+strings.Repeat(" ANN", 500), "SERVER", "127.0.0.1:"+ports[0]), "ANN", "127.0.0.1:"+ports[1])
		r := n.Rung(Rung{Kind: Bytes, Text: "to 127.0.0.1:" + ports[0]}, []byte(text))
		r.Len = 2000 // of ports with as many digits it is the same
		d := n.Compare([]byte("127.0.0.1:"+ports[0]+": left"), []byte(text))
		return draw([]Rung{r}) + d.Want + d.Got
	}
	if one, other := play("43210", "5432", "50000"), play("5432", "60001", "1024"); one != other {
		t.Errorf("one play\n%s\nanother\n%s", one, other)
	}
}

func BenchmarkNames(b *testing.B) {
	n := someNames()
	text := strings.Repeat("flood 127.0.0.2 flood /tmp/x flood\n", 1<<20/35)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		n.In(text)
	}
}
