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

// The sample class, one submission for each thing that a teacher may meet, is
// scored as its golden file says.
func TestClass(t *testing.T) {
	out := filepath.Join(t.TempDir(), "results")
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"grade", "../testdata/class", "subnet", "chat", "-o", out, "--seed", "1"}, &stdout, &stderr); status != exitGraded {
		t.Fatalf("exit status %d; want %d\n%s", status, exitGraded, &stderr)
	}
	got := summary(t, out)
	const golden = "../testdata/class-scores.golden"
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
	for _, name := range []string{"class.csv", "index.html", "class.json", "complete/timing.json"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
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
func summary(t *testing.T, out string) string {
	files, err := filepath.Glob(filepath.Join(out, "*", "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := result.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s: %s\n", s.Submission, score(s.Score, s.MaxScore))
		for _, l := range s.Lessons {
			fmt.Fprintf(&b, "    %s: %s, %s\n", l.Lesson, score(l.Score, l.MaxScore), l.Status)
			summarise(&b, l)
		}
		for _, f := range s.Findings {
			if f.Severity == result.Essential {
				fmt.Fprintf(&b, "    %s %s\n", f.Lesson, f)
			}
		}
	}
	return b.String()
}

func score(score *float64, most float64) string {
	if score == nil {
		return fmt.Sprintf("? of %g", most)
	}
	return fmt.Sprintf("%g of %g", *score, most)
}

func summarise(b *strings.Builder, l result.Lesson) {
	for _, m := range l.Build {
		fmt.Fprintf(b, "        %s:%d:%d: %s\n", m.File, m.Line, m.Column, m.Message)
	}
	var lost []string
	for _, s := range l.Scenarios {
		if s.Status != "pass" {
			lost = append(lost, s.Scenario)
		}
	}
	switch {
	case len(lost) == 0:
	case len(lost) == len(l.Scenarios):
		b.WriteString("        lost: everything\n")
	default:
		fmt.Fprintf(b, "        lost: %s\n", strings.Join(lost, " "))
	}
}
