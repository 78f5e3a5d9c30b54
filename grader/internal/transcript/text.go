package transcript

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/web"
)

// Options say how bytes are shown.
type Options struct {
	HexOnly bool // no text beside the hex
	All     bool // also of a long piece
}

// Of a piece with more bytes than mostShown, so many of each end are shown.
const (
	mostShown = 4 << 10
	shownEnd  = 256
)

// Text writes the transcript for a terminal: each step, and under it what went and came.
func (t *Transcript) Text(w io.Writer, o Options) error {
	b := bufio.NewWriterSize(w, 1<<16)
	s := t.Result.Scenario
	fmt.Fprintf(b, "%s\n\n", telling.Wrap("", web.Visible(fmt.Sprintf("%s, scenario %s: %s", s.Lesson, s.Name, s.Title))))
	entries := t.Entries
	block := s.Title
	for i, step := range append([]Step{{}}, t.Steps...) {
		if i > 0 {
			if step.Block != block && step.Block != "" {
				fmt.Fprintf(b, "   # %s\n", web.Visible(step.Block))
			}
			block = step.Block
			fmt.Fprintf(b, "%s%3d  %s\n", t.mark(i), i, short(step.Text, 200))
		}
		for len(entries) > 0 && entries[0].Step <= i {
			if err := t.entry(b, &entries[0], o); err != nil {
				return err
			}
			entries = entries[1:]
		}
	}
	fmt.Fprintf(b, "\n%s\n", telling.Wrap("", t.Verdict()))
	if m := t.Missing.String(); m != "" {
		fmt.Fprintln(b, m)
	}
	return b.Flush()
}

// mark stands before a step.
func (t *Transcript) mark(step int) string {
	if t.Failed(step) {
		return ">"
	}
	return " "
}

// Verdict says how the play ended.
func (t *Transcript) Verdict() string {
	r := t.Result
	switch r.Status {
	case telling.Pass:
		return "It passed."
	case telling.Fail:
		return fmt.Sprintf("It failed at step %d, %s: %s", len(t.Steps), harness.PageOf(r, "").Position(), web.Visible(r.Failure.Message))
	case telling.Skip:
		return "It cannot be played here: " + web.Visible(r.Err.Error())
	}
	return "It could not be played: " + web.Visible(r.Err.Error())
}

// entry writes when, by whom and what, and the bytes below.
func (t *Transcript) entry(b io.Writer, e *Entry, o Options) error {
	fmt.Fprintf(b, "    %10s  %s  %s\n", clock(e.At), short(e.Way(), 48), e.Label())
	if e.Text != "" && e.Len > 0 {
		fmt.Fprintf(b, "%s\n", telling.Wrap("      ", short(e.Text, 400)))
	}
	most := mostShown
	if o.All {
		most = e.kept()
	}
	return t.dump(b, e, most, "      ", o.HexOnly)
}

// clock is a time since the play began.
func clock(at time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(at)/float64(time.Millisecond))
}

// Way says from whom to whom.
func (e *Entry) Way() string {
	switch {
	case e.From == "":
		return e.To
	case e.To == "":
		return e.From
	}
	return e.From + " -> " + e.To
}

// Label says what it is in a few words.
func (e *Entry) Label() string {
	words := []string{telling.Rung{Kind: e.Kind, ToProgram: e.ToProgram, Text: e.Text}.Label()}
	if e.Kind == telling.Bytes || e.Kind == telling.Datagram || e.Kind == telling.Frame {
		words[0] = telling.Size(e.Len)
		if e.Kind != telling.Bytes {
			words[0] = string(e.Kind) + " of " + words[0]
		}
	}
	if e.ToProgram && e.Pieces > 1 {
		words[0] += fmt.Sprintf(" in %s pieces", telling.Count(e.Pieces))
	}
	if kept := e.kept(); kept < e.Len {
		words = append(words, fmt.Sprintf("of which %s are kept", telling.Size(kept)))
	}
	if e.FromAddr.IsValid() && e.ToAddr.IsValid() && (e.Kind == telling.Connects || e.Kind == telling.Datagram) {
		words = append(words, fmt.Sprintf("%v to %v", e.FromAddr, e.ToAddr))
	}
	if e.Unasked {
		words = append(words, "for which no step asked")
	}
	return strings.Join(words, ", ")
}

// dump writes an entry's bytes in hex, with the text beside. Of more than most it shows
// both ends.
func (t *Transcript) dump(b io.Writer, e *Entry, most int, indent string, hexOnly bool) error {
	kept := e.kept()
	if kept <= most {
		return t.lines(b, e, 0, kept, indent, hexOnly)
	}
	hash, err := t.hash(e)
	if err == nil {
		err = t.lines(b, e, 0, shownEnd, indent, hexOnly)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "%s... %s in all; their SHA-256 is\n%s    %x\n", indent, telling.Size(kept), indent, hash)
	return t.lines(b, e, (kept-shownEnd)&^(perLine-1), kept, indent, hexOnly)
}

func (t *Transcript) hash(e *Entry) ([]byte, error) {
	h := sha256.New()
	for _, s := range e.spans {
		if _, err := io.Copy(h, io.NewSectionReader(t.file, s.off, int64(s.len))); err != nil {
			return nil, err
		}
	}
	return h.Sum(nil), nil
}

// perLine is how many bytes stand in a line.
const perLine = 16

// lines writes the bytes from one to before another.
func (t *Transcript) lines(b io.Writer, e *Entry, from, to int, indent string, hexOnly bool) error {
	const block = 1 << 16 // at a time
	torn := 0
	for ; from < to; from += block {
		end := min(to, from+block)
		data, err := t.read(e, from, min(to, end+utf8.UTFMax)) // a character may go on behind the end
		if err != nil {
			return err
		}
		for at := 0; at < end-from; at += perLine {
			line := data[at:min(at+perLine, end-from)]
			var hex strings.Builder
			for i, c := range line {
				if i == perLine/2 {
					hex.WriteByte(' ')
				}
				fmt.Fprintf(&hex, " %02x", c)
			}
			if hexOnly {
				fmt.Fprintf(b, "%s%04x %s\n", indent, from+at, hex.String())
				continue
			}
			var text string
			text, torn = shown(data[at:], len(line), torn)
			fmt.Fprintf(b, "%s%04x %-*s  %s\n", indent, from+at, perLine*3+1, hex.String(), text)
		}
	}
	return nil
}

// shown is the text of the first n bytes of data: a character stands where it begins, a
// dot for each byte that is none that is seen. The first torn bytes belong to a character
// of the line before; so many of the next line's belong to one of this.
func shown(data []byte, n, torn int) (text string, next int) {
	var b strings.Builder
	i := torn
	for i < n {
		r, size := utf8.DecodeRune(data[i:])
		if c := string(r); r == utf8.RuneError || telling.Quote(c) != `"`+c+`"` && c != `"` && c != `\` {
			b.WriteByte('.')
			size = max(1, size)
		} else {
			b.WriteString(c)
		}
		i += size
	}
	return b.String(), i - n
}

// short is a visible text in one line, without its middle where it is too long.
func short(text string, most int) string {
	return web.Shortened(cmp.Or(strings.ReplaceAll(web.Visible(text), "\n", " "), "-"), most)
}
