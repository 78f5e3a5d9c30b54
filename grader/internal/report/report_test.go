package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/result"

	"wirebook/harness/telling"
)

var update = flag.Bool("update", false, "write the golden files anew")

// evil is what a hand-in may call itself or print: it steers terminals, pages
// and spreadsheets that take it as it is.
const evil = "=1+1\x1b[2J</td><script>alert(1)</script>\u202e]]>&amp;"

// sample is a class with one of everything.
func sample() *Class {
	caret := 6
	ann := &result.Submission{
		Schema: result.Schema, Submission: "ann", Workbook: strings.Repeat("ab", 32), Seed: 7, Sandbox: "plain",
		Findings: []result.Finding{
			{Severity: result.Informative, Lesson: "chat", File: "notes.txt", Message: "ignored: not part of the program"},
			{Severity: result.Actionable, Lesson: "chat", File: evil + ".go", Line: 7, Message: "the size " + evil + " comes from the client"},
		},
		Lessons: []result.Lesson{
			{Lesson: "subnet", Status: result.Graded, MaxScore: 3, Scenarios: []result.Scenario{
				{Scenario: "info-mask", Title: "A mask is a prefix.", Status: "pass", Score: result.Points(2), MaxScore: 2},
				{Scenario: "descriptors-back", Title: "Descriptors come back.", Status: "skip", MaxScore: 2, Reason: "needs Linux"},
				{Scenario: "split-top", Title: "The last one ends.", Status: "pass", Score: result.Points(1), MaxScore: 1, Hidden: true},
			}},
			{Lesson: "chat", Status: result.Graded, MaxScore: 4, Scenarios: []result.Scenario{
				{Scenario: "split-line", Title: "A line that arrives in pieces is printed once.", Status: "fail", Score: result.Points(0), MaxScore: 2,
					Failure: &telling.Failure{
						Position: "split-line.txtar:5", Block: "Her line comes in pieces.", Steps: []telling.Step{{Line: 2, Text: "start server"}, {Line: 5, Text: "screen server 'hello\\n'", Block: "Her line comes in pieces."}},
						Message: "server's screen should show \"hello\\n\", but something else came", Difference: &telling.Difference{Want: `"hello\n"`, Got: `"hello` + evil + `"`, Caret: caret},
						Hint: "TCP keeps no <boundaries>.", Ladder: []telling.Rung{{Peer: "ann", Program: "server", ToProgram: true, Kind: "bytes", Step: 1, Data: []byte("hello"), Len: 5}},
					}},
				{Scenario: "queue", Title: "Clients wait in a queue.", Status: "fail", Score: result.Points(0), MaxScore: 1,
					Failure: &telling.Failure{Position: "queue.txtar:9", Message: "nothing came from " + evil}}, // trimmed
				{Scenario: "greeting", Title: "It greets.", Status: "pass", Score: result.Points(1), MaxScore: 1},
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
			{Lesson: "chat", Status: result.Graded, MaxScore: 3, Scenarios: []result.Scenario{
				{Scenario: "split-line", Title: "A line.", Status: "error", MaxScore: 2, Reason: "the machine was too busy"},
			}},
		},
	}
	for _, s := range []*result.Submission{ann, bob, eve} {
		for i := range s.Lessons {
			s.Lessons[i].Sum()
		}
		s.Sum()
	}
	return One(ann, bob, eve)
}

func TestGolden(t *testing.T) {
	tests := map[string]Write{"page": Pages}
	for _, f := range formats {
		tests[f.name] = f.write
	}
	for name, write := range tests {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b, sample()); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "class."+name+".golden")
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("the report (-want +got):\n%s", diff)
			}
			if name != "json" { // whose reader takes strings as they are
				for _, bad := range []string{"\x1b", "\u202e", "<script"} {
					if strings.Contains(b.String(), bad) && (name == "html" || name == "junit" || bad != "<script") {
						t.Errorf("the report holds %q as a stranger wrote it", bad)
					}
				}
			}
		})
	}
}

// A name is no formula, nor is a part of it where spreadsheets take another sign
// for the end of a cell.
func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"ann": "ann", "a-b=c": "a-b=c", "": "", "ann;bob": "ann;bob",
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
	if diff := cmp.Diff([]string{"4 of 7", "0 of 6", "? of 5"}, totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}
