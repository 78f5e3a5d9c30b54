package play

import (
	"fmt"

	"wirebook/harness/telling"
)

// The ends of a program's console stand on the left of the drawing like any peer.
const (
	Keyboard = "keyboard"
	Screen   = "screen"
	Stderr   = "stderr"
)

// What is said of things that no step asked for.
const (
	nothingMore    = "the scenario is over, but there is something that no step expected: "
	notAsked       = "although no step asked it to end"
	printElsewhere = "no rule asks for it here, and a note of your own belongs on standard error"
)

// sentence tells in a sentence what came and no command asked for.
func sentence(r telling.Rung) string {
	switch {
	case r.Kind == telling.HalfClose && !r.ToProgram:
		return fmt.Sprintf("%s closed the connection (%s)", r.Program, r.Peer)
	case r.Kind == telling.Resets:
		return fmt.Sprintf("%s reset the connection (%s)", r.Program, r.Peer)
	case r.Peer == Screen:
		return fmt.Sprintf("%s printed %s", r.Program, r.Label())
	case r.Program == "":
		return fmt.Sprintf("%s got %s", r.Peer, r.Label())
	}
	return fmt.Sprintf("%s received %s", r.Peer, r.Label())
}

// AndMore is the oldest of several things that nobody asked for, and a word about
// the others.
func AndMore(first telling.Rung, others int) []telling.Rung {
	if others > 0 {
		more := fmt.Sprintf("and %d more", others)
		if first.Text != "" {
			more = first.Text + " " + more
		}
		first.Text = more
	}
	return []telling.Rung{first}
}
