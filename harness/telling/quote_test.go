package telling

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestQuote(t *testing.T) {
	for s, want := range map[string]string{
		"":                `""`,
		"hello\n":         `"hello\n"`,
		`say "x"`:         `"say \"x\""`,
		"你好 😀":            `"你好 😀"`,
		"a  b":            `"a  b"`,
		"a\u3000b\u00a0":  `"a\u3000b\u00a0"`,
		"\ufffd":          `"\ufffd"`,
		"\xe4":            `"\xe4"`,
		"e\u0301":         `"e\u0301"`,
		"a\ufe0f":         `"a\ufe0f"`,
		"\u200b\u202e":    `"\u200b\u202e"`,
		"\U000e0100":      `"\U000e0100"`,
		"\u3164\u115f":    `"\u3164\u115f"`,
		"\x1b[31mred\x00": `"\x1b[31mred\x00"`,
	} {
		got := Quote(s)
		if got != want {
			t.Errorf("Quote(%+q) = %s; want %s", s, got, want)
		}
		if back, err := strconv.Unquote(got); err != nil || back != s {
			t.Errorf("Quote(%+q) = %s, which reads %+q, %v", s, got, back, err)
		}
	}
}

func TestHarmless(t *testing.T) {
	for s, want := range map[string]string{
		`it said "a  b\n"`: `it said "a  b\n"`,
		"a\nb":             `a\nb`,
		"\x1b]0;x\a":       `\x1b]0;x\a`,
		"\xff\u3000":       `\xff\u3000`,
		`"\x1b" \\ it's`:   `"\x1b" \\ it's`,
	} {
		if got := harmless(s); got != want {
			t.Errorf("harmless(%q) = %s; want %s", s, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	got := Words([]string{"server", "-listen", "127.0.0.1:0", "‹ann›", "", "a b", "a\nb", "\t", "\u3000", `"`, "it's", "你好", `a\b`})
	want := `server -listen 127.0.0.1:0 ‹ann› "" "a b" "a\nb" "\t" "\u3000" "\"" "it's" 你好 "a\\b"`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestLists(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{List(nil), "nothing"},
		{List([]string{"a", "b\n"}), `"a", "b\n"`},
		{List(strings.Split(strings.Repeat("x", 1012), "")), strings.Repeat(`"x", `, 12) + "1,000 more"},
		{Few(nil), ""},
		{Few([]string{"a", "b", "c"}), "a, and b, and c"},
		{Few([]string{"a", "b", "c", "d", "e"}), "a, and b, and c, and 2 more like it"},
		{Count(0), "0"}, {Count(999), "999"}, {Count(1000), "1,000"}, {Count(1 << 20), "1,048,576"}, {Count(-1234), "-1,234"}, {Count(-123), "-123"},
		{Size(1), "1 byte"}, {Size(32768), "32,768 bytes"},
	} {
		if c.got != c.want {
			t.Errorf("got %s; want %s", c.got, c.want)
		}
	}
	given := []string{"a", "b", "c", "d"}
	Few(given)
	if given[3] != "d" {
		t.Error("Few changed what it was given")
	}
}

func TestShort(t *testing.T) {
	x := strings.Repeat("x", 59)
	for _, c := range []struct{ got, want string }{
		{Short(""), "nothing"},
		{Short(x + "\n"), strconv.Quote(x + "\n")},
		{Short("OK 2cf24dba5fb0a30e26e83b2ac5b9e29e\nsome more that was said\nERROR cannot rename\n"),
			`"OK 2cf24dba5fb0a30e26e83b2ac5b9e29e\n" ... "aid\nERROR cannot rename\n" (80 bytes)`},
		{Short(strings.Repeat("x", 1<<20) + "\n"), `"` + strings.Repeat("x", 36) + `" ... "` + strings.Repeat("x", 23) + `\n" (1,048,577 bytes)`},
		{Short(strings.Repeat("你", 30)), `"` + strings.Repeat("你", 12) + `" ... "` + strings.Repeat("你", 8) + `" (90 bytes)`},
		{Short(strings.Repeat("x", 3<<20)), `"` + strings.Repeat("x", 36) + `" ... (more than 2,097,152 bytes)`},
	} {
		if c.got != c.want {
			t.Errorf("got  %s\nwant %s", c.got, c.want)
		}
	}
}

// No cut loses a byte or tears a character, wherever it falls, and it falls
// close to where it was asked for.
func TestCut(t *testing.T) {
	for _, s := range []string{"aé你😀z", "‹ann›: 你好 ‹bob›", "\xff\xfe\x80\x80\x80\x80\x80", ""} {
		for n := -1; n < len(s)+2; n++ {
			head, tail := cut(s, n)
			if head+tail != s || len(head) > max(n, 0) || len(head) < min(n, len(s))-3 {
				t.Errorf("%q cut at %d: %q, %q", s, n, head, tail)
			}
			if utf8.ValidString(s) && !utf8.ValidString(head) {
				t.Errorf("%q cut at %d tears a character: %q, %q", s, n, head, tail)
			}
		}
	}
}

func TestMiddleOut(t *testing.T) {
	for _, s := range []string{"short", strings.Repeat("abcdefghij", 20), strings.Repeat("你", 90)} {
		for _, most := range []int{10, 20, 60} {
			got := middleOut(s, most)
			if columns(got) > most {
				t.Errorf("%q in %d columns: %q", s, most, got)
			}
			if whole := columns(s) <= most; whole != (got == s) {
				t.Errorf("%q in %d columns: %q", s, most, got)
			}
		}
	}
	if got := middleOut("the beginning, much else, the end", 20); got != "the begi ... the end" {
		t.Errorf("got %q", got)
	}
}

func TestLines(t *testing.T) {
	if got := Lines("a\r\n\r\nb\x00"); !slices.Equal(got, []string{`"a\r\n"`, `"\r\n"`, `"b\x00"`}) {
		t.Errorf("%q", got)
	}
	got := Lines(strings.Repeat("ab\n", 30))
	if len(got) != 25 || got[24] != "18 bytes more" {
		t.Errorf("of many lines: %q", got)
	}
	if got := Lines(""); len(got) != 0 {
		t.Errorf("of nothing: %q", got)
	}
}
