package lessonfile

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Rules are what a lesson demands of the files of a program.
type Rules struct {
	Lesson string // its name
	// Forbids reports whether the lesson does without an import.
	Forbids func(importPath string) bool
	// Given are the files that were handed out. Unchanged ones may hold
	// build constraints.
	Given map[string][]byte
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
func (r Rules) Check(files map[string][]byte) []Problem {
	var problems []Problem
	for _, name := range slices.Sorted(maps.Keys(files)) {
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
	return problems
}

// Same reports whether two texts differ in line ends and byte order mark only:
// to a reader they are the same, and editors change them.
func Same(a, b []byte) bool { return bytes.Equal(normal(a), normal(b)) }

func normal(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
}
