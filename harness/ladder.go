package harness

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A ladder draws an exchange as plain text, peers to the left and the program
// to the right, one rung for each thing that a command did or asked for. Its
// order is the script's, not the clock's, so two plays of one program draw the
// same.
type ladder struct{ rungs []rung }

type rung struct {
	left, right string
	toRight     bool
	label       string
}

// The two ends of a program's console stand on the left like any peer.
const (
	keyboard = "keyboard"
	screen   = "screen"
)

func (l *ladder) right(from, label, to string) {
	l.rungs = append(l.rungs, rung{from, to, true, label})
}

func (l *ladder) left(to, label, from string) {
	l.rungs = append(l.rungs, rung{to, from, false, label})
}

const (
	maxLadder = 2 << 10 // bytes, as result.json promises
	maxLabel  = 46      // characters
)

// draw returns the ladder with the addresses in its labels redacted. A long one
// loses its middle.
func (l *ladder) draw(redact func(string) string) string {
	width := 0
	for _, r := range l.rungs {
		width = max(width, utf8.RuneCountInString(r.left))
	}
	lines := make([]string, len(l.rungs))
	size := 0
	for i, r := range l.rungs {
		lines[i] = r.draw(width, redact)
		size += len(lines[i])
	}
	const gap = "  ...\n"
	cut := len(lines) / 3
	for end := cut; size > maxLadder-len(gap) && end < len(lines)-1; end++ {
		size -= len(lines[end])
		lines[end] = ""
		if end == cut {
			lines[end] = gap
		}
	}
	return strings.Join(lines, "")
}

func (r rung) draw(width int, redact func(string) string) string {
	label := shorten(redact(r.label), maxLabel)
	shaft := strings.Repeat("-", maxLabel+3-utf8.RuneCountInString(label))
	if r.toRight {
		return fmt.Sprintf("  %-*s  %s %s>  %s\n", width, r.left, label, shaft, r.right)
	}
	return fmt.Sprintf("  %-*s <%s %s   %s\n", width, r.left, shaft, label, r.right)
}

// shorten cuts the middle out of s where it has more than n characters.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	tail := (n - 5) / 3
	return string(runes[:n-5-tail]) + " ... " + string(runes[len(runes)-tail:])
}
