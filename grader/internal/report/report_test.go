package report

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/result"

	"wirebook/harness/telling"
)

var update = flag.Bool("update", false, "write the golden files anew")

// evil is what a hand-in may call itself or print: it steers terminals, pages
// and spreadsheets that take it as it is.
const evil = "=1+1\x1b[2J</td><script>alert(1)</script>\u202e]]>&amp;"

// secret stands in all that a hidden scenario must not show, and given in what the
// program did there.
const secret, given = "SECRET", "GIVEN"

// hidden is a hidden scenario that failed.
var hidden = result.Scenario{Scenario: "late-one", Title: secret + " title.", Status: "fail", Score: result.Points(0), MaxScore: 2, Hidden: true,
	Failure: &telling.Failure{
		Position: secret + ".txtar:7", Block: secret + " block.", Message: secret + " message",
		Difference: &telling.Difference{Want: `"` + secret + `\n"`, Got: `"` + given + `\n"`, Caret: 3},
		Steps:      []telling.Step{{Line: 7, Text: "send " + secret, Block: secret + " block."}},
		Ladder: []telling.Rung{
			{Peer: "ann", Program: "server", ToProgram: true, Kind: "bytes", Step: 1, Data: []byte(secret), Len: len(secret)},
			{Peer: "ann", Program: "server", Kind: "bytes", Step: 1, Data: []byte(given), Len: len(given)},
		},
		Hint: secret + " hint.",
	}}

// sample is a class with one of everything.
func sample() *Class {
	caret := 6
	ann := &result.Submission{
		Schema: result.Schema, Submission: "ann", Workbook: strings.Repeat("ab", 32), Seed: 7, Sandbox: "plain",
		Findings: []result.Finding{
			{Severity: result.Informative, Lesson: "chat", File: "notes.txt", Message: "ignored: not part of the program"},
			{Severity: result.Actionable, Lesson: "chat", File: evil + ".go", Line: 7, Message: "the size " + evil + " comes from the client", Code: "buf := make([]byte, size) // " + evil},
		},
		Lessons: []result.Lesson{
			{Lesson: "subnet", Status: result.Graded, MaxScore: 3, Scenarios: []result.Scenario{
				{Scenario: "info-mask", Title: "A mask is a prefix.", Status: "pass", Score: result.Points(2), MaxScore: 2},
				{Scenario: "descriptors-back", Title: "Descriptors come back.", Status: "skip", MaxScore: 2, Reason: "needs Linux"},
				{Scenario: "split-top", Title: "The last one ends.", Status: "pass", Score: result.Points(1), MaxScore: 1, Hidden: true},
			}},
			{Lesson: "chat", Status: result.Graded, MaxScore: 4, Shape: "abc", Scenarios: []result.Scenario{
				{Scenario: "split-line", Rule: 4, Title: "A line that arrives in pieces is printed once.", Status: "fail", Score: result.Points(0), MaxScore: 2,
					Failure: &telling.Failure{
						Position: "split-line.txtar:5", Block: "Her line comes in pieces.", Steps: []telling.Step{{Line: 2, Text: "start server"}, {Line: 5, Text: "screen server 'hello\\n'", Block: "Her line comes in pieces."}},
						Message: "server's screen should show \"hello\\n\", but something else came", Difference: &telling.Difference{Want: `"hello\n"`, Got: `"hello` + evil + `"`, Caret: caret},
						Hint: "TCP keeps no <boundaries>.", Ladder: []telling.Rung{{Peer: "ann", Program: "server", ToProgram: true, Kind: "bytes", Step: 1, Data: []byte("hello"), Len: 5},
							{Kind: telling.LeftOut, Len: 3}, {Peer: "screen", Program: "server", Kind: "bytes", Step: 2, Data: []byte("hello" + evil), Len: 5 + len(evil)}},
					}},
				{Scenario: "queue", Rule: 11, Title: "Clients wait in a queue.", Status: "fail", Score: result.Points(0), MaxScore: 1,
					Failure: &telling.Failure{Position: "queue.txtar:9", Message: "nothing came from " + evil}}, // trimmed
				{Scenario: "greeting", Title: "It greets.", Status: "pass", Score: result.Points(1), MaxScore: 1},
				hidden,
				{Scenario: "late-skip", Title: secret, Status: "skip", MaxScore: 1, Hidden: true, Reason: secret},
			}},
		},
	}
	bob := &result.Submission{
		Schema: result.Schema, Submission: evil, Workbook: ann.Workbook, Seed: 7, Sandbox: "plain",
		Findings: []result.Finding{
			{Severity: result.Essential, Lesson: "chat", File: evil + ".go", Line: 3, Message: "the import " + evil + " is forbidden"},
			{Severity: result.Essential, File: evil, Message: "its path leads out of the hand-in"},
		},
		Lessons: []result.Lesson{
			{Lesson: "subnet", Status: result.BuildFailed, MaxScore: 3, Build: []result.Message{{File: "a.go", Line: 4, Column: 2, Message: "undefined: " + evil}}},
			{Lesson: "chat", Status: result.Rejected, MaxScore: 3},
		},
	}
	eve := &result.Submission{
		Schema: result.Schema, Submission: "eve", Workbook: ann.Workbook, Seed: 7, Sandbox: "plain", Findings: []result.Finding{},
		Lessons: []result.Lesson{
			{Lesson: "subnet", Status: result.Unknown, MaxScore: 3, Reason: "two hand-ins of one name"},
			{Lesson: "chat", Status: result.Graded, MaxScore: 3, Shape: "abc", Scenarios: []result.Scenario{
				{Scenario: "split-line", Title: "A line.", Status: "error", MaxScore: 2, Reason: "the machine was too busy"},
			}},
		},
	}
	bob.Origin = "libob_LATE_17_23_work.zip"
	for _, s := range []*result.Submission{ann, bob, eve} {
		for i := range s.Lessons {
			s.Lessons[i].Sum()
		}
		s.Sum()
	}
	return One(ann, bob, eve)
}

