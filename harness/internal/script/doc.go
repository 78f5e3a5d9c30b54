// Package script reads the language of scenarios.
//
// A scenario is a txtar archive. Its comment is the script: the first line is the
// title, each further # line begins a block, and every other line is a command
// with its arguments. The archive's files are data for the commands, those below
// w/ the programs' working directory, and hint.md the hints of each block:
//
//	# A line that arrives in pieces is printed once, whole. (2 points)
//	start server -listen 127.0.0.1:0
//	dial ann $server
//	# Ann's line comes byte by byte.
//	send ann 'hello\n' -split each
//	screen server $ann': hello\n'
//	-- hint.md --
//	The first hint of the title's block.
//	---
//	Its second hint.
//	# Ann's line comes byte by byte.
//	A hint of that block.
//
// [Read] checks every word that can be checked before a program runs, against the
// [Form] of its command. What a command does is not known here.
package script

import (
	"regexp"
	"sync"
)

// lazily returns a function that compiles the pattern when it is first called. A
// student's program is linked with all that is here and begins by initialising it,
// as often as a scenario starts it.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
