package telling

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// under returns what stands over the caret.
func under(d *Difference) string {
	got := []rune(d.Got)
	return string(got[min(d.Caret, len(got)):])
}

func TestCompare(t *testing.T) {
	long := strings.Repeat("0123456789", 10)
	for _, c := range []struct{ name, want, got, owed, came, at string }{
		{"a prefix", "hello\n", "hel\n", `"hello\n"`, `"hel\n"`, `\n"`},
		{"too short", "hello\n", "hel", `"hello\n"`, `"hel"`, `"`},
		{"nothing", "hello\n", "", `"hello\n"`, `""`, `"`},
		{"too much", "", "x", `""`, `"x"`, `x"`},
		{"in a character", "你", "佡", `"你"`, `"佡"`, `佡"`},
		{"in a name", "‹ann›\n", "‹anna›\n", `"‹ann›\n"`, `"‹anna›\n"`, `a›\n"`},
		{"two spaces", "a  b", "a b", `"a  b"`, `"a b"`, `b"`},
		{"a broken character", "你", "\ufffd", `"你"`, `"\ufffd"`, `\ufffd"`},
		{"behind much that is equal", strings.Repeat("x", 32768) + "ab", strings.Repeat("x", 32768) + "cb",
			`(equal so far: 32,736 bytes) "` + strings.Repeat("x", 32) + `ab"`,
			`(equal so far: 32,736 bytes) "` + strings.Repeat("x", 32) + `cb"`, `cb"`},
		{"an end that decides", "ERROR\n", "OK " + long + "\nERROR rename\n",
			`"ERROR\n"`, `"OK ` + long + `\nERROR rename\n"`, `OK ` + long + `\nERROR rename\n"`},
		{"an end that decides, far away", "ERROR\n", strings.Repeat(long+"\n", 100) + "ERROR rename\n",
			`"ERROR\n"`, `"` + long[:64] + `" (9,985 bytes left out) "` + long[50:] + `\nERROR rename\n"`, ""},
		{"much is owed", long + long, "x", `"` + long[:64] + `" ...`, `"x"`, `x"`},
	} {
		d := Compare(c.want, c.got)
		if d.Want != c.owed || d.Got != c.came {
			t.Errorf("%s:\nwant %s\n     %s\ngot  %s\n     %s", c.name, d.Want, c.owed, d.Got, c.came)
		}
		if c.at != "" && under(d) != c.at {
			t.Errorf("%s: the caret is under %s; want %s", c.name, under(d), c.at)
		}
	}
}

// However the texts are, a difference is bounded, and its caret stands in it.
func FuzzCompare(f *testing.F) {
	f.Add("hello\n", "hel\n", 1)
	f.Add("‹ann›: x", "‹ann›: y", 1000)
	f.Add("\xff\xfe", "\xff", 77)
	f.Add("\xe2\x800", "‹", 1000) // one begins like a broken other
	f.Fuzz(func(t *testing.T, want, got string, times int) {
		equal := strings.Repeat("ab‹ann›\n", min(max(times, 0), 10000))
		d := Compare(equal+want, equal+got)
		const most = 4*(256+4*32+64)*4 + 100 // an escape has four characters
		if len(d.Want) > most || len(d.Got) > most {
			t.Errorf("%d and %d bytes", len(d.Want), len(d.Got))
		}
		if d.Caret < 0 || d.Caret > utf8.RuneCountInString(d.Got) {
			t.Errorf("caret %d in %s", d.Caret, d.Got)
		}
	})
}

func TestCompareNames(t *testing.T) {
	n := someNames()
	d := n.Compare([]byte("left 127.0.0.1:43210\n"), []byte("left 127.0.0.1:4321\n"))
	if d.Want != `"left ‹ann›\n"` || d.Got != `"left ‹bob›\n"` || under(d) != `bob›\n"` {
		t.Errorf("%+v", d)
	}
	d = n.Compare([]byte("127.0.0.1:99"), []byte("127.0.0.1:98"))
	if d.Want != `"127.0.0.1:99"` || d.Got != `"127.0.0.1:98"` {
		t.Errorf("without names: %+v", d)
	}
}
