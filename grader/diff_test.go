package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/result"
	"wirebook/harness/telling"
)

// gradedClass writes a folder of results of one lesson with a scenario for each
// letter; who passes which stands in points. A digest stands behind a space.
func gradedClass(t *testing.T, workbook string, points map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	var names []string
	for name, passes := range points {
		passes, digest, _ := strings.Cut(passes, " ")
		l := result.Lesson{Lesson: "chat", Status: result.Graded, Digest: digest, MaxScore: 2}
		for _, letter := range "ab" {
			sc := result.Scenario{Scenario: string(letter), Title: "It does.", Status: telling.Pass, Score: result.Points(1), MaxScore: 1}
			if !strings.ContainsRune(passes, letter) {
				sc.Status, sc.Score, sc.Failure = telling.Fail, result.Points(0), &telling.Failure{Message: "no"}
			}
			l.Scenarios = append(l.Scenarios, sc)
		}
		l.Sum()
		s := &result.Submission{Schema: result.Schema, Submission: name, Workbook: workbook, Seed: 7, Lessons: []result.Lesson{l}}
		s.Sum()
		text, err := s.Encode()
		if err == nil {
			err = os.MkdirAll(filepath.Join(dir, name), 0o777)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name, "result.json"), text, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, fmt.Sprintf("%q", name))
	}
	manifest := fmt.Sprintf(`{"schema":"wirebook/class/v1","workbook":%q,"seed":7,"lessons":["chat"],"submissions":[%s]}`, workbook, strings.Join(names, ","))
	if err := os.WriteFile(filepath.Join(dir, "class.json"), []byte(manifest), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

func decideIn(t *testing.T, dir, rows string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "decisions.csv"), []byte("student,lesson,points,reason\n"+rows), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestDiff(t *testing.T) {
	old := gradedClass(t, "one", map[string]string{"ann": "ab 1", "bob": "a 1", "eve": "a 1", "gus": " 1", "zoe": "b 1"})
	now := gradedClass(t, "one", map[string]string{"ann": "ab 2", "bob": "ab 2", "eve": "b 1", "gus": " 1", "kim": "a 1"})
	decideIn(t, now, "gus,chat,2,\"Seen, and done.\"\n")
	said, _ := mustRun(t, exitGraded, "diff", old, now)
	want := `bob, chat: 2 of 2, before 1 of 2; another hand-in
    b: 1, before 0
eve, chat: 1 of 2, before 1 of 2; the same hand-in and workbook
    a: 0, before 1
    b: 1, before 0
gus, chat: 2 of 2, before 0 of 2; by the teacher's decision
kim: new
zoe: there no longer
5 of 6 submissions differ
`
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("what differs (-want +got):\n%s", diff)
	}
	again := gradedClass(t, "two", map[string]string{"ann": "a 2"})
	said, _ = mustRun(t, exitGraded, "diff", gradedClass(t, "one", map[string]string{"ann": "ab 2"}), again)
	if want := "ann, chat: 1 of 2, before 2 of 2; another workbook (two, before one)\n    b: 0, before 1\n1 of 1 submissions differ\n"; said != want {
		t.Errorf("said %q; want %q", said, want)
	}
}

// A decision stands in what is printed and written, and the results stay as they are.
func TestDecisionInReport(t *testing.T) {
	dir := gradedClass(t, "one", map[string]string{"ann": "a 1", "bob": "ab 1"})
	before := readText(t, filepath.Join(dir, "ann", "result.json"))
	decideIn(t, dir, "ann,chat,2,Shown in class.\n")
	said, _ := mustRun(t, exitGraded, "report", dir, "--write")
	if !strings.Contains(said, "2/2*") || !strings.Contains(said, "* chat: decided by the teacher: 2 of 2 points; the scenarios gave 1. Shown in class.") {
		t.Errorf("printed %q; want the decision", said)
	}
	for _, name := range []string{"class.csv", "index.html", "ann/index.html"} {
		if text := readText(t, filepath.Join(dir, name)); !strings.Contains(text, "Shown in class.") {
			t.Errorf("%s does not tell the decision", name)
		}
	}
	if after := readText(t, filepath.Join(dir, "ann", "result.json")); after != before {
		t.Error("the result was changed")
	}
	decideIn(t, dir, "Ann,chat,2,x\n")
	if _, said := mustRun(t, exitUsage, "report", dir); !strings.Contains(said, `decisions.csv, row 2: there is no result of "Ann"`) {
		t.Errorf("said %q; want that there is nobody of the name", said)
	}
}
