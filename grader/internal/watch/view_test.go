package watch

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/workbook"
)

var update = flag.Bool("update", false, "write the golden files")

// chat is a lesson of three scenarios.
func chat(t *testing.T) *workbook.Lesson {
	t.Helper()
	l := &workbook.Lesson{Lesson: &harness.Lesson{Name: "chat", Title: "A conversation over TCP"}}
	for _, s := range []struct{ name, text string }{
		{"arrival", "# A client is announced when it comes. (1 point)\nstart server -listen 127.0.0.1:0\n"},
		{"split-line", "# A line that arrives in pieces is shown once, whole. (2 points)\nstart server -listen 127.0.0.1:0\n# Ann's line comes byte by byte.\nscreen server 'hello\\n'\n" +
			"-- hint.md --\n# Ann's line comes byte by byte.\nOne Read returns what is there now.\n---\nWhich type of package bufio gives you whole lines?\n"},
		{"long-line", "# A line of 70,000 bytes is shown whole. (3 points)\nstart server -listen 127.0.0.1:0\n"},
	} {
		scenario, err := harness.ParseScenario(s.name+".txtar", []byte(s.text))
		if err != nil {
			t.Fatal(err)
		}
		l.Scenarios = append(l.Scenarios, scenario)
	}
	return l
}

// result is how one of its scenarios ended; a message is that of a failure.
func result(l *workbook.Lesson, name, message string, steps int) harness.Result {
	for _, s := range l.Scenarios {
		if s.Name != name {
			continue
		}
		if message == "" {
			return harness.Result{Scenario: s, Status: harness.Pass, Score: s.Points}
		}
		block := "Ann's line comes byte by byte."
		f := &telling.Failure{
			Position: name + ".txtar:4", Block: block, Message: message,
			Difference: &telling.Difference{Want: `"hello\n"`, Got: `"h\n"`, Caret: 2},
			Hint:       strings.Join(s.Hints(block)[:min(1, len(s.Hints(block)))], ""),
		}
		for i := range steps {
			f.Steps = append(f.Steps, telling.Step{Text: fmt.Sprintf("send ann 'line %d\\n'", i+1), Block: block})
		}
		f.Ladder = []telling.Rung{
			{Peer: "ann", Program: "server", ToProgram: true, Kind: telling.Bytes, Data: []byte("hello\n"), Text: "in 6 pieces", Len: 6},
			{Peer: "screen", Program: "server", Kind: telling.Bytes, Data: []byte("h\n"), Len: 2},
		}
		return harness.Result{Scenario: s, Status: harness.Fail, Failure: f}
	}
	panic(name)
}

const one = `server should print "hello\n", but something else came`

// tell plays a round with these results, the last of which is not there yet where it
// is still played.
func tell(m *model, l *workbook.Lesson, whole bool, results ...harness.Result) {
	m.begin(l)
	m.happen(event{m.round, playing{}})
	for _, r := range results {
		m.happen(event{m.round, ended{r}})
	}
	if whole {
		m.happen(event{m.round, over{}})
	}
}

