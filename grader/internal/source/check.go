package source

import (
	"bytes"
	"cmp"
	"fmt"
	"go/build"
	"io"
	"path/filepath"
	"slices"

	"wirebook/harness"
)

// A Problem is a line that a submission must not hold.
type Problem struct {
	File    string
	Line    int // from 1; 0 where the file as a whole is meant
	Message string
}

func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// Rules are what a lesson demands of the files of a program.
type Rules struct {
	// Lesson forbids imports.
	Lesson *harness.Lesson
	// Given are the files that were handed out. Unchanged ones may hold
	// build constraints.
	Given Files
}

// maxProblems is how many problems of a file are told. Who has more has
// understood after these.
const maxProblems = 10

// Check returns what stands in files against the rules, in the order of names
// and lines: imports that are forbidden or outside the standard library, and
// whatever speaks to the compiler instead of to the reader. What does not
// compile is left to the compiler, except where it would say so in a way that
// no student understands, or would not say it at all.
//
// What a program may do when it runs is no matter of its text. Packages such as
// os/exec, syscall and unsafe are not refused, for correct programs use them;
// the sandbox contains what they can do.
func (r Rules) Check(files Files) []Problem {
	var problems []Problem
	for _, name := range files.Names() {
		here := r.file(name, files[name])
		slices.SortStableFunc(here, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
		if more := len(here) - maxProblems; more > 0 {
			here = append(here[:maxProblems], Problem{name, 0, fmt.Sprintf("%d more lines like these", more)})
		}
		problems = append(problems, here...)
	}
	return problems
}

func (r Rules) file(name string, text []byte) []Problem {
	if p := readable(name, text); p != nil {
		return []Problem{*p}
	}
	header := parseHeader(name, text)
	problems := append(header.clause(), r.imports(header)...)
	if given, ok := r.Given[name]; ok && Same(given, text) {
		return problems
	}
	problems = append(problems, directives(header, text)...)
	if namesSystem(name) {
		problems = append(problems, Problem{name, 0,
			"its name makes Go build it on some systems only; rename it, so that everyone's program is the same"})
	}
	if !filepath.IsLocal(name) {
		problems = append(problems, Problem{name, 0, "this system reserves its name for a device; rename it"})
	}
	return problems
}

// namesSystem reports whether the go command reads a system or a processor in
// the name, as in "lock_windows.go".
func namesSystem(name string) bool {
	nowhere := build.Context{
		GOOS: "nowhere", GOARCH: "nothing", Compiler: "gc",
		OpenFile: func(string) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader([]byte("package main\n"))), nil
		},
	}
	matches, err := nowhere.MatchFile("", name)
	return err == nil && !matches
}
