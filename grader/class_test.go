package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/result"
)

var update = flag.Bool("update", false, "write the golden files anew")

const golden = "../testdata/class-scores.golden"

// The sample class, one submission for each thing that a teacher may meet, is
// scored as its golden file says.
func TestClass(t *testing.T) {
	out := filepath.Join(t.TempDir(), "results")
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"grade", "../testdata/class", "subnet", "chat", "-o", out, "--seed", "1"}, &stdout, &stderr); status != exitGraded {
		t.Fatalf("exit status %d; want %d\n%s", status, exitGraded, &stderr)
	}
	results := readResults(t, out)
	got := summary(results)
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

// The sample's untouched stub is what the lessons hand out today.
func TestStubOfTheSampleIsToday(t *testing.T) {
	for _, lesson := range []string{"subnet", "chat"} {
		files, err := filepath.Glob(filepath.Join("..", "exercises", lesson, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			copied := filepath.Join("..", "testdata", "class", "untouched-stub", "exercises", lesson, filepath.Base(file))
			if got, err := os.ReadFile(copied); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not %s (%v); copy it", copied, file, err)
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
