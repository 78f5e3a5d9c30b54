package harness

import (
	"bytes"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// failf returns a failure of the program with a message; step completes it.
func (p *play) failf(format string, args ...any) *Failure {
	return &Failure{Message: fmt.Sprintf(format, args...), Caret: -1}
}

// window is how many bytes around the first wrong one a failure shows.
const window = 32

// compared is the failure of got where want was owed. Both are shown around the
// first byte that differs.
func (p *play) compared(message string, want, got []byte) *Failure {
	w, g := p.redact(string(want)), p.redact(string(got))
	at := commonPrefix(w, g)
	if w == g { // they differ in addresses that have no name
		w, g = string(want), string(got)
		at = commonPrefix(w, g)
	}
	f := &Failure{Message: message}
	f.Want, _ = excerpt(w, at)
	f.Got, f.Caret = excerpt(g, at)
	return f
}

// commonPrefix returns the length of what a and b begin with, not inside of a
// character.
func commonPrefix(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for back := 0; back < utf8.UTFMax && i > 0 && i < len(a) && !utf8.RuneStart(a[i]); back++ {
		i--
	}
	return i
}

// excerpt quotes s around the byte at, and returns the column of that byte.
func excerpt(s string, at int) (quoted string, caret int) {
	from, to := max(0, at-window), min(len(s), at+window)
	for from > 0 && from < at && !utf8.RuneStart(s[from]) {
		from++
	}
	for to < len(s) && to > at && !utf8.RuneStart(s[to]) {
		to--
	}
	before, after := "", ""
	if from > 0 {
		before = fmt.Sprintf("(%d bytes) ", from)
	}
	if to < len(s) {
		after = " ..."
	}
	left := strings.TrimSuffix(quote(s[from:at]), `"`)
	right := strings.TrimPrefix(quote(s[at:to]), `"`)
	return before + left + right + after, utf8.RuneCountInString(before + left)
}

// quote puts s in Go quotes and leaves characters that a terminal shows safely
// as they are. Network text is shown in no other way.
func quote(s string) string { return strconv.Quote(s) }

// countable is up to how many bytes a failure counts them. How many came from a
// program that prints without end depends on the moment.
const countable = 2 << 20

// quoteShort quotes what fits into a sentence.
func quoteShort(b []byte) string { return quoteStart(b, len(b)) }

// quoteStart is quoteShort of n bytes that begin with b.
func quoteStart(b []byte, n int) string {
	if n == 0 {
		return "nothing"
	}
	const most = 60
	if n <= most {
		return quote(string(b))
	}
	if n > countable {
		return fmt.Sprintf("%s... (more than %d bytes)", quote(string(b[:most])), countable)
	}
	return fmt.Sprintf("%s... (%d bytes)", quote(string(b[:most])), n)
}

// loopback finds addresses that no name was given to.
var loopback = lazily(`127\.0\.0\.1:\d{2,5}\b|\[::1\]:\d{2,5}\b`)

// redact puts names in the place of addresses and of the programs' folder, so
// that two plays of one program give the same text.
func (p *play) redact(s string) string {
	names := make([]string, 0, len(p.vars))
	for name := range p.vars {
		names = append(names, name)
	}
	sort.Strings(names)
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, p.vars[name], "‹"+name+"›")
	}
	if p.dir != "" {
		pairs = append(pairs, p.dir, "‹working directory›")
	}
	s = strings.NewReplacer(pairs...).Replace(s)
	if !strings.Contains(s, "127.0.0.1:") && !strings.Contains(s, "[::1]:") {
		return s // to look for the pattern takes long in much text
	}
	return loopback().ReplaceAllString(s, "‹?›")
}

// WriteFailure writes what a student is to read about a failed result: the
// sentence, the steps, the first wrong byte, the exchange, a hint, and the
// command that plays this scenario again.
func WriteFailure(w io.Writer, r Result, replay string) error {
	f := r.Failure
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %s (0 of %d)\n\n", r.Scenario.Name, r.Scenario.Title, r.Scenario.Points)
	fmt.Fprintf(&b, "%s\n", wrap("  ", f.Message))
	writeDifference(&b, f)
	writeSteps(&b, f)
	if f.Ladder != "" {
		fmt.Fprintf(&b, "\nWhat passed between them:\n%s", f.Ladder)
	}
	if f.Hint != "" {
		fmt.Fprintf(&b, "\nHint:\n%s\n", wrap("  ", f.Hint))
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "\nNote: %s\n", note)
	}
	if replay != "" {
		fmt.Fprintf(&b, "\nPlay it again:  %s\n", replay)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func writeDifference(b *bytes.Buffer, f *Failure) {
	if f.Want == "" && f.Got == "" {
		return
	}
	fmt.Fprintf(b, "\n  want  %s\n  got   %s\n", f.Want, f.Got)
	if f.Caret >= 0 {
		fmt.Fprintf(b, "        %s^ the first difference\n", strings.Repeat(" ", f.Caret))
	}
}

// mostSteps is how many steps before the failing one a page shows.
const mostSteps = 12

func writeSteps(b *bytes.Buffer, f *Failure) {
	if len(f.Steps) == 0 {
		return
	}
	fmt.Fprintf(b, "\nThe steps, up to the one that failed (%s):\n", f.Position)
	if f.Phase != "" {
		fmt.Fprintf(b, "  # %s\n", f.Phase)
	}
	first := max(0, len(f.Steps)-mostSteps)
	if first > 0 {
		fmt.Fprintf(b, "     ... %d before\n", first)
	}
	for i, s := range f.Steps[first:] {
		mark := " "
		if first+i == len(f.Steps)-1 {
			mark = ">"
		}
		fmt.Fprintf(b, " %s %2d  %s\n", mark, first+i+1, cutTo(s.Text, 100))
	}
}

// wrap indents text and breaks its paragraphs anew at 76 columns. A line that
// is indented, such as one of code, or that begins a list's item stays one.
func wrap(indent, text string) string {
	var lines []string
	line := indent
	end := func() {
		if line != indent {
			lines = append(lines, line)
			line = indent
		}
	}
	for _, given := range strings.Split(text, "\n") {
		switch {
		case strings.TrimSpace(given) == "":
			end()
			lines = append(lines, "")
			continue
		case strings.HasPrefix(given, " ") || strings.HasPrefix(given, "\t"):
			end()
			lines = append(lines, indent+given)
			continue
		case strings.HasPrefix(given, "- ") || strings.HasPrefix(given, "* "):
			end()
		}
		for _, word := range strings.Fields(given) {
			if line != indent && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > 76 {
				end()
			}
			if line != indent {
				line += " "
			}
			line += word
		}
	}
	end()
	return strings.Join(lines, "\n")
}
