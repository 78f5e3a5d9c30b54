package script

import (
	"fmt"
	"strings"
	"sync"
)

// A Form says how a command is written. Its usage is the only declaration of the
// arguments that the command takes:
//
//	send PEER BYTES... [-times N] [-file NAME] [-split N,N|each] [-try]
//
// Words in capitals are arguments; BYTES... may be missing, other words with dots
// must stand at least once. What stands in brackets may be missing, and a flag may
// stand anywhere behind the command. Where the flags stand first in the usage, they
// stand first on the line, too, and what looks like a flag behind an argument is an
// argument. Between alternatives stands " | ". The word behind a flag tells what
// its value is checked for: N is a number, RE a pattern, N,N|each places to cut at,
// D a duration; -file names a file of the archive.
type Form struct {
	Verb  string
	Usage string // the whole line, the verb first
	Doc   string // a paragraph for the reader
	// Check, where it is not nil, finds at loading what the usage does not
	// tell. A word that has a variable in it is "" there; see Call.Literal.
	Check func(*Call) error
}

// A grammar is what a usage says.
type grammar struct {
	min, max int               // arguments; max < 0: any number
	flags    map[string]string // the word behind each flag, "" for none
	leading  bool              // flags stand before the arguments only
}

var grammars sync.Map // of usages

// grammar reads the usage.
func (f *Form) grammar() *grammar {
	if g, ok := grammars.Load(f.Usage); ok {
		return g.(*grammar)
	}
	g := &grammar{flags: make(map[string]string)}
	for i, alternative := range strings.Split(strings.TrimPrefix(f.Usage, f.Verb), " | ") {
		least, most := g.read(strings.Fields(alternative))
		if i == 0 {
			g.min, g.max = least, most
			continue
		}
		g.min = min(g.min, least)
		if most < 0 || g.max < 0 {
			g.max = -1
		} else {
			g.max = max(g.max, most)
		}
	}
	grammars.Store(f.Usage, g)
	return g
}

// read reads the words of one alternative and returns how many arguments it takes.
func (g *grammar) read(words []string) (least, most int) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		optional := strings.HasPrefix(word, "[")
		if name, isFlag := strings.CutPrefix(strings.TrimPrefix(word, "["), "-"); isFlag {
			g.leading = g.leading || most == 0
			value := ""
			if ends := strings.HasSuffix(name, "]"); !ends && i+1 < len(words) && takesValue(optional, words[i+1]) {
				i++
				value = strings.TrimSuffix(words[i], "]")
			}
			g.flags[strings.TrimSuffix(name, "]")] = value
			continue
		}
		dots := strings.Contains(word, "...")
		if optional {
			// [A B] or [A...]: as many words as stand up to the bracket.
			for !strings.Contains(words[i], "]") {
				i++
				dots = dots || strings.Contains(words[i], "...")
				most++
			}
			dots = dots || strings.HasSuffix(words[i], "...")
		} else if !strings.HasPrefix(word, "BYTES") {
			least++
		}
		most++
		if dots {
			most = 1 << 20
		}
	}
	if most >= 1<<20 {
		most = -1
	}
	return least, most
}

// takesValue reports whether the next word of a usage is a flag's value: inside of
// its brackets always, and without brackets where it is a word in capitals.
func takesValue(inBrackets bool, next string) bool {
	return inBrackets || next == strings.ToUpper(next) && !strings.HasSuffix(next, "...")
}

// mismatch is the error of a line that does not have this form.
func (f *Form) mismatch(format string, args ...any) error {
	return fmt.Errorf("%s: %s; the form is: %s", f.Verb, fmt.Sprintf(format, args...), f.Usage)
}
