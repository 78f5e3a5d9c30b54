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

// participant is how Moodle's grading worksheet names a student.
var participant = regexp.MustCompile(`(\d+)\s*$`)

// moodle writes the points for Moodle. The grading worksheet of the assignment,
// given as the roster, comes back with its grades and comments; to any other list
// of students the points are added, a column a lesson.
func moodle(w io.Writer, c *Class, o *Options) error {
	all, err := c.summaries()
	if err != nil {
		return err
	}
	say := func(format string, args ...any) { o.Say("moodle: "+format, args...) }
	sayUnknown(all, say)
	if o.Roster == nil {
		say("without --roster the students are called as their hand-ins are, and Moodle may know them by other names")
		out := csv.NewWriter(w)
		_ = out.Write(append(append([]string{"submission"}, c.Lessons...), "total", "feedback")) // its error stays for the end
		for _, s := range all {
			_ = out.Write(append([]string{cell(s.Submission)}, moodlePoints(c, s)...))
		}
		out.Flush()
		return out.Error()
	}
	r := o.Roster
	id := r.column("Identifier")
	name := r.column("Full name")
	if name < 0 {
		name = r.joinNames()
	}
	keys := []key{
		{id, func(cell string) string { return strings.TrimSpace(participant.FindString(cell)) }, numbered},
		{r.column("Email address", "Email"), plainText, whole},
		{r.column("Username"), plainText, whole},
		{r.column("ID number"), plainText, whole},
		{name, plainText, whole},
	}
	found := r.students(all, func(text string) handIn {
		if m := moodleName.FindStringSubmatch(text); m != nil {
			return handIn{m[1], m[2]}
		}
		return handIn{name: text}
	}, keys, say)
	grade, feedback := r.column("Grade"), r.column("Feedback comments")
	sheet := id >= 0 && grade >= 0
	if len(found) == 0 {
		return fmt.Errorf("moodle: nobody of the roster has handed in; its columns are %q, and students are found by Identifier, Email address, Username, ID number or Full name", r.header)
	}
	out := csv.NewWriter(w)
	header := r.header
	if !sheet {
		header = append(append(append([]string{}, header...), c.Lessons...), "total", "feedback")
	}
	_ = out.Write(header)
	most, told := r.column("Maximum grade"), false
	for i, row := range r.rows {
		cells := make([]string, len(row))
		for j, text := range row {
			cells[j] = cell(text)
		}
		s := found[i]
		switch {
		case s == nil && !sheet:
			cells = append(cells, make([]string, len(c.Lessons)+2)...)
		case s == nil:
		case sheet:
			limit := 0.0
			if most >= 0 {
				limit, _ = strconv.ParseFloat(strings.ReplaceAll(row[most], ",", "."), 64)
			}
			if s.Score == nil {
				break
			}
			if !told {
				sayScaled(s.MaxScore, limit, "the assignment", say)
				told = true
			}
			cells[grade] = scaled(s.Score, s.MaxScore, limit)
			if feedback >= 0 {
				cells[feedback] = cell(comment(c, s))
			}
		default:
			cells = append(cells, moodlePoints(c, s)...)
		}
		_ = out.Write(cells)
	}
	out.Flush()
	return out.Error()
}

// moodlePoints are a student's cells behind his name.
func moodlePoints(c *Class, s *result.Submission) []string {
	var cells []string
	for _, name := range c.Lessons {
		l := s.Lesson(name)
		if l == nil {
			l = new(result.Lesson)
		}
		cells = append(cells, points(l.Score))
	}
	// A comment without a grade would make Moodle lose the one that it has.
	if s.Score == nil {
		return append(cells, "", "")
	}
	return append(cells, points(s.Score), cell(comment(c, s)))
}

// comment sums a submission up in a line.
func comment(c *Class, s *result.Submission) string {
	var parts []string
	for _, name := range c.Lessons {
		if l := s.Lesson(name); l != nil {
			text := name + " " + of(l.Score, l.MaxScore)
			if word := says[l.Status]; word != "" {
				text += " (" + word + ")"
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// joinNames gives a roster with first and last names a column of both, and returns
// it; -1 where it lacks one.
func (r *Roster) joinNames() int {
	first, last := r.column("First name"), r.column("Last name", "Surname")
	if first < 0 || last < 0 {
		return -1
	}
	r.header = append(r.header, "Full name")
	for i, row := range r.rows {
		r.rows[i] = append(row, strings.TrimSpace(row[first]+" "+row[last]))
	}
	return len(r.header) - 1
}
