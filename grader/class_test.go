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

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sample"
	"wirebook/grader/internal/workbook"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The sample class is scored as its hand-ins were made: those with every lesson by what
// the workbook says of them, the others by the golden file.
func TestClass(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("it plays all lessons in a sandbox, for minutes; leave out -short")
	}
	dir := t.TempDir()
	class, out := filepath.Join(dir, "class"), filepath.Join(dir, "results")
	for _, args := range [][]string{{"sample", class}, {"grade", class, "-o", out, "--seed", "1"}} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), args, &stdout, &stderr); status != exitGraded {
			t.Fatalf("%s: exit status %d; want %d\n%s", args[0], status, exitGraded, &stderr)
		}
	}
	for _, name := range []string{"class.csv", "index.html", "class.json"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
	var traps []*result.Submission
	for _, s := range readResults(t, out) {
		check := checkMade[s.Submission]
		if check == nil {
			traps = append(traps, s)
			continue
		}
		for _, l := range selectLessons(t) {
			if graded := s.Lesson(l.Name); graded == nil || !check(l, graded) {
				t.Errorf("%s of %s is not what it was made to be:\n%s", s.Submission, l.Name, summary([]*result.Submission{s}, l.Name))
			}
		}
	}
	got, golden := summary(traps, "subnet", "chat"), "../testdata/class-scores.golden"
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
		t.Errorf("the scores of the hand-ins with traps (-want +got):\n%s", diff)
	}
}

// checkMade tell of the hand-ins with every lesson whether a lesson has become what it
// must.
var checkMade = map[string]func(*workbook.Lesson, *result.Lesson) bool{
	"whole": func(l *workbook.Lesson, got *result.Lesson) bool {
		return got.Status == result.Graded && *got.Score == float64(l.MaxScore())
	},
	"untouched":     func(_ *workbook.Lesson, got *result.Lesson) bool { return got.Status == result.NotStarted },
	"not-compiling": func(_ *workbook.Lesson, got *result.Lesson) bool { return got.Status == result.BuildFailed },
	"gravest-mistake": func(l *workbook.Lesson, got *result.Lesson) bool {
		m, failed := sample.Gravest(l), lost(got)
		return got.Status == result.Graded &&
			!slices.ContainsFunc(m.Want, func(name string) bool { return !slices.Contains(failed, name) }) &&
			!slices.ContainsFunc(failed, func(name string) bool { return !slices.Contains(slices.Concat(m.Want, m.May), name) })
	},
}

func selectLessons(t *testing.T) []*workbook.Lesson {
	book, err := workbook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := book.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	return lessons
}

// lost are the scenarios that a lesson has not passed.
func lost(l *result.Lesson) (names []string) {
	for _, s := range l.Scenarios {
		if s.Status != telling.Pass {
			names = append(names, s.Scenario)
		}
	}
	return names
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

// summary says in a few lines a submission what decided its score in these lessons.
func summary(results []*result.Submission, lessons ...string) string {
	var b strings.Builder
	for _, s := range results {
		fmt.Fprintf(&b, "%s:\n", s.Submission)
		for _, l := range s.Lessons {
			if l.Status == result.Missing || !slices.Contains(lessons, l.Lesson) {
				continue
			}
			fmt.Fprintf(&b, "    %s: %g of %g, %s\n", l.Lesson, *l.Score, l.MaxScore, l.Status)
			for _, m := range l.Build {
				fmt.Fprintf(&b, "        %s:%d:%d: %s\n", m.File, m.Line, m.Column, m.Message)
			}
			if names := lost(&l); len(names) > 0 {
				fmt.Fprintf(&b, "        lost: %s\n", strings.Join(names, " "))
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
