package telling

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// A Page is what one reads about a scenario that failed.
type Page struct {
	Name, Title string
	Points      int
	Failure     *Failure
	Notes       []string
	Replay      string // the command that plays it again, "" for none
}

// WritePage writes a page: the sentence, the first wrong byte, the steps, the
// exchange, the hint, and how to play it again.
func WritePage(w io.Writer, p Page) error {
	var b bytes.Buffer
	f := p.Failure
	fmt.Fprintf(&b, say.Head+"\n\n", harmless(p.Name, ""), harmless(p.Title, ""), p.Points)
	fmt.Fprintf(&b, "%s\n", Wrap("  ", harmless(f.Message, "")))
	writeDifference(&b, f.Difference)
	writeSteps(&b, f, p.Title)
	if len(f.Ladder) > 0 {
		fmt.Fprintf(&b, "\n%s\n%s", say.Ladder, Draw(f.Ladder, drawingWidth))
	}
	if strings.TrimSpace(f.Hint) != "" {
		fmt.Fprintf(&b, "\n%s\n%s\n", say.Hint, Wrap("  ", strings.Trim(harmless(f.Hint, "\n\t"), "\n")))
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "\n"+say.Note+"\n", harmless(note, ""))
	}
	if p.Replay != "" {
		fmt.Fprintf(&b, "\n"+say.Replay+"\n", harmless(p.Replay, ""))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Line tells the failure in one line of at most so many columns. Where it is
// too long, it loses its middle: the cause stands at the end.
func (p Page) Line(width int) string {
	return middleOut(fmt.Sprintf(say.Line, harmless(p.Name, ""), p.Points, harmless(p.Failure.Message, "")), width)
}

// writeDifference writes what was owed over what came. What came is broken
// behind its line ends where it is long.
func writeDifference(b *bytes.Buffer, d *Difference) {
	if d == nil {
		return
	}
	width := max(len(say.Want), len(say.Got)) + len("    ")
	lead := func(label string) string { return fmt.Sprintf("  %-*s", width-2, label) }
	fmt.Fprintf(b, "\n%s%s\n", lead(say.Want), breakQuoted(harmless(d.Want, ""), width))
	got, caret := harmless(d.Got, ""), d.Caret
	lines := strings.Split(breakQuoted(got, width), "\n")
	for i, line := range lines {
		if i == 0 {
			b.WriteString(lead(say.Got))
		}
		fmt.Fprintf(b, "%s\n", line)
		if i > 0 {
			line = line[width:]
		}
		n := utf8.RuneCountInString(line)
		if caret >= 0 && (caret < n || i == len(lines)-1) {
			under := string([]rune(line)[:min(caret, n)])
			fmt.Fprintf(b, "%s%s\n", strings.Repeat(" ", width+columns(under)), say.FirstDifference)
			caret = NoCaret
		}
		caret -= n
	}
}

// breakQuoted breaks quoted text that is too long for a line behind the line
// ends in it, and indents what follows.
func breakQuoted(s string, indent int) string {
	const most = drawingWidth
	var b strings.Builder
	line := ""
	for part := range strings.SplitAfterSeq(s, `\n`) {
		if line != "" && indent+columns(line)+columns(part) > most && part != `"` {
			b.WriteString(line + "\n" + strings.Repeat(" ", indent))
			line = ""
		}
		line += part
	}
	return b.String() + line
}

// How many steps a page shows: all of a short scenario; of a long one so many
// of its beginning, which sets it up, and of the block that failed.
const (
	mostSteps  = 16
	mostSetUp  = 6
	mostFailed = 10
	mostStep   = 100 // columns of a step
)

// writeSteps writes the steps under the # lines of their blocks; the first
// block's is the title, which stands above.
func writeSteps(b *bytes.Buffer, f *Failure, title string) {
	if len(f.Steps) == 0 {
		return
	}
	fmt.Fprintf(b, "\n"+say.Steps+"\n", f.Position)
	block := title
	next := 0
	for _, part := range shownSteps(f.Steps) {
		if part.from > next {
			fmt.Fprintf(b, "       %s\n", foldedSteps(f.Steps[next:part.from], block))
		}
		for i, s := range f.Steps[part.from:part.to] {
			if s.Block != block && s.Block != "" {
				fmt.Fprintf(b, "  # %s\n", harmless(s.Block, ""))
			}
			block = s.Block
			number := part.from + i + 1
			mark := " "
			if number == len(f.Steps) {
				mark = ">"
			}
			fmt.Fprintf(b, " %s %2d  %s\n", mark, number, middleOut(harmless(s.Text, ""), mostStep))
		}
		next = part.to
	}
}

// A part of the steps, from one to before another.
type part struct{ from, to int }

// shownSteps chooses which steps a page shows.
func shownSteps(steps []Step) []part {
	n := len(steps)
	if n <= mostSteps {
		return []part{{0, n}}
	}
	failed, setUp := n-1, 0
	for failed > 0 && steps[failed-1].Block == steps[n-1].Block {
		failed--
	}
	for setUp < n && steps[setUp].Block == steps[0].Block {
		setUp++
	}
	setUp, failed = min(setUp, mostSetUp), max(failed, n-mostFailed)
	if failed-setUp <= 1 { // a line that says so is no shorter
		return []part{{0, n}}
	}
	return []part{{0, setUp}, {failed, n}}
}

// foldedSteps says how many steps are not shown, and of how many blocks.
func foldedSteps(steps []Step, block string) string {
	blocks := 0
	for _, s := range steps {
		if s.Block != block {
			blocks++
		}
		block = s.Block
	}
	if blocks > 1 {
		return fmt.Sprintf(say.InBlocks, Count(len(steps)), Count(blocks))
	}
	return fmt.Sprintf(say.StepsLeftOut, Count(len(steps)))
}
