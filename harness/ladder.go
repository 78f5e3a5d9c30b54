package harness

import (
	"fmt"
	"slices"
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
// loses its middle: what came last matters most.
func (l *ladder) draw(redact func(string) string) string {
	width := 0
	for _, r := range l.rungs {
		width = max(width, utf8.RuneCountInString(r.left))
	}
	lines := make([]string, len(l.rungs))
	for i, r := range l.rungs {
		lines[i] = r.draw(width, redact)
	}
	if whole := strings.Join(lines, ""); len(whole) <= maxLadder {
		return whole
	}
	const gap = "  ...\n"
	head := fitting(lines, maxLadder/3)
	slices.Reverse(lines)
	tail := fitting(lines, maxLadder-len(strings.Join(head, ""))-len(gap))
	slices.Reverse(tail)
	return strings.Join(head, "") + gap + strings.Join(tail, "")
}

// fitting returns the first lines that have at most most bytes.
func fitting(lines []string, most int) []string {
	for i, line := range lines {
		if most -= len(line); most < 0 {
			return slices.Clone(lines[:i])
		}
	}
	return slices.Clone(lines)
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
