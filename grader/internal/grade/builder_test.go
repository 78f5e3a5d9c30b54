//go:build unix

package grade

import (
	"context"
	"os"
	"strings"
	"testing"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
)

// A shell makes the comments of a program an executable.
type shell struct{}

func (shell) Version() string { return "sh" }

func (shell) Build(_ context.Context, files source.Files, target string) error {
	script := "#!/bin/sh\n"
	for line := range strings.Lines(string(files["main.go"])) {
		if command, ok := strings.CutPrefix(line, "// "); ok {
			script += command
		}
	}
	return os.WriteFile(target, []byte(script), 0o700)
}

// Grading leaves to a builder what a program is made of.
func TestOtherBuilder(t *testing.T) {
	tools, err := build.Find(t.Context(), build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	book := newBook(t, nil)
	lessons, err := book.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(book, lessons, shell{}, lint.New(tools), Options{Seed: 1, Slots: harness.NewSlots(4)})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	for text, score := range map[string]float64{"echo hello": 3, "echo hallo": 1} {
		s, err := g.Grade(t.Context(), submission("ann", source.Files{"main.go": []byte("package main\n\n// " + text + "\nfunc main() {}\n")}))
		if err != nil {
			t.Fatal(err)
		}
		if l := s.Lessons[0]; l.Status != result.Graded || points(s.Score) != score || s.Toolchain != "sh" {
			t.Errorf("%q: %s with %v of 3 points, built by %q (%s); want graded with %v, by \"sh\"", text, l.Status, points(s.Score), s.Toolchain, l.Reason, score)
		}
	}
}
