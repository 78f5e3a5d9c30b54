package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"wirebook/grader/internal/result"
)

// canvas writes the points for Canvas's grade book: a column a lesson, that of the
// assignment of its name where the exported grade book, given as the roster, has
// one. Canvas makes an assignment of any other.
func canvas(w io.Writer, c *Class, o *Options) error {
	all, err := c.summaries()
	if err != nil {
		return err
	}
	r := o.Roster
	say := func(format string, args ...any) { o.Say("canvas: "+format, args...) }
	sayUnknown(all, say)
	for _, s := range all {
		for i := range s.Lessons { // a grade book has no place for words
			if text := decided(&s.Lessons[i]); text != "" {
				say("%s: %s: %s", Line(s.Submission), s.Lessons[i].Lesson, Line(text))
			}
		}
	}
	var found map[int]*result.Submission
	if r == nil {
		say("without --roster the students are called as their hand-ins are, and Canvas may know them by other names")
		r = &Roster{header: []string{"Student", "ID", "SIS User ID", "SIS Login ID", "Section"}}
		found = make(map[int]*result.Submission)
		for i, s := range all {
			r.rows = append(r.rows, []string{s.Submission, "", "", "", ""})
			found[i] = s
		}
	} else if found, err = canvasStudents(r, all, say); err != nil {
		return err
	}
	about := r.about()
	header, possible := r.pick(r.header, about), make([]string, len(about))
	possible[0] = "    Points Possible"
	var columns []assignment
	for _, lesson := range c.Lessons {
		a := r.assignment(lesson, all, say)
		columns = append(columns, a)
		header, possible = append(header, cell(a.title)), append(possible, number(a.most))
	}
	rows := [][]string{header, possible}
	for i, row := range r.rows {
		s := found[i]
		if s == nil {
			continue // an empty cell would take a mark away
		}
		out := r.pick(row, about)
		for j, lesson := range c.Lessons {
			text := ""
			if l := s.Lesson(lesson); l != nil {
				text = scaled(l.Score, l.MaxScore, columns[j].most)
			}
			out = append(out, text)
		}
		rows = append(rows, out)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func canvasStudents(r *Roster, all []*result.Submission, say func(string, ...any)) (map[int]*result.Submission, error) {
	student := r.column("Student")
	if student != 0 || r.column("ID") != 1 {
		return nil, fmt.Errorf("canvas: the roster's columns are %q; it should be the grade book as Canvas exports it, which begins with Student, ID", r.header)
	}
	alone := func(h handIn) string { return letters(h.name) }
	keys := []key{
		{1, strings.TrimSpace, numbered},
		{r.column("SIS Login ID"), plainText, whole},
		{r.column("SIS User ID"), plainText, whole},
		{student, plainText, whole},
		{student, letters, alone},
	}
	return r.students(all, func(text string) handIn {
		if m := canvasName.FindStringSubmatch(text); m != nil {
			return handIn{m[1], m[3]}
		}
		return handIn{name: text}
	}, keys, say), nil
}

// about are the columns that say who a student is.
func (r *Roster) about() []int {
	columns := []int{0, 1}
	for i, name := range r.header {
		switch strings.TrimSpace(name) {
		case "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section":
			columns = append(columns, i)
		}
	}
	return columns
}

// pick takes cells of a row.
func (r *Roster) pick(row []string, columns []int) []string {
	var out []string
	for _, i := range columns {
		out = append(out, cell(row[i]))
	}
	return out
}

// An assignment is a column of Canvas's grade book.
type assignment struct {
	title string
	most  float64
}

// titled is how Canvas heads a column: the title, and the assignment's number.
var titled = regexp.MustCompile(`^(.*\S)\s*\(\d+\)$`)

// assignment is that of a lesson.
func (r *Roster) assignment(lesson string, all []*result.Submission, say func(string, ...any)) assignment {
	a := assignment{title: lesson}
	for _, s := range all {
		if l := s.Lesson(lesson); l != nil {
			a.most = max(a.most, l.MaxScore)
		}
	}
	for i, name := range r.header {
		m := titled.FindStringSubmatch(strings.TrimSpace(name))
		if m == nil || !strings.EqualFold(m[1], lesson) {
			continue
		}
		a.title = name
		for _, row := range r.rows {
			if strings.Contains(row[0], "Points Possible") {
				if most, err := strconv.ParseFloat(strings.TrimSpace(row[i]), 64); err == nil {
					sayScaled(a.most, most, name, say)
					a.most = most
				}
			}
		}
	}
	return a
}
