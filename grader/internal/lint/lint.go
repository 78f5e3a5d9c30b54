// Package lint reads programs for mistakes that cost no points: the program may
// have passed every scenario, and yet lose data on a bad day. A finding says
// what happens on the wire because of a line, and what to do.
//
// Analyzers are few and would rather be silent than wrong: none says a word
// about any program that the workbook calls correct. Each has a file and knows
// nothing of the others; what flows from connections (flow.go) they share.
//
// Programs are strangers' text, and no bound in this process can stop a type
// checker that was given a bomb. So the checking is done in a process of its
// own, with limits (child.go). Nothing of a program is run.
package lint

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
)

// A Linter reads programs. Its methods are safe for concurrent use.
type Linter struct{ tools *build.Toolchain }

// New returns a linter for programs that tools build.
func New(tools *build.Toolchain) *Linter {
	return &Linter{tools}
}

// Find returns what there is to say about a program that compiles, in the order
// of files and lines, but nothing about those of its files that are given ones
// unchanged. An error means that the program could not be looked at.
func (l *Linter) Find(ctx context.Context, program, given source.Files) ([]result.Finding, error) {
	imports := program.Imports()
	exports, err := l.tools.Exports(ctx, imports)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(exports, func(path, _ string) bool { return !slices.Contains(imports, path) })
	all, err := ask(ctx, request{Program: program, Exports: exports, Go: l.tools.Version(), Seconds: maxSeconds})
	if err != nil {
		return nil, err
	}
	return brief(slices.DeleteFunc(all, func(f finding) bool {
		text, ok := given[f.File]
		return ok && lessonfile.Same(text, program[f.File])
	})), nil
}

// A finding is one of an analyzer.
type finding struct {
	File    string
	Line    int
	Rule    string
	Message string
	Broken  bool // it is about the analyzer, not about the program
}

// maxOfKind is how many findings of one analyzer are told of a program.
const maxOfKind = 3

// brief puts findings into order and cuts what repeats itself.
func brief(all []finding) []result.Finding {
	slices.SortFunc(all, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	all = slices.Compact(all)
	kinds := make(map[string]int)
	for _, f := range all {
		kinds[f.Rule]++
	}
	told := make(map[string]int)
	var out []result.Finding
	for _, f := range all {
		if told[f.Rule]++; told[f.Rule] > maxOfKind {
			continue
		}
		if more := kinds[f.Rule] - maxOfKind; told[f.Rule] == maxOfKind && more > 0 {
			f.Message += fmt.Sprintf(" (and so in %d more places)", more)
		}
		severity := result.Actionable
		if f.Broken {
			severity = result.Informative
		}
		out = append(out, result.Finding{Severity: severity, File: f.File, Line: f.Line, Message: f.Message})
	}
	return out
}
