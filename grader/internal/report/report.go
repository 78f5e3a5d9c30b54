// Package report writes results for their readers, a file a format. It knows
// results as they are kept and not how they arise.
//
// Names, messages and bytes of submissions are strangers' text. Each format
// makes them harmless in its own way: no report can be steered by one.
package report

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/web"
)

// A Class is what a report is about: one submission or a thousand, read one at
// a time, as often as a report needs.
type Class struct {
	Workbook string
	Seed     int64
	Lessons  []string // in the order of the syllabus
	// Own tells that the one submission is its reader's own, who has the
	// solutions: it is told in full.
	Own bool
	// Submissions gives them in their order, an error where one cannot be
	// read.
	Submissions iter.Seq2[*result.Submission, error]

	brief []*result.Submission // once they were read
}

// summaries gives the submissions without their scenarios, which are most of
// them and what most reports do not tell; only those stay of which nothing could
// be told. They are read once and kept.
func (c *Class) summaries() ([]*result.Submission, error) {
	if c.brief != nil {
		return c.brief, nil
	}
	var all []*result.Submission
	for s, err := range c.Submissions {
		if err != nil {
			return nil, err
		}
		short := *s
		short.Lessons = slices.Clone(s.Lessons)
		for i := range short.Lessons {
			short.Lessons[i].Scenarios = slices.DeleteFunc(slices.Clone(s.Lessons[i].Scenarios),
				func(sc result.Scenario) bool { return sc.Status != telling.Error })
		}
		all = append(all, &short)
	}
	c.brief = all
	return all, nil
}

// One is a class of submissions at hand.
func One(submissions ...*result.Submission) *Class {
	c := &Class{Submissions: func(yield func(*result.Submission, error) bool) {
		for _, s := range submissions {
			if !yield(s, nil) {
				return
			}
		}
	}}
	for _, s := range submissions {
		c.Workbook, c.Seed = s.Workbook, s.Seed
		for _, l := range s.Lessons {
			if !slices.Contains(c.Lessons, l.Lesson) {
				c.Lessons = append(c.Lessons, l.Lesson)
			}
		}
	}
	return c
}

// number writes points without needless digits.
func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// of writes "7 of 10", with "?" for what is not known.
func of(score *float64, most float64) string {
	if score == nil {
		return "? of " + number(most)
	}
	return number(*score) + " of " + number(most)
}

// says are the statuses of lessons in words, as they stand behind a score.
var says = map[result.Status]string{
	result.Graded:      "",
	result.NotStarted:  "not started",
	result.Missing:     "nothing handed in",
	result.BuildFailed: "does not compile",
	result.Rejected:    "refused",
	result.Unknown:     "could not be graded",
}

// reasons lists what decided a lesson's score without a play: the teacher, the
// compiler's messages and the essential findings.
func reasons(s *result.Submission, l *result.Lesson) []string {
	if text := decided(l); text != "" {
		return append([]string{text}, unplayed(s, l)...)
	}
	return unplayed(s, l)
}

// unplayed lists why a lesson was not played.
func unplayed(s *result.Submission, l *result.Lesson) []string {
	var all []string
	if l.Reason != "" {
		all = append(all, l.Reason)
	}
	for _, m := range l.Build {
		all = append(all, message(l.Lesson, m))
	}
	for _, f := range s.Findings {
		if f.Severity == result.Essential && f.Lesson == l.Lesson {
			all = append(all, finding(f))
		}
	}
	return all
}

// decided says what a teacher has decided about a lesson, "" where that is nothing.
func decided(l *result.Lesson) string {
	d := l.Decision
	if d == nil {
		return ""
	}
	return fmt.Sprintf("decided by the teacher: %s points; the scenarios gave %s. %s", of(l.Score, l.MaxScore), known(d.Graded), d.Reason)
}

// known writes points, or that there are none.
func known(score *float64) string {
	if score == nil {
		return "no score"
	}
	return number(*score)
}

// advice lists the findings about a lesson that cost no points.
func advice(s *result.Submission, l *result.Lesson) []string {
	var all []string
	for _, f := range s.Findings {
		if f.Severity != result.Essential && f.Lesson == l.Lesson {
			all = append(all, finding(f))
		}
	}
	return all
}

// lineWidth is how many columns a failure may have that is told in a line.
const lineWidth = 160

// inLine tells a failure in a line, with its cause.
func inLine(lesson string, s result.Scenario) string {
	return printable(pageOf(lesson, s).Line(lineWidth))
}

// page is what `go test` shows of a failure.
func page(lesson string, s result.Scenario) string {
	var b strings.Builder
	_ = telling.WritePage(&b, pageOf(lesson, s)) // a strings.Builder takes everything
	return printable(b.String())
}

// pageOf is what is told of a failure. A hidden scenario that was concealed has
// no title, and nobody can play it again.
func pageOf(lesson string, s result.Scenario) telling.Page {
	p := s.Page(lesson)
	if s.Hidden && s.Title == "" {
		p.Title, p.Replay, p.Folder = "a hidden scenario", "", ""
	}
	return p
}

func message(lesson string, m result.Message) string {
	if m.File == "" {
		return m.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", inWorkbook(lesson, m.File), m.Line, m.Column, m.Message)
}

// finding is a finding about a lesson.
func finding(f result.Finding) string {
	f.File = inWorkbook(f.Lesson, f.File)
	return f.String()
}

// inWorkbook is where a file of a lesson's program stands in the workbook, so that a
// terminal makes a link of it; "" for no file.
func inWorkbook(lesson, file string) string {
	if file == "" {
		return ""
	}
	return "exercises/" + lesson + "/" + file
}

// command is a line that GitHub's runner obeys: ::NAME::, with spaces before it or
// none.
var command = regexp.MustCompile(`(?m)^(\s*):(:.*::)`)

// printable takes out of a text what a terminal or a CI system could obey, or a
// reader could not see: such characters become Go escapes. Line ends stay.
func printable(text string) string {
	// The runner obeys ##[NAME] wherever it stands.
	text = strings.ReplaceAll(web.Visible(text), "##[", `\u0023#[`)
	if !strings.Contains(text, "::") {
		return text
	}
	return command.ReplaceAllString(text, `${1}\u003a${2}`)
}

// Line is a stranger's text made harmless and put into one line.
func Line(text string) string { return strings.ReplaceAll(printable(text), "\n", " ") }
