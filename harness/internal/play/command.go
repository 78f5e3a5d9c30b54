package play

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wirebook/harness/internal/script"
)

// A Command is one verb of the script language: how it is written, and what it does.
type Command struct {
	script.Form
	// Run plays it. A *telling.Failure is the student's fault, any other error
	// ours.
	Run func(p *Play, c *script.Call) error
}

// Row makes a command of its usage, a paragraph for the reader, and what it does.
func Row(usage, doc string, run func(*Play, *script.Call) error) Command {
	verb, _, _ := strings.Cut(usage, " ")
	return Command{script.Form{Verb: verb, Usage: usage, Doc: doc}, run}
}

// Checked returns the command with a check of what its usage does not tell.
func (c Command) Checked(check func(*script.Call) error) Command {
	c.Check = check
	return c
}

// Commands are the verbs of a language.
type Commands struct {
	table map[string]*Command
}

// NewCommands puts tables together. No two commands may share a verb.
func NewCommands(tables ...[]Command) *Commands {
	all := &Commands{table: make(map[string]*Command)}
	for _, table := range tables {
		for _, c := range table {
			if all.table[c.Verb] != nil {
				panic("two commands are called " + c.Verb)
			}
			all.table[c.Verb] = &c
		}
	}
	return all
}

// Form returns how a command is written; nil if there is none of that verb.
func (all *Commands) Form(verb string) *script.Form {
	if c := all.table[verb]; c != nil {
		return &c.Form
	}
	return nil
}

// Forms returns all forms, sorted by their verbs.
func (all *Commands) Forms() []*script.Form {
	var forms []*script.Form
	for _, c := range all.table {
		forms = append(forms, &c.Form)
	}
	slices.SortFunc(forms, func(a, b *script.Form) int { return strings.Compare(a.Verb, b.Verb) })
	return forms
}

func (all *Commands) run(p *Play, c *script.Call) error { return all.table[c.Verb].Run(p, c) }

// OneOf returns a check that an argument is one of the words.
func OneOf(argument int, words ...string) func(*script.Call) error {
	return func(c *script.Call) error {
		if word, known := c.Literal(argument); known && !slices.Contains(words, word) {
			return fmt.Errorf("%q is not known; there are %s", word, strings.Join(words, ", "))
		}
		return nil
	}
}

// Duration returns a check that an argument is a time, in Go's notation.
func Duration(argument int) func(*script.Call) error {
	return func(c *script.Call) error {
		if d, err := time.ParseDuration(c.Args[argument]); err != nil || d <= 0 {
			return fmt.Errorf("%q is no time; write it as 1s or 250ms", c.Args[argument])
		}
		return nil
	}
}
