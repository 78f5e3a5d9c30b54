package main

import (
	"fmt"
	"io"

	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/report"
	"wirebook/grader/internal/result"
)

// progress tells of each submission as it is done: by a bar on a terminal, with a
// line for those that could not be graded whole, and elsewhere by a line for each.
type progress struct {
	out              io.Writer
	bar              *bar // nil elsewhere
	all, count, kept int
	failUnder        float64
	decisions        *grade.Decisions
	unknown, below   int
}

func (p *progress) done(s *result.Submission, kept bool) {
	if decided, err := p.decisions.Apply(s); err == nil { // what is wrong is told with the summary
		s = decided
	}
	p.count++
	note := ""
	if kept {
		p.kept++
		note = "  (graded before)"
	}
	score := "?"
	if s.Score != nil {
		score = fmt.Sprintf("%g", *s.Score)
	}
	if !s.Complete {
		p.unknown++
		note += "  (incomplete)"
	} else if *s.Score < p.failUnder/100*s.MaxScore {
		p.below++
	}
	if p.bar != nil && s.Complete {
		p.show()
		return
	}
	p.end()
	fmt.Fprintf(p.out, "%*d/%d  %s  %s of %g%s\n", len(fmt.Sprint(p.all)), p.count, p.all, report.Line(s.Submission), score, s.MaxScore, note)
	p.show()
}

// show draws the bar, where there is one.
func (p *progress) show() {
	if p.bar != nil {
		p.bar.show(p.count, p.count-p.kept, p.all)
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.clear()
	}
}

// interrupted says how far a run came that was stopped.
func (p *progress) interrupted(regrade bool) error {
	again := "run the same command again"
	if regrade {
		again += ", without --regrade,"
	}
	return fmt.Errorf("interrupted: %d of %d submissions are graded and kept; %s for the rest", p.count, p.all, again)
}

func (p *progress) verdict() error {
	switch {
	case p.unknown > 0:
		return incompleteError(p.unknown, p.all)
	case p.below > 0:
		return &statusError{exitBelow, fmt.Errorf("%d of %d submissions are below %g%%", p.below, p.all, p.failUnder)}
	}
	return nil
}

func incompleteError(unknown, all int) error {
	return &statusError{exitIncomplete, fmt.Errorf("%d of %d submissions could not be graded whole; the reasons stand beside their scores", unknown, all)}
}

// counted is a number of things in words.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
