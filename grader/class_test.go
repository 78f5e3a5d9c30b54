package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/result"
)

var update = flag.Bool("update", false, "write the golden files anew")

// classes are sample classes: one submission for each thing that a teacher may meet, and
// four for the lessons of programs that talk.
var classes = []struct {
	folder    string // below testdata; its scores stand beside it
	untouched string // who has handed in what the lessons hand out
	lessons   []string
}{
	{"class", "untouched-stub", []string{"subnet", "chat"}},
	{"class-talks", "untouched", []string{"hello", "desk", "timesync", "ipc", "remotecmd", "web", "dns"}},
}

// The sample classes are scored as their golden files say.
func TestClass(t *testing.T) {
	needsAll(t)
	for _, class := range classes {
		t.Run(class.folder, func(t *testing.T) { testClass(t, "../testdata/"+class.folder, class.lessons) })
	}
}

func testClass(t *testing.T, folder string, lessons []string) {
	out := filepath.Join(t.TempDir(), "results")
	args := slices.Concat([]string{"grade", folder}, lessons, []string{"-o", out, "--seed", "1"})
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), args, &stdout, &stderr); status != exitGraded {
		t.Fatalf("exit status %d; want %d\n%s", status, exitGraded, &stderr)
	}
	got, golden := summary(readResults(t, out)), folder+"-scores.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the scores of the sample class (-want +got):\n%s", diff)
	}
	for _, name := range []string{"class.csv", "index.html", "class.json"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
}

func readResults(t *testing.T, out string) []*result.Submission {
	files, err := filepath.Glob(filepath.Join(out, "*", "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*result.Submission
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := result.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// The samples' untouched stubs are what the lessons hand out today.
func TestStubOfTheSampleIsToday(t *testing.T) {
	needsAll(t)
	for _, class := range classes {
		for _, lesson := range class.lessons {
			files, err := filepath.Glob(filepath.Join("..", "exercises", lesson, "*.go"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				copied := filepath.Join("..", "testdata", class.folder, class.untouched, "exercises", lesson, filepath.Base(file))
				if got, err := os.ReadFile(copied); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s is not %s (%v); copy it", copied, file, err)
				}
			}
		}
	}
}

// summary says in a few lines a submission what decided its score.
func summary(results []*result.Submission) string {
	var b strings.Builder
	for _, s := range results {
		fmt.Fprintf(&b, "%s:\n", s.Submission)
		for _, l := range s.Lessons {
			fmt.Fprintf(&b, "    %s: %g of %g, %s\n", l.Lesson, *l.Score, l.MaxScore, l.Status)
			for _, m := range l.Build {
				fmt.Fprintf(&b, "        %s:%d:%d: %s\n", m.File, m.Line, m.Column, m.Message)
			}
			var lost []string
			for _, sc := range l.Scenarios {
				if sc.Status != "pass" {
					lost = append(lost, sc.Scenario)
				}
			}
			if len(lost) > 0 {
				fmt.Fprintf(&b, "        lost: %s\n", strings.Join(lost, " "))
			}
		}
		for _, f := range s.Findings {
			if f.Severity == result.Essential {
				fmt.Fprintf(&b, "        %s\n", strings.TrimSpace(f.Lesson+" "+f.String()))
			}
		}
	}
	return b.String()
}
