package sandbox

import "fmt"

// A Level is how well the machine is kept from a stranger's program. A greater
// one promises all that a smaller one does.
type Level int

const (
	// Plain is a process of the user's with limits on time, memory and
	// output.
	Plain Level = iota
	// Reduced adds what a process can give up by itself: files, programs,
	// signals and all unusual system calls.
	Reduced
	// Strong adds namespaces: the program is alone, on a network of its own.
	Strong
)

// Levels are all levels, the best first.
var Levels = []Level{Strong, Reduced, Plain}

var levels = map[Level]struct{ name, promise string }{
	Strong: {"strong", "no network but the lesson's own, no file but the program's own, no other process; " +
		"bounded memory, processor time, threads, files and output"},
	Reduced: {"reduced", "no file but the program's own, no signal to other processes, no other program; " +
		"bounded memory, processor time, file size and output; the network is NOT isolated"},
	Plain: {"plain", "bounded time, memory and output; a program runs with your rights, " +
		"and can read and write whatever you can"},
}

func (l Level) String() string { return levels[l].name }

// Promise says in a sentence what holds for a program at this level.
func (l Level) Promise() string { return levels[l].promise }

// ParseLevel reads the name of a level.
func ParseLevel(name string) (Level, error) {
	for _, l := range Levels {
		if l.String() == name {
			return l, nil
		}
	}
	return Plain, fmt.Errorf("%q: no such level; the levels are strong, reduced and plain", name)
}