// environment is that of a Classroom 50 autograder.
var environment = map[string]string{
	"CLASSROOM": "net-2026", "ASSIGNMENT": "wirebook", "SUBMISSION_TAG": "submit/2026-11-28T10-00-00Z-abc1234", "OWNER": "ann-gh",
	"COMMIT_URL": "https://example.org/c", "RELEASE_URL": "https://example.org/r",
}

// written is what a format writes, what GitHub obeys of it, and what is said of it.
func written(t *testing.T, format string, c *Class, hidden Hidden, roster string) (text, said string) {
	t.Helper()
	f, err := FormatNamed(format)
	if err != nil {
		t.Fatal(err)
	}
	var b, commands, lines bytes.Buffer
	o := &Options{
		Hidden: hidden, Commands: &commands, Getenv: func(name string) string { return environment[name] },
		Now: func() time.Time { return time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC) },
		Say: func(format string, args ...any) { fmt.Fprintf(&lines, format+"\n", args...) },
	}
	if roster != "" {
		if o.Roster, err = ParseRoster([]byte(roster)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Write(&b, c, o); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return commands.String() + b.String(), lines.String()
}

// alone is a class of its first submission alone.
func alone(c *Class) *Class {
	for s := range c.Submissions {
		return One(s)
	}
	return nil
}

func TestGolden(t *testing.T) {
	for _, f := range formats {
		text, said := written(t, f.Name, sample(), HiddenNames, "")
		if f.Name == "feedback" {
			text = strings.Join(slices.Sorted(maps.Keys(unzip(t, text))), "\n") + "\n"
		}
		golden(t, "class."+f.Name, text)
		golden(t, "class."+f.Name+".said", said)
	}
	own := alone(sample())
	own.Own = true
	page, _ := written(t, "text", own, HiddenNames, "")
	golden(t, "own.text", page)
	page, _ = written(t, "html", own, HiddenNames, "")
	golden(t, "own.html", page)
	summary, _ := written(t, "github", alone(sample()), HiddenNames, "")
	golden(t, "alone.github", summary)
	feedback, _ := written(t, "feedback", alone(sample()), HiddenGot, "")
	golden(t, "alone.feedback-got", unzip(t, feedback)["ann/feedback.html"])
}

// golden compares with a golden file. There is none of what is empty.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		err := os.Remove(path)
		if text != "" {
			err = os.WriteFile(path, []byte(text), 0o666)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil && !(errors.Is(err, fs.ErrNotExist) && text == "") {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// unzip returns the files of a zip.
func unzip(t *testing.T, data string) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, f := range archive.File {
		file, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// A name is no formula, nor is a part of it where spreadsheets take another sign
// for the end of a cell.
func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"ann": "ann", "a-b=c": "a-b=c", "": "", "ann;bob": "ann;bob",
		"+1.5": "+1.5", "-3": "-3", "+1+1": "'+1+1",
		"=1+1": "'=1+1", " @x": "' @x", "＝1": "'＝1", "ann;=1": "ann;'=1", "ann; -1|+2": "ann;' -1|'+2", "\t=1": "'    =1",
	} {
		if got := cell(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// What machines read can be read by them.
func TestReportsParse(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var class struct{ Submissions []result.Submission }
	if err := json.Unmarshal(b.Bytes(), &class); err != nil || len(class.Submissions) != 3 || class.Submissions[1].Submission != evil {
		t.Errorf("json: %v, %d submissions; want 3", err, len(class.Submissions))
	}
	b.Reset()
	if err := CSV(&b, sample()); err != nil {
		t.Fatal(err)
	}
	if rows, err := csv.NewReader(&b).ReadAll(); err != nil || len(rows) != 4 || !strings.HasPrefix(rows[2][0], "'=") {
		t.Errorf("csv: %q, %v; want 4 rows, no formula", rows, err)
	}
	b.Reset()
	if err := JUnit(&b, sample()); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(&b)
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("junit: %v", err)
		}
	}
}

func TestOne(t *testing.T) {
	c := sample()
	if diff := cmp.Diff([]string{"subnet", "chat"}, c.Lessons); diff != "" || c.Seed != 7 {
		t.Errorf("seed %d; lessons (-want +got):\n%s", c.Seed, diff)
	}
	var totals []string
	for s := range c.Submissions {
		totals = append(totals, of(s.Score, s.MaxScore))
	}
	// A skipped scenario counts in neither; an error makes a total unknown.
	if diff := cmp.Diff([]string{"4 of 9", "0 of 6", "? of 5"}, totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}
