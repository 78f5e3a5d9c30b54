package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

//go:embed student.gohtml
var studentText string

var student = template.Must(template.New("student").Funcs(pageFunctions).Funcs(template.FuncMap{
	"lessonCell": lessonCell,
	"lost":       func(l *result.Lesson) int { return countOf(l, telling.Fail) },
	"found":      newFound,
	"decision":   decided,
	"decided":    func(s *result.Submission, l *result.Lesson) []result.Finding { return findings(s, l, true) },
	"advised":    func(s *result.Submission, l *result.Lesson) []result.Finding { return findings(s, l, false) },
	"rest":       rest,
	"replay":     func(lesson string, s result.Scenario) string { return pageOf(lesson, s).Replay },
	"wrong":      whereWrong,
	"steps":      newSteps,
	"picture":    newPicture,
	"trim":       func(text string) string { return strings.Trim(text, "\n") },
}).Parse(studentText))

// Student writes a page about one submission, which can be handed out alone: it
// asks for nothing beside itself.
func Student(w io.Writer, c *Class, s *result.Submission) error {
	return student.Execute(w, newRow(c, s))
}

// Students gives each submission's page, as it is passed on, to write.
func Students(c *Class, hidden Hidden, write func(submission string, page []byte) error) error {
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := Student(&b, c, hidden.conceal(s)); err != nil {
			return err
		}
		if err := write(s.Submission, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func countOf(l *result.Lesson, status telling.Status) int {
	n := 0
	for _, s := range l.Scenarios {
		if s.Status == status {
			n++
		}
	}
	return n
}

// rest are the scenarios that neither passed nor have a failure to show.
func rest(l *result.Lesson) []result.Scenario {
	return slices.DeleteFunc(slices.Clone(l.Scenarios), func(s result.Scenario) bool {
		return s.Status == telling.Pass || s.Failure != nil
	})
}

// findings are those about a lesson, which decided its score or did not.
func findings(s *result.Submission, l *result.Lesson, decided bool) []result.Finding {
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f result.Finding) bool {
		return f.Lesson != l.Lesson || (f.Severity == result.Essential) != decided
	})
}

// A found is something about a place in the code, with the line that stands there.
type found struct{ Place, Message, Code string }

func newFound(what any) found {
	switch f := what.(type) {
	case result.Message:
		return found{place(f.File, f.Line), printable(f.Message), printable(f.Code)}
	case result.Finding:
		return found{place(f.File, f.Line), printable(f.Message), printable(f.Code)}
	}
	return found{}
}

func place(file string, line int) string {
	if line == 0 {
		return Line(file)
	}
	return fmt.Sprintf("%s:%d", Line(file), line)
}

// A step is a line of a scenario on a page.
type step struct {
	Number  int
	Text    string
	Block   string // the # line that begins with it
	Failed  bool
	LeftOut int // how many were here
}

// newSteps are the steps up to the one that failed. Of many only those that set the
// play up and those before the end are shown.
func newSteps(s result.Scenario) []step {
	const first, last = 6, 12
	var all []step
	f, block := s.Failure, s.Title // which stands above
	for i, played := range f.Steps {
		if left := len(f.Steps) - first - last; left > 1 && i >= first && i < len(f.Steps)-last {
			if i == first {
				all = append(all, step{LeftOut: left})
			}
			continue
		}
		one := step{Number: i + 1, Text: shortened(played.Text, 200), Failed: i == len(f.Steps)-1}
		if played.Block != block {
			one.Block = printable(played.Block)
		}
		block = played.Block
		all = append(all, one)
	}
	return all
}
