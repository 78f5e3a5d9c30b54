package verify

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"wirebook/harness"
)

// Legend explains the signs of the matrix.
const Legend = "pass .   fail, as it must x   fail, and the mutant is there for it X   skipped -   could not tell E   surprise !\n"

// Write prints the report: the matrix, a row a program and a column a scenario,
// then every surprise in full.
func (r *Report) Write(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %d programs, %d scenarios, %d plays\n\n", r.Lesson, len(r.Rows), len(r.Scenarios), r.Plays())
	width := 0
	for _, row := range r.Rows {
		width = max(width, len(row.name()))
	}
	r.writeColumns(&b, width)
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, row.name(), row.signs())
	}
	b.WriteString("\n")
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "SURPRISE: %s\n", p)
	}
	for _, row := range r.Rows {
		row.writeSurprises(&b, r)
	}
	if r.Sound() {
		fmt.Fprintf(&b, "%s is sound.\n", r.Lesson)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Plays counts all plays.
func (r *Report) Plays() int {
	sum := 0
	for _, row := range r.Rows {
		for _, c := range row.Cells {
			sum += c.Plays
		}
	}
	return sum
}

// Surprises counts what Write tells.
func (r *Report) Surprises() int {
	sum := len(r.Problems)
	for _, row := range r.Rows {
		if row.BuildErr != nil {
			sum++
		}
		for _, c := range row.Cells {
			if c.Wrong > 0 {
				sum++
			}
		}
	}
	return sum
}

// Sound reports whether there was no surprise.
func (r *Report) Sound() bool { return r.Surprises() == 0 }

// writeColumns lists the scenarios, each at the head of the line that leads
// down to its column.
func (r *Report) writeColumns(b *bytes.Buffer, width int) {
	for i, s := range r.Scenarios {
		hidden := ""
		if s.Hidden {
			hidden = " (hidden)"
		}
		fmt.Fprintf(b, "  %*s  %s+-- %s%s\n", width, "", strings.Repeat("|", i), s.Name, hidden)
	}
}

func (r *Row) name() string { return strings.TrimSpace(r.Kind + " " + r.Name) }

func (r *Row) signs() string {
	if r.BuildErr != nil {
		return "! cannot be built"
	}
	signs := make([]byte, len(r.Cells))
	for i, c := range r.Cells {
		signs[i] = c.sign()
	}
	return string(signs)
}

func (c *Cell) sign() byte {
	switch {
	case c.Plays == 0:
		return ' '
	case c.Wrong > 0 && c.Last.Status == harness.Error:
		return 'E'
	case c.Wrong > 0:
		return '!'
	case c.Last.Status == harness.Skip:
		return '-'
	case c.Want == harness.Pass:
		return '.'
	case c.First:
		return 'X'
	}
	return 'x'
}

// maxPages is how many failures of one program are printed in full: a solution
// that does not start fails everything.
const maxPages = 3

func (r *Row) writeSurprises(b *bytes.Buffer, report *Report) {
	if r.BuildErr != nil {
		fmt.Fprintf(b, "SURPRISE: %s: %v\n", r.name(), r.BuildErr)
	}
	pages := 0
	for i, c := range r.Cells {
		if c.Wrong == 0 {
			continue
		}
		fmt.Fprintf(b, "SURPRISE: %s (%s): scenario %s %s\n", r.name(), r.Title, report.Scenarios[i].Name, c.verdict())
		switch {
		case c.Last.Status == harness.Error:
			fmt.Fprintf(b, "    %v\n", c.Last.Err)
		case c.Last.Status == harness.Fail && pages < maxPages:
			pages++
			b.WriteString("\n")
			// A bytes.Buffer takes everything.
			_ = harness.WritePage(b, harness.PageOf(c.Last, r.replay(report, i)))
			b.WriteString("\n")
		case c.Last.Status == harness.Fail:
			fmt.Fprintf(b, "    %v\n", c.Last.Failure)
		}
	}
}

// verdict says what happened instead of what had to.
func (c *Cell) verdict() string {
	var happened string
	switch {
	case c.Last.Status == harness.Error:
		happened = "could not tell"
	case c.Want == harness.Pass:
		happened = "failed and must pass"
	case c.Last.Status == harness.Pass:
		happened = "passed and must fail"
	}
	if c.Plays > 1 {
		happened += fmt.Sprintf(", in %d of %d plays", c.Wrong, c.Plays)
	}
	return happened
}

// replay is the command that plays just this again.
func (r *Row) replay(report *Report, column int) string {
	command := "go run ./grader verify " + report.Lesson + " --scenario " + report.Scenarios[column].Name
	if r.Kind == "mutant" {
		command += " --mutant " + r.Name
	}
	return command
}
