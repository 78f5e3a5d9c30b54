package lessonfile

import (
	"fmt"
	"go/scanner"
	"go/token"
	"regexp"
	"strings"
	"sync"
)

// A pragma is a kind of comment that the compiler or the go command obeys. The
// first that fits a comment decides.
type pragma struct {
	fits   func(c comment) bool
	reason string // empty where it does no harm
}

// A comment is one with its marks, and where it stands.
type comment struct {
	text   string
	line   int
	column int // in bytes, from 1
	header header
}

var cgoFlags = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^(//|/\*)?[ \t]*#cgo[ \t]`) })

// pragmas is complete for comments of the form //go:NAME: those that are not
// known to be harmless are refused.
var pragmas = sync.OnceValue(func() []pragma {
	return []pragma{
		{verb("noinline"), ""},
		{verb("build"), "a build constraint hides a file from some systems; remove the line"},
		{verb("embed"), "files cannot be embedded; remove the line"},
		{verb("linkname"), "a program keeps to what packages export; remove the line"},
		{verb("debug"), "a program does not change Go's settings; remove the line"},
		{verb("generate"), "nothing is generated from a submission; remove the line"},
		{prefix("//go:cgo_"), "cgo is not allowed; remove the line"},
		{isDirective, "a program does not steer the compiler; remove the line"},
		{isPlusBuild, "a build constraint hides a file from some systems; remove the line"},
		{isLine, "a line directive makes messages point elsewhere; remove it"},
		{isCgo, "cgo is not allowed; remove the line"},
	}
})

func verb(name string) func(comment) bool {
	return func(c comment) bool { return isWord(c.text, "//go:"+name) }
}

func prefix(p string) func(comment) bool {
	return func(c comment) bool { return strings.HasPrefix(c.text, p) }
}

// isWord reports whether a comment is word, alone or before a space.
func isWord(text, word string) bool {
	rest, ok := strings.CutPrefix(text, word)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// isDirective knows a comment that is written as one for a tool: "//go: a
// language" is prose.
func isDirective(c comment) bool {
	rest, ok := strings.CutPrefix(c.text, "//go:")
	return ok && rest != "" && ('a' <= rest[0] && rest[0] <= 'z' || '0' <= rest[0] && rest[0] <= '9')
}

func isPlusBuild(c comment) bool {
	text, ok := strings.CutPrefix(c.text, "//")
	return ok && isWord(strings.TrimLeft(text, " \t"), "+build") && !c.header.after(c.line)
}

// isLine knows a line directive as the compiler does: it names a line behind a
// colon, and with // it begins its own. "//line by line" is prose.
func isLine(c comment) bool {
	rest, slashes := strings.CutPrefix(c.text, "//line ")
	if !slashes {
		var ok bool
		if rest, ok = strings.CutPrefix(c.text, "/*line "); !ok {
			return false
		}
	}
	return strings.Contains(rest, ":") && (!slashes || c.column == 1)
}

// isCgo knows what speaks to cgo. In a file without import "C", nobody listens.
func isCgo(c comment) bool {
	return c.header.usesC() && (strings.HasPrefix(c.text, "//export ") || cgoFlags().MatchString(c.text))
}

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

// refusal says why a comment must not stand in a program, "" where it may.
func (c comment) refusal() string {
	for _, p := range pragmas() {
		if p.fits(c) {
			return p.reason
		}
	}
	return ""
}
