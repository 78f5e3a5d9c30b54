package grade

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness"
	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

const (
	greeter = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"
	given   = "package main\n\nfunc main() {}\n"
)

// newBook returns a workbook of one lesson with one public and one hidden
// scenario.
func newBook(t *testing.T, change func(exercises, solutions fstest.MapFS)) *workbook.Workbook {
	exercises := fstest.MapFS{
		"README.md":                        {Data: []byte("| [greet](greet/README.md) | A greeting | `net` |\n")},
		"greet/README.md":                  {Data: []byte("# Greet\n")},
		"greet/testdata/hello.txtar":       {Data: []byte("# It says hello. (2 points)\nrun\nscreen program 'hello\\n'\n")},
		"greet/testdata/given/given.txtar": {Data: []byte("-- main.go --\n" + given)},
	}
	solutions := fstest.MapFS{
		"greet/main.go":                      {Data: []byte(greeter)},
		"greet/testdata/hidden/ending.txtar": {Data: []byte("# It ends well. (1 point)\nrun\nscreen program -match '.*\\n'\n")},
	}
	if change != nil {
		change(exercises, solutions)
	}
	book, err := workbook.New(exercises, solutions)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// counting counts builds.
type counting struct {
	build.Builder
	builds atomic.Int32
}

func (c *counting) Build(ctx context.Context, files source.Files, target string) error {
	c.builds.Add(1)
	return c.Builder.Build(ctx, files, target)
}

func newGrader(t *testing.T, book *workbook.Workbook) *Grader {
	return graderWith(t, book, Options{})
}

func graderWith(t *testing.T, book *workbook.Workbook, o Options) *Grader {
	tools, err := build.Find(t.Context(), build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := book.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	o.Seed, o.Slots = 1, harness.NewSlots(4)
	g, err := New(book, lessons, &counting{Builder: tools}, lint.New(tools), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

func submission(name string, files source.Files) *intake.Submission {
	s := &intake.Submission{Name: name, Lessons: make(map[string]source.Files)}
	if files != nil {
		s.Lessons["greet"] = files
	}
	return s
}

// points writes a score that may be unknown.
func points(score *float64) any {
	if score == nil {
		return nil
	}
	return *score
}

// A race is told with its line, and costs no points.
func TestRace(t *testing.T) {
	tools, err := build.Find(t.Context(), build.Options{Race: true})
	if err != nil {
		t.Skip(err)
	}
	lessons, err := newBook(t, nil).Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(newBook(t, nil), lessons, tools, lint.New(tools), Options{Seed: 1, Slots: harness.NewSlots(4), Race: true})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	const racing = "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tn, done := 0, make(chan bool)\n\tgo func() {\n\t\tn = 1\n\t\tdone <- true\n\t}()\n\tn = 2\n\t<-done\n\t_ = n\n\tfmt.Println(\"hello\")\n}\n"
	for program, want := range map[string][]string{
		greeter: nil,
		racing:  {`main.go:8: a data race: this writes what another goroutine writes at main.go:11, and neither waits for the other`},
	} {
		s, err := g.Grade(t.Context(), submission("ann", source.Files{"main.go": []byte(program)}))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range s.Findings {
			got = append(got, f.String())
		}
		if diff := cmp.Diff(want, got); diff != "" || points(s.Score) != 3.0 {
			t.Errorf("%v of 3 points (%s), (-want +got)\n%s", points(s.Score), s.Lessons[0].Reason, diff)
		}
	}
}

func TestGrade(t *testing.T) {
	g := newGrader(t, newBook(t, nil))
	tests := []struct {
		name      string
		files     source.Files
		status    result.Status
		score     float64
		scenarios string
	}{
		{"right", source.Files{"main.go": []byte(greeter)}, result.Graded, 3, "hello:pass ending:pass"},
		{"wrong", source.Files{"main.go": []byte(strings.Replace(greeter, "hello", "hallo", 1))}, result.Graded, 1, "hello:fail ending:pass"},
		{"untouched", source.Files{"main.go": []byte(strings.ReplaceAll(given, "\n", "\r\n"))}, result.NotStarted, 0, ""},
		{"missing", nil, result.Missing, 0, ""},
		{"not compiling", source.Files{"main.go": []byte("package main\n\nfunc main() { x }\n")}, result.BuildFailed, 0, ""},
		{"forbidden", source.Files{"main.go": []byte("package main\n\nimport _ \"net\"\n\nfunc main() {}\n")}, result.Rejected, 0, ""},
		{"completed", source.Files{"more.go": []byte("package main\n\nimport \"fmt\"\n\nfunc init() { fmt.Println(\"hello\") }\n")}, result.Graded, 3, "hello:pass ending:pass"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := g.Grade(t.Context(), submission("ann", test.files))
			if err != nil {
				t.Fatal(err)
			}
			l := s.Lessons[0]
			var scenarios []string
			for _, sc := range l.Scenarios {
				scenarios = append(scenarios, sc.Scenario+":"+string(sc.Status))
			}
			if l.Status != test.status || points(s.Score) != test.score || s.MaxScore != 3 || !s.Complete || strings.Join(scenarios, " ") != test.scenarios {
				t.Errorf("graded %s, %v of %v, complete %v, %v (%s); want %s, %v of 3, true, %s",
					l.Status, points(s.Score), s.MaxScore, s.Complete, scenarios, l.Reason, test.status, test.score, test.scenarios)
			}
		})
	}
}

// A program of which a file could not be taken is not played as if it were whole,
// and the reason comes before all else that was found.
func TestRefused(t *testing.T) {
	g := newGrader(t, newBook(t, nil))
	cut := submission("ann", source.Files{"main.go": []byte(greeter)})
	cut.Aside = []intake.Note{{Lesson: "greet", File: "notes.txt", Message: "ignored"}}
	cut.Refused = map[string][]lessonfile.Problem{"greet": {{File: "large.go", Message: "it has more than 1048576 bytes"}}}
	unreadable := &intake.Submission{Name: "ann", Unreadable: "it is empty"}
	for want, s := range map[string]*intake.Submission{`large.go: it has more than 1048576 bytes`: cut, "it is empty": unreadable} {
		r, err := g.Grade(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		l := r.Lessons[0]
		if l.Status != result.Rejected || points(r.Score) != 0.0 || len(l.Scenarios) > 0 || r.Findings[0].String() != want || r.Findings[0].Severity != result.Essential {
			t.Errorf("graded %s, %v, findings %v; want it rejected, for %s", l.Status, points(r.Score), r.Findings, want)
		}
	}
}

// Two plays of one program give the same bytes.
func TestResultIsStable(t *testing.T) {
	g := newGrader(t, newBook(t, nil))
	wrong := submission("ann", source.Files{"main.go": []byte(strings.Replace(greeter, "hello", "hallo", 1))})
	var first []byte
	for range 3 {
		s, err := g.Grade(t.Context(), wrong)
		if err != nil {
			t.Fatal(err)
		}
		data, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = data
		}
		if diff := cmp.Diff(string(first), string(data)); diff != "" {
			t.Fatalf("result.json differs between two plays (-first +now):\n%s", diff)
		}
	}
	if strings.Contains(string(first), os.TempDir()) {
		t.Errorf("result.json names a temporary path:\n%s", first)
	}
}

// What cannot be told is no zero.
func TestOurMistake(t *testing.T) {
	g := newGrader(t, newBook(t, func(_, solutions fstest.MapFS) {
		solutions["greet/main.go"] = &fstest.MapFile{Data: []byte("package main\n\nfunc main() { x }\n")}
	}))
	s, err := g.Grade(t.Context(), submission("ann", source.Files{"main.go": []byte(greeter)}))
	if err != nil {
		t.Fatal(err)
	}
	if s.Score != nil || s.Complete || s.Lessons[0].Status != result.Unknown || !strings.Contains(s.Lessons[0].Reason, "the workbook's own solution") {
		t.Errorf("score %v, complete %v, %s: %q; want null, false, error and the solution blamed", points(s.Score), s.Complete, s.Lessons[0].Status, s.Lessons[0].Reason)
	}
}

// entriesOf lists the hand-ins of a class.
func entriesOf(t *testing.T, dir string) []intake.Entry {
	t.Helper()
	class, err := intake.OpenClass(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { class.Close() })
	return class.Entries
}

// newClass writes a class of three, one of them handed in twice.
func newClass(t *testing.T) []intake.Entry {
	dir := t.TempDir()
	for path, text := range map[string]string{
		"ann/greet/main.go": greeter,
		"bob/greet/main.go": "package main\n\nfunc main() { x }\n",
		"eve/greet/main.go": greeter,
		"eve.zip":           "",
	} {
		path = filepath.Join(dir, filepath.FromSlash(path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	entries := entriesOf(t, dir)
	return entries
}

// gradeClass grades into out and returns what became of each, in the order of
// names.
func gradeClass(t *testing.T, g *Grader, entries []intake.Entry, out string) []string {
	folder, err := OpenFolder(out, g.workbook, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.Begin(Manifest{Workbook: g.workbook, Seed: g.options.Seed, Lessons: g.want.Lessons}); err != nil {
		t.Fatal(err)
	}
	var done []string
	class := &Class{Grader: g, Entries: entries, Folder: folder, Done: func(s *result.Submission, kept bool) {
		word := " graded"
		if kept {
			word = " kept"
		}
		done = append(done, s.Submission+word)
	}}
	if err := class.Grade(t.Context()); err != nil {
		t.Fatal(err)
	}
	slices.Sort(done)
	return done
}

func TestClassContinues(t *testing.T) {
	g, entries, out := newGrader(t, newBook(t, nil)), newClass(t), filepath.Join(t.TempDir(), "results")
	check := func(step string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, gradeClass(t, g, entries, out)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
	}
	check("the first run", "ann graded", "bob graded", "eve graded")
	// What could not be graded is tried again.
	check("the second run", "ann kept", "bob kept", "eve graded")

	path := filepath.Join(out, "ann", "result.json")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)/2], 0o666); err != nil {
		t.Fatal(err)
	}
	check("after ann's result was cut", "ann graded", "bob kept", "eve graded")
	if again, err := os.ReadFile(path); err != nil || string(again) != string(whole) {
		t.Errorf("the result made again differs from the first: %v", cmp.Diff(string(whole), string(again)))
	}
	left, err := filepath.Glob(filepath.Join(out, "*", "*"+unfinished))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files stayed: %v %v", left, err)
	}
	g.options.Seed++
	check("with another seed", "ann graded", "bob graded", "eve graded")
}

func TestClassEnds(t *testing.T) {
	g, out := newGrader(t, newBook(t, nil)), t.TempDir()
	folder, err := OpenFolder(out, g.workbook, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	class := &Class{Grader: g, Entries: newClass(t), Folder: folder}
	if err := class.Grade(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v; want context.Canceled", err)
	}
	left, err := filepath.Glob(filepath.Join(out, "*", "result.json"))
	// eve's is an error that needs no play; the others have no result.
	if err != nil || slices.ContainsFunc(left, func(p string) bool { return filepath.Base(filepath.Dir(p)) != "eve" }) {
		t.Errorf("results of an ended run: %v, %v; want none", left, err)
	}
}

func TestOpenFolder(t *testing.T) {
	write := func(t *testing.T, name, text string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	const manifest = `{"schema":"wirebook/class/v1","workbook":"old","seed":7,"lessons":["greet"]}`
	tests := []struct {
		name    string
		dir     func(t *testing.T) string
		replace bool
		seed    int64
		want    string // in the error
	}{
		{"a new one", func(t *testing.T) string { return filepath.Join(t.TempDir(), "a", "b") }, false, 0, ""},
		{"an empty one", func(t *testing.T) string { return t.TempDir() }, false, 0, ""},
		{"something else", func(t *testing.T) string { return write(t, "thesis.tex", "") }, true, 0, "it is no folder of results"},
		{"of this workbook", func(t *testing.T) string { return write(t, "class.json", strings.Replace(manifest, "old", "new", 1)) }, false, 7, ""},
		{"of another workbook", func(t *testing.T) string { return write(t, "class.json", manifest) }, false, 0, "--regrade"},
		{"of another workbook, to be replaced", func(t *testing.T) string { return write(t, "class.json", manifest) }, true, 7, ""},
		{"of another program", func(t *testing.T) string { return write(t, "class.json", "[]") }, false, 0, "--regrade"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder, err := OpenFolder(test.dir(t), "new", test.replace)
			var other *OtherError
			switch {
			case test.want == "" && (err != nil || folder.Seed() != test.seed):
				t.Errorf("error %v; want none and seed %d", err, test.seed)
			case test.want != "" && (!errors.As(err, &other) || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error %v; want an OtherError with %q", err, test.want)
			}
		})
	}
}