// What a terminal shows, at 80 columns and at 60.
func TestScreens(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := chat(t)
	for _, test := range []struct {
		name string
		set  func(m *model)
	}{
		{"start", func(m *model) {
			m.begin(l)
			m.refuse("Nothing is written here yet: "+l.Title, "", "read   exercises/chat/README.md")
		}},
		{"waiting", func(m *model) {
			tell(m, l, false, result(l, "arrival", "", 0))
			m.happen(event{m.round, resting{"split-line", now.Add(-700 * time.Millisecond)}})
			m.happen(event{m.round, resting{"long-line", now.Add(-200 * time.Millisecond)}})
		}},
		{"failure", func(m *model) {
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3), result(l, "long-line", one, 9))
		}},
		{"hint", func(m *model) {
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3), result(l, "long-line", one, 9))
			m.hint()
		}},
		{"exhausted", func(m *model) {
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3))
			m.hint()
			m.hint()
		}},
		{"sheet", func(m *model) {
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3))
			for i := range 22 { // nineteen lessons, and what is next
				m.sheet = append(m.sheet, fmt.Sprintf("line %d", i+1))
			}
		}},
		{"many", func(m *model) {
			many := *l
			many.Lesson = &harness.Lesson{Name: "chat"}
			for range 30 {
				many.Scenarios = append(many.Scenarios, l.Scenarios...)
			}
			m.begin(&many)
		}},
		{"better", func(m *model) {
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", "", 0), result(l, "long-line", one, 2))
			tell(m, l, true, result(l, "arrival", one, 1), result(l, "split-line", one, 3), result(l, "long-line", one, 9))
		}},
		{"saved", func(m *model) {
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3), result(l, "long-line", one, 9))
			m.begin(l)
		}},
		{"compile", func(m *model) {
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3), result(l, "long-line", one, 9))
			m.begin(l)
			m.happen(event{m.round, broken{[]build.Message{{File: "chat.go", Line: 12, Column: 3, Text: "undefined: x"}, {Text: "the program has no func main"}}}})
			m.happen(event{m.round, over{}})
		}},
		{"lost", func(m *model) { m.begin(l); m.happen(event{m.round, failed{errors.New("no space left on device")}}) }},
		{"whole", func(m *model) {
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3), result(l, "long-line", "", 0))
			tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", "", 0), result(l, "long-line", "", 0))
		}},
	} {
		for _, columns := range []int{80, 60} {
			t.Run(fmt.Sprintf("%s at %d", test.name, columns), func(t *testing.T) {
				m := newModel()
				m.keys, m.model, m.after = true, "solutions/chat", "upload"
				test.set(m)
				screen := m.view(columns, 24, now)
				var b strings.Builder
				for _, l := range screen {
					if wide(l.text) > columns {
						t.Errorf("%q takes %d columns", l.text, wide(l.text))
					}
					b.WriteString(strings.TrimRight(l.text, " ") + "\n")
				}
				if len(screen) != 24 {
					t.Errorf("%d rows", len(screen))
				}
				golden(t, fmt.Sprintf("%s-%d.golden", test.name, columns), b.String())
			})
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// A word of a round that was ended changes nothing.
func TestOldRound(t *testing.T) {
	l := chat(t)
	m := newModel()
	tell(m, l, false)
	old := m.round
	m.begin(l)
	for _, what := range []any{playing{}, ended{result(l, "arrival", one, 1)}, resting{"arrival", time.Now()}, broken{}, failed{errors.New("x")}, over{}} {
		if m.happen(event{old, what}) || m.phase != building || len(m.results)+len(m.rests)+len(m.messages) > 0 {
			t.Errorf("%T of the old round is taken for one of the new", what)
		}
	}
}

// The page stays that of the scenario that failed last, as long as it fails; n leads to
// the best one, and then through all.
func TestPages(t *testing.T) {
	l := chat(t)
	m := newModel()
	check := func(what, want string) {
		t.Helper()
		if m.shown != want {
			t.Errorf("%s: the page of %q is shown; want %q", what, m.shown, want)
		}
	}
	tell(m, l, false, result(l, "long-line", one, 9))
	check("while more is played", "")
	m.happen(event{m.round, ended{result(l, "arrival", "", 0)}})
	m.happen(event{m.round, ended{result(l, "split-line", one, 3)}})
	m.happen(event{m.round, over{}})
	check("at the end, the best", "split-line")
	m.next()
	check("the next", "long-line")
	m.begin(l)
	if got := m.first(); len(got) == 0 || got[0] != "long-line" {
		t.Errorf("played first: %q; want the one that is shown", got)
	}
	m.happen(event{m.round, ended{result(l, "long-line", one, 9)}})
	if m.older {
		t.Error("its page is not the new one at once")
	}
	m.happen(event{m.round, ended{result(l, "arrival", "", 0)}})
	m.happen(event{m.round, ended{result(l, "split-line", one, 3)}})
	m.happen(event{m.round, over{}})
	check("as it fails again, it stays", "long-line")
	m.next()
	check("n leads to the best", "split-line")
	m.next()
	check("and then to the next", "long-line")
	tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3), result(l, "long-line", "", 0))
	check("when it passes, the best", "split-line")
	tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", "", 0), result(l, "long-line", "", 0))
	check("when all pass, none", "")
}

func TestKeys(t *testing.T) {
	got := parse("nN\x1b[A\x1b[5~\x1bOB \r\x03你")
	want := []key{"n", "n", "up", "page up", "down", "page down", "enter", "q"}
	if diff := cmp.Diff(want, got[:len(want)]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Text that is too long is broken and never lost, in any script; what would steer the
// terminal is not written.
func TestWrap(t *testing.T) {
	for _, text := range []string{strings.Repeat("word ", 60), strings.Repeat("你好", 60), strings.Repeat("x", 200), ""} {
		lines := wrap(text, 60)
		joined := ""
		for _, l := range lines {
			if wide(l) > 60 {
				t.Errorf("%q takes %d columns", l, wide(l))
			}
			joined += strings.TrimSpace(l)
		}
		if strings.ReplaceAll(text, " ", "") != strings.ReplaceAll(joined, " ", "") {
			t.Errorf("%q became %q", text, lines)
		}
	}
	if got := harmless("a\x1b[2J\tb\u009b"); got != "a\ufffd[2J    b\ufffd" {
		t.Errorf("%q", got)
	}
}
