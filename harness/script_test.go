package harness

import (
	"slices"
	"strings"
	"testing"
)

func TestScriptMistakes(t *testing.T) {
	const title = "# A demo. (1 point)\n"
	for _, test := range []struct{ file, want string }{
		{"no title\n", "demo.txtar:1: the first line \"no title\" is no title"},
		{"# No points.\n", "demo.txtar:1:"},
		{title + "\nsleep 1s\n", `demo.txtar:3: unknown command "sleep"`},
		{title + "exec ls\n", `demo.txtar:2: unknown command "exec"`},
		{title + "stop\n", `demo.txtar:2: unknown command "stop"`},
		{title + "[short] skip\n", `demo.txtar:2: unknown condition "short"`},
		{title + "[linux skip\n", "demo.txtar:2: the condition in"},
		{title + "! dial ann x\n", `demo.txtar:2: "dial" takes no !`},
		{title + "dial ann\n", "demo.txtar:2: dial: it has 1 arguments; the form is: dial PEER ADDR"},
		{title + "send ann 'x\n", "demo.txtar:2: the quote in"},
		{title + "send ann '\\q'\n", `demo.txtar:2: unknown escape in "\\q"`},
		{title + "send ann 'x' -again\n", "demo.txtar:2: send: unknown flag -again"},
		{title + "send ann 'x' -times\n", "demo.txtar:2: send: -times needs a value"},
		{title + "send ann 'x' -times many\n", `demo.txtar:2: -times "many" is no number`},
		{title + "send ann -file f\n", `demo.txtar:2: -file "f" is not in the archive`},
		{title + "screen s -match '('\n", "demo.txtar:2: -match: error parsing regexp"},
		{title + "lasts $ann\n", "demo.txtar:2: lasts: $ann has no value yet"},
		{title + "\nlasts long\n", `demo.txtar:3: lasts: "long" is no time; write: lasts 1s`},
		{title + "cd w\r\n", "Windows line ends"},
		{title + "-- a --\n-- a --\n", `the file "a" stands twice`},
	} {
		_, err := ParseScenario("demo.txtar", []byte(test.file))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.file, err, test.want)
		}
	}
}

func TestWords(t *testing.T) {
	vars := map[string]string{"ann": "1.2.3.4:5"}
	for _, test := range []struct {
		line string
		want []string
	}{
		{`'connected '$ann'\n' x`, []string{"connected 1.2.3.4:5\n", "x"}},
		{`'it''s' '' # a comment`, []string{"it's", ""}},
		{`'\xff\u4f60你\\' a'#'b`, []string{"\xff你你\\", "a#b"}},
		{"'\xff'", []string{"\xff"}},
		{`${ann}x`, []string{"1.2.3.4:5x"}},
	} {
		words, err := splitWords(test.line)
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
			continue
		}
		var got []string
		for _, w := range words {
			s, err := w.expand(func(name string) string { return vars[name] }, false)
			if err != nil {
				t.Errorf("%s: %v", test.line, err)
			}
			got = append(got, s)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.line, got, test.want)
		}
	}
}

// testscript's own commands win over commands of the same name, silently.
func TestNoCommandIsABuiltin(t *testing.T) {
	for _, name := range []string{"cd", "chmod", "cmp", "cmpenv", "cp", "env", "exec", "exists", "grep", "kill", "mkdir", "mv", "rm", "skip", "stderr", "stdin", "stdout", "stop", "symlink", "ttyin", "ttyout", "unix2dos", "unquote", "wait"} {
		if lookup(name) != nil {
			t.Errorf("%s is a command of testscript's", name)
		}
	}
}

func TestHints(t *testing.T) {
	if got, want := splitHints("one\n---\ntwo\nmore\n---\n"), []string{"one", "two\nmore"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
