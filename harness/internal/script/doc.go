// Package script reads the language of scenarios.
//
// A scenario is a txtar archive. Its comment is the script: the first line is the
// title, each further # line begins a block, and every other line is a command with
// its arguments (an example stands in package harness). The archive's files are data
// for the commands, those below w/ the programs' working directory, and hint.md the
// hints of each block, below a heading that is its # line, a tier up to each "---".
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
