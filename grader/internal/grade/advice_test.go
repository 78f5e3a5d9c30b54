package grade

import (
	"strings"
	"testing"
	"testing/fstest"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
)

// Advice costs nothing, and is none about files that were given.
func TestAdvice(t *testing.T) {
	const spins = "package main\n\nfunc wait() {\n\tfor {\n\t}\n}\n"
	const withGiven = "-- main.go --\n" + given + "-- given.go --\n"
	g := newGrader(t, newBook(t, func(exercises, _ fstest.MapFS) {
		exercises["greet/testdata/given/given.txtar"].Data = []byte(withGiven + strings.Replace(spins, "wait", "idle", 1))
	}))
	s, err := g.Grade(t.Context(), submission("ann", source.Files{
		"main.go":  []byte(strings.Replace(greeter, "{ fmt", "{ if false { wait(); idle() }; fmt", 1)),
		"wait.go":  []byte(spins),
		"given.go": []byte(strings.Replace(spins, "wait", "idle", 1)),
	}))
	if err != nil {
		t.Fatal(err)
	}
	if points(s.Score) != 3.0 || len(s.Findings) != 1 {
		t.Fatalf("score %v, findings %v; want 3 and one", points(s.Score), s.Findings)
	}
	if f := s.Findings[0]; f.Severity != result.Actionable || f.Lesson != "greet" || f.File != "wait.go" || f.Line != 4 {
		t.Errorf("finding %+v; want an actionable one at wait.go:4 of greet", f)
	}
}
