package lessonfile

import (
	"fmt"
	"go/scanner"
	"go/token"
	"regexp"
	"strings"
	"sync"
)

// A comment is one with its marks, and where it stands.
type comment struct {
	text   string
	line   int
	column int // in bytes, from 1
	header header
}

// refusal says why a comment must not stand in a program, "" where it may. Of
// comments of the form //go:NAME, those that are not known to be harmless are
// refused.
func (c comment) refusal() string {
	name := c.text
	if end := strings.IndexAny(name, " \t"); end >= 0 {
		name = name[:end]
	}
	switch {
	case name == "//go:noinline":
		return ""
	case name == "//go:build" || c.isPlusBuild():
		return "a build constraint hides a file from some systems; remove the line"
	case name == "//go:embed":
		return "files cannot be embedded; remove the line"
	case name == "//go:linkname":
		return "a program keeps to what packages export; remove the line"
	case name == "//go:debug":
		return "a program does not change Go's settings; remove the line"
	case name == "//go:generate":
		return "nothing is generated from a submission; remove the line"
	case strings.HasPrefix(name, "//go:cgo_") || c.isCgo():
		return "cgo is not allowed; remove the line"
	case c.isDirective():
		return "a program does not steer the compiler; remove the line"
	case c.isLine():
		return "a line directive makes messages point elsewhere; remove it"
	}
	return ""
}

// isDirective knows a comment that is written as one for a tool: "//go: a
// language" is prose.
func (c comment) isDirective() bool {
	rest, ok := strings.CutPrefix(c.text, "//go:")
	return ok && rest != "" && ('a' <= rest[0] && rest[0] <= 'z' || '0' <= rest[0] && rest[0] <= '9')
}

func (c comment) isPlusBuild() bool {
	text, ok := strings.CutPrefix(c.text, "//")
	words := strings.Fields(text)
	return ok && len(words) > 0 && words[0] == "+build" && !c.header.after(c.line)
}

// isLine knows a line directive as the compiler does: it names a line behind a
// colon, and with // it begins its own. "//line by line" is prose.
func (c comment) isLine() bool {
	begins := strings.HasPrefix(c.text, "//line ") && c.column == 1 || strings.HasPrefix(c.text, "/*line ")
	return begins && strings.Contains(c.text, ":")
}

// isCgo knows what speaks to cgo. In a file without import "C", nobody listens.
func (c comment) isCgo() bool {
	return c.header.usesC() && (strings.HasPrefix(c.text, "//export ") || cgoFlags().MatchString(c.text))
}

var cgoFlags = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^(//|/\*)?[ \t]*#cgo[ \t]`) })

// directives finds the comments that steer the compiler. It scans instead of
// parsing, so that a syntax error hides none of them.
func directives(h header, text []byte) []Problem {
	var problems []Problem
	file := token.NewFileSet().AddFile(h.name, -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return problems
		}
		if tok != token.COMMENT {
			continue
		}
		at := file.PositionFor(pos, false)
		if reason := (comment{lit, at.Line, at.Column, h}).refusal(); reason != "" {
			shown, _, _ := strings.Cut(strings.TrimSpace(lit), "\n")
			problems = append(problems, Problem{h.name, at.Line, fmt.Sprintf("%q: %s", short(shown), reason)})
		}
	}
}
