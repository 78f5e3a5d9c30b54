package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// What a usage says of arguments and flags.
func TestGrammar(t *testing.T) {
	for _, test := range []struct {
		usage    string
		min, max int
		flags    string // each with the word behind it
		leading  bool
	}{
		{"end NAME", 1, 1, "", false},
		{"limit KIND VALUE", 2, 2, "", false},
		{"exits NAME [CODE]", 1, 2, "", false},
		{"complains NAME [TEXT...]", 1, -1, "", false},
		{"hides NAME TEXT...", 2, -1, "", false},
		{"work NAME MARK [MARK RATIO]", 2, 4, "", false},
		{"dial PEER ADDR [-window N]", 2, 2, "window N", false},
		{"accept PEER [-as NAME] [-stalled]", 1, 1, "as NAME,stalled ", false},
		{"sendto PEER ADDR BYTES... [-times N] [-file NAME]", 2, -1, "file NAME,times N", false},
		{"type NAME BYTES... [-split N,N|each]", 1, -1, "split N,N|each", false},
		{"start [-as NAME] [-nowait] ROLE [ARG...]", 1, -1, "as NAME,nowait ", true},
		{"quiet [-timers] [NAME...]", 0, -1, "timers ", true},
		{"expect PEER BYTES... [-times N] | PEER -match RE", 1, -1, "match RE,times N", false},
		{"screen NAME BYTES... | NAME -match RE | NAME -unordered BYTES...", 1, -1, "match RE,unordered ", false},
		{"file PATH [-size N] | PATH -absent", 1, 1, "absent ,size N", false},
		{"relay NAME ADDR [drop N] [swap N M] [hold N until M]...", 2, -1, "", false},
		{"frame NAME send|expect KIND [FIELD=VALUE...]", 3, -1, "", false},
		{"file PATH | OTHER ONE MORE", 1, 3, "", false},
	} {
		verb, _, _ := strings.Cut(test.usage, " ")
		g := (&Form{Verb: verb, Usage: test.usage}).grammar()
		var flags []string
		for _, name := range slices.Sorted(maps.Keys(g.flags)) {
			flags = append(flags, name+" "+g.flags[name])
		}
		got := fmt.Sprint(g.min, g.max, strings.Join(flags, ","), g.leading)
		if want := fmt.Sprint(test.min, test.max, test.flags, test.leading); got != want {
			t.Errorf("%s: %s, want %s", test.usage, got, want)
		}
	}
}

// forms are those of a small language.
func forms(usages ...string) func(verb string) *Form {
	return func(verb string) *Form {
		for _, usage := range usages {
			if v, _, _ := strings.Cut(usage, " "); v == verb {
				return &Form{Verb: verb, Usage: usage}
			}
		}
		return nil
	}
}

var some = forms("say WORD... [-loud] [-times N]", "start [-as NAME] ROLE [ARG...]", "find NAME -match RE", "wait [-for D]", "cut BYTES... [-split N,N|each]")

// one reads a script of one line.
func one(t *testing.T, text string) *Line {
	t.Helper()
	lines, err := Lines(text, 1, map[string][]byte{"f": []byte("file ")}, some)
	if err != nil || len(lines) != 1 {
		t.Fatalf("%s: %d lines, %v", text, len(lines), err)
	}
	return lines[0]
}

func values(name string) string { return map[string]string{"ann": "1.2.3.4:5", "dot": "a.b"}[name] }

// Words, quotes and variables become arguments.
func TestCall(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"say a  b\tc", []string{"a", "b", "c"}},
		{"say 'a b' c # and no more", []string{"a b", "c"}},
		{"say a#b", []string{"a"}},
		{"say 'a#b'", []string{"a#b"}},
		{"say 'it''s'", []string{"it's"}},
		{`say 'it\'`, nil},
		{`say '\x41\n\u4f60\xff\\'`, []string{"A\n你\xff\\"}},
		{"say 'raw \xff byte\\n'", []string{"raw \xff byte\n"}},
		{"say $ann", []string{"1.2.3.4:5"}},
		{"say x${ann}y'$ann'", []string{"x1.2.3.4:5y$ann"}},
		{"say '' x", []string{"", "x"}},
		{"start -as a b -as c", []string{"b", "-as", "c"}},
		{"say '-loud' x", []string{"-loud", "x"}},
	} {
		if test.want == nil {
			if _, err := Lines(test.text, 1, nil, some); err == nil {
				t.Errorf("%s: no error", test.text)
			}
			continue
		}
		c, err := one(t, test.text).Call(values)
		if err != nil || !slices.Equal(c.Args, test.want) {
			t.Errorf("%s: %q %v, want %q", test.text, c.Args, err, test.want)
		}
	}
}

func TestFlags(t *testing.T) {
	c, err := one(t, "say a -loud b -times 3").Call(values)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Has("loud") || c.Has("match") || c.Number("times", 1) != 3 || string(c.Bytes(0)) != "ababab" {
		t.Errorf("%+v", c)
	}
	// In a pattern a variable stands for exactly its text.
	c, err = one(t, `find x -match $dot'[0-9]\.'`).Call(values)
	if err != nil || c.Pattern("match").String() != `a\.b[0-9]\.` {
		t.Errorf("%v %v", c, err)
	}
	c, err = one(t, "wait -for 250ms").Call(values)
	if err != nil || c.Duration("for").String() != "250ms" || c.Duration("other") != 0 {
		t.Errorf("%v %v", c, err)
	}
}

func TestSplits(t *testing.T) {
	for _, test := range []struct {
		split string
		n     int
		want  string
	}{
		{"each", 4, "[1 2 3] <nil>"},
		{"each", 1, "[] <nil>"},
		{"each", 0, "[] <nil>"},
		{"1,3", 4, "[1 3] <nil>"},
		{"4", 4, `[] "4" does not cut "4"; give ascending places inside of the bytes, as in 3,7, or each`},
	} {
		c, err := one(t, "cut x -split "+test.split).Call(values)
		if err != nil {
			t.Fatal(err)
		}
		at, err := c.Splits(test.n)
		if got := fmt.Sprint(at, err); got != test.want {
			t.Errorf("%s of %d: %s, want %s", test.split, test.n, got, test.want)
		}
	}
}

// A variable that has no value is an error of the play, and not before.
func TestUnsetVariable(t *testing.T) {
	if _, err := one(t, "say $bob").Call(values); err == nil || !strings.Contains(err.Error(), "$bob has no value yet") {
		t.Error(err)
	}
}
