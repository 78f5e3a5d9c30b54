package telling

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
)

// A Page is what one reads about a scenario that failed.
type Page struct {
	Name, Title string
	Points      int
	Failure     *Failure
	Notes       []string
	Replay      string // the command that plays it again, "" for none
	// Folder is where the scenario's file stands in the workbook, with slashes, so
	// that a terminal makes a link of the position; "" for a reader who has no such
	// file.
	Folder string
	Rule   int // the number of the README's rule that the scenario plays, 0 for none
}

// FolderOf is where the scenarios of a lesson stand in the workbook, the public or
// the hidden ones; "" for a scenario of no lesson.
func FolderOf(lesson string, hidden bool) string {
	switch {
	case lesson == "":
		return ""
	case hidden:
		return path.Join("solutions", lesson, "testdata", "hidden")
	default:
		return path.Join("exercises", lesson, "testdata")
	}
}

// WritePage writes a page: the sentence, the first wrong byte, the steps, the
// exchange, the hint, and how to play it again.
func WritePage(w io.Writer, p Page) error {
	var b bytes.Buffer
	f := p.Failure
	fmt.Fprintf(&b, say.Head+"\n\n", harmless(p.Name), harmless(p.Title), p.Points)
	fmt.Fprintf(&b, "%s\n", Wrap("  ", harmless(f.Message)))
	writeDifference(&b, f.Difference)
	writeCame(&b, f.Came)
	writeSteps(&b, p)
	if len(f.Ladder) > 0 {
		fmt.Fprintf(&b, "\n%s\n%s", say.Ladder, draw(f.Ladder))
	}
	if strings.TrimSpace(f.Hint) != "" {
		fmt.Fprintf(&b, "\n%s\n%s\n", say.Hint, Wrap("  ", strings.Trim(f.Hint, "\n")))
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "\n"+say.Note+"\n", harmless(note))
	}
	if p.Replay != "" {
		fmt.Fprintf(&b, "\n"+say.Replay+"\n", harmless(p.Replay))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Position is the file and line of the step that failed, as a terminal finds them.
func (p Page) Position() string { return harmless(path.Join(p.Folder, p.Failure.Position)) }

// Line tells the failure in one line of at most so many columns. Where it is
// too long, it loses its middle: the cause stands at the end.
func (p Page) Line(width int) string {
	return middleOut(fmt.Sprintf(say.Line, harmless(p.Name), p.Points, harmless(p.Failure.Message)), width)
}

// writeDifference writes what was owed over what came, with the caret under the
// first wrong byte.
func writeDifference(b *bytes.Buffer, d *Difference) {
	if d == nil {
		return
	}
	width := max(len(say.Want), len(say.Got)) + len("    ")
	indent := strings.Repeat(" ", width)
	fmt.Fprintf(b, "\n  %-*s%s\n", width-2, say.Want, strings.Join(breakQuoted(harmless(d.Want), width), "\n"+indent))
	fmt.Fprintf(b, "  %-*s", width-2, say.Got)
	caret := d.Caret
	lines := breakQuoted(harmless(d.Got), width)
	for i, line := range lines {
		if i > 0 {
			b.WriteString(indent)
		}
		fmt.Fprintf(b, "%s\n", line)
		runes := []rune(line)
		if caret >= 0 && (caret < len(runes) || i == len(lines)-1) {
			under := columns(string(runes[:min(caret, len(runes))]))
			fmt.Fprintf(b, "%s%s%s\n", indent, strings.Repeat(" ", under), say.FirstDifference)
			caret = NoCaret
		}
		caret -= len(runes)
	}
}

// writeCame writes what came, a line each.
func writeCame(b *bytes.Buffer, came []string) {
	if len(came) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", say.Came)
	for _, line := range came {
		fmt.Fprintf(b, "  %s\n", harmless(line))
	}
}

// breakQuoted breaks quoted text that is too long for a line behind the line
// ends in it.
func breakQuoted(s string, indent int) (lines []string) {
	const most = 100
	line := ""
	for part := range strings.SplitAfterSeq(s, `\n`) {
		if line != "" && indent+columns(line)+columns(part) > most && part != `"` {
			lines = append(lines, line)
			line = ""
		}
		line += part
	}
	return append(lines, line)
}

// writeSteps writes the steps under the # lines of their blocks; the first
// block's is the title, which stands above. Of a long scenario it leaves out
// what lies between its set-up and the block that failed.
func writeSteps(b *bytes.Buffer, p Page) {
	f := p.Failure
	if len(f.Steps) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", say.Steps)
	from, to := folded(f.Steps)
	block := p.Title
	for i, s := range f.Steps {
		if from <= i && i < to {
			if i == from {
				fmt.Fprintf(b, "       "+say.StepsLeftOut+"\n", Count(to-from))
			}
			continue
		}
		if s.Block != block && s.Block != "" {
			fmt.Fprintf(b, "  # %s\n", harmless(s.Block))
		}
		block = s.Block
		mark := " "
		if i == len(f.Steps)-1 {
			mark = ">"
		}
		const most = 100
		fmt.Fprintf(b, " %s %2d  %s\n", mark, i+1, middleOut(harmless(s.Text), most))
	}
	fmt.Fprintf(b, "        "+say.StepAt, p.Position())
	if p.Rule != 0 {
		fmt.Fprintf(b, say.Rule, p.Rule)
	}
	b.WriteByte('\n')
}

// folded chooses which steps a page leaves out: from one to before another.
func folded(steps []Step) (from, to int) {
	const all, mostSetUp, mostFailed = 16, 6, 10
	n := len(steps)
	if n <= all {
		return n, n
	}
	for from < mostSetUp && steps[from].Block == steps[0].Block {
		from++
	}
	for to = n - 1; to > n-mostFailed && steps[to-1].Block == steps[n-1].Block; to-- {
	}
	if to-from <= 1 { // a line that says so is no shorter
		return n, n
	}
	return from, to
}
