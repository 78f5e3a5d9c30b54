package source

import (
	"bytes"
	"fmt"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"strconv"
	"strings"

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

// Check returns what stands in files against the rules, in the order of names
// and lines: imports that are forbidden or outside the standard library, and
// whatever speaks to the compiler instead of to the reader. What does not parse
// is left to the compiler.
func (r Rules) Check(files Files) []Problem {
	var problems []Problem
	for _, name := range files.Names() {
		text := files[name]
		problems = append(problems, r.imports(name, text)...)
		if given, ok := r.Given[name]; ok && Same(given, text) {
			continue
		}
		problems = append(problems, directives(name, text)...)
		if namesSystem(name) {
			problems = append(problems, Problem{name, 0,
				"its name makes Go build it on some systems only; rename it, so that everyone's program is the same"})
		}
	}
	return problems
}

func (r Rules) imports(name string, text []byte) []Problem {
	var problems []Problem
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, name, text, parser.ImportsOnly)
	if file == nil {
		return nil
	}
	for _, spec := range file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if reason := r.refusal(importPath); reason != "" {
			line := fset.PositionFor(spec.Pos(), false).Line
			problems = append(problems, Problem{name, line, fmt.Sprintf("the import %q %s", importPath, reason)})
		}
	}
	return problems
}

// refusal says why a program may not import a package, "" where it may.
func (r Rules) refusal(importPath string) string {
	first, _, _ := strings.Cut(importPath, "/")
	switch {
	case importPath == "C":
		return "is cgo, which is not allowed; write the program in Go alone"
	case importPath == "embed":
		return "embeds files, which is not allowed; read them when the program runs"
	case first == "wirebook" || strings.Contains(first, "."):
		return "is not in Go's standard library; use the standard library only"
	case r.Lesson.Forbids(importPath):
		// In the words that `go test` uses at home.
		return "is forbidden in the lesson " + r.Lesson.Name + "; write that part yourself"
	}
	return ""
}

// pragmas are comments that the compiler or the go command obeys, by how they
// begin, and why they are refused.
var pragmas = []struct{ prefix, reason string }{
	{"//go:build", "a build constraint hides a file from some systems; remove the line"},
	{"// +build", "a build constraint hides a file from some systems; remove the line"},
	{"//line ", "a line directive makes messages point elsewhere; remove it"},
	{"/*line ", "a line directive makes messages point elsewhere; remove it"},
	{"//go:embed", "files cannot be embedded; remove the line"},
	{"//go:linkname", "a program keeps to what packages export; remove the line"},
	{"//go:debug", "a program does not change Go's settings; remove the line"},
	{"//go:cgo_", "cgo is not allowed; remove the line"},
	{"//export ", "cgo is not allowed; remove the line"},
	{"//go:generate", "nothing is generated from a submission; remove the line"},
}

// directives finds the comments that steer the compiler. It scans instead of
// parsing, so that a syntax error hides none of them.
func directives(name string, text []byte) []Problem {
	var problems []Problem
	file := token.NewFileSet().AddFile(name, -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, scanner.ScanComments)
	for {
		pos, tok, comment := s.Scan()
		if tok == token.EOF {
			return problems
		}
		if tok != token.COMMENT {
			continue
		}
		for _, p := range pragmas {
			if !strings.HasPrefix(comment, p.prefix) {
				continue
			}
			line := file.PositionFor(pos, false).Line
			shown, _, _ := strings.Cut(strings.TrimSpace(comment), "\n")
			problems = append(problems, Problem{name, line, fmt.Sprintf("%q: %s", shown, p.reason)})
			break
		}
	}
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
