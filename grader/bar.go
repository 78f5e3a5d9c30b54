package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// A bar is a line on a terminal that says how far a run has come, how fast it goes and how
// long it will take. It writes over itself.
type bar struct {
	out   io.Writer
	width func() int       // of the terminal
	now   func() time.Time // a test's clock
	begun time.Time
	shown int // characters that stand there
}

// barOn returns a bar where out is a terminal, and nil elsewhere.
func barOn(out io.Writer) *bar {
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	width := func() int {
		columns, _, err := term.GetSize(int(file.Fd()))
		if err != nil || columns == 0 {
			return 80
		}
		return columns
	}
	return &bar{out: out, width: width, now: time.Now, begun: time.Now()}
}

// show says that done of all are done. Only those that were worked for say how fast it goes.
func (b *bar) show(done, worked, all int) {
	told := fmt.Sprintf("  %*d/%d%s", len(fmt.Sprint(all)), done, all, pace(b.now().Sub(b.begun), worked, all-done))
	room := max(0, min(40, b.width()-1-len(told))) // a full last column would begin a new line
	full := room * done / max(1, all)
	b.write(strings.Repeat("█", full) + strings.Repeat("░", room-full) + told)
}

// pace says how fast it goes and how long that will take for those that are left.
func pace(took time.Duration, worked, left int) string {
	if worked == 0 || took <= 0 || left == 0 {
		return ""
	}
	each := took / time.Duration(worked)
	rate := math.Round(10*float64(time.Minute)/float64(each)) / 10
	return fmt.Sprintf("  %g a minute, %s left", rate, roughly(each*time.Duration(left)))
}

// roughly is a time as exactly as one wants to know it.
func roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", math.Ceil(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", math.Ceil(d.Minutes()))
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

// clear takes the line away, so that something else can be written.
func (b *bar) clear() {
	b.write("")
	fmt.Fprint(b.out, "\r")
}

// write puts text in the place of what stands there, also where a terminal knows no escapes.
func (b *bar) write(text string) {
	line := []rune(text)
	line = line[:min(len(line), max(0, b.width()-1))]
	fmt.Fprintf(b.out, "\r%s%s", string(line), strings.Repeat(" ", max(0, b.shown-len(line))))
	b.shown = len(line)
}
