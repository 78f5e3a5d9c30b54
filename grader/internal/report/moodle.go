package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wirebook/grader/internal/result"
)

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
	var rows [][]string
	switch r := o.Roster; {
	case r == nil:
		say("without --roster the students are called as their hand-ins are, and Moodle may know them by other names")
		rows = moodleOwn(c, all)
	default:
		found := r.moodleStudents(all, say)
		if len(found) == 0 {
			return fmt.Errorf("moodle: nobody of the roster has handed in; its columns are %q, and students are found by Identifier, Email address, Username, ID number or Full name", r.header)
		}
		if grade := r.column("Grade"); grade >= 0 && r.column("Identifier") >= 0 {
			rows = r.worksheet(c, found, grade, say)
		} else {
			rows = r.withPoints(c, found)
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// moodleOwn is a table with the hand-ins' own names.
func moodleOwn(c *Class, all []*result.Submission) [][]string {
	rows := [][]string{slices.Concat([]string{"submission"}, c.Lessons, []string{"total", "feedback"})}
	for _, s := range all {
		rows = append(rows, append([]string{cell(s.Submission)}, moodlePoints(c, s)...))
	}
	return rows
}

// participant is the number of a student in an assignment, at the end of what
// Moodle's grading worksheet calls him.
var participant = regexp.MustCompile(`\d+\s*$`)

func (r *Roster) moodleStudents(all []*result.Submission, say func(string, ...any)) map[int]*result.Submission {
	name := r.column("Full name")
	if name < 0 {
		name = r.joinNames()
	}
	return r.students(all, func(text string) handIn {
		if m := moodleName.FindStringSubmatch(text); m != nil {
			return handIn{m[1], m[2]}
		}
		return handIn{name: text}
	}, []key{
		{r.column("Identifier"), func(cell string) string { return strings.TrimSpace(participant.FindString(cell)) }, numbered},
		{r.column("Email address", "Email"), plainText, whole},
		{r.column("Username"), plainText, whole},
		{r.column("ID number"), plainText, whole},
		{name, plainText, whole},
	}, say)
}

// worksheet is the roster with the grades and comments of those who were found.
func (r *Roster) worksheet(c *Class, found map[int]*result.Submission, grade int, say func(string, ...any)) [][]string {
	feedback, most, told := r.column("Feedback comments"), r.column("Maximum grade"), false
	rows := [][]string{r.header}
	for i, row := range r.rows {
		out := cells(row)
		if s := found[i]; s != nil && s.Score != nil {
			limit := 0.0
			if most >= 0 {
				limit, _ = strconv.ParseFloat(strings.ReplaceAll(row[most], ",", "."), 64) // 0 is no limit
			}
			if !told {
				sayScaled(s.MaxScore, limit, "the assignment", say)
				told = true
			}
			out[grade] = scaled(s.Score, s.MaxScore, limit)
			if feedback >= 0 {
				out[feedback] = cell(comment(c, s))
			}
		}
		rows = append(rows, out)
	}
	return rows
}

// withPoints is the roster with columns for the points.
func (r *Roster) withPoints(c *Class, found map[int]*result.Submission) [][]string {
	rows := [][]string{slices.Concat(r.header, c.Lessons, []string{"total", "feedback"})}
	for i, row := range r.rows {
		points := make([]string, len(c.Lessons)+2)
		if s := found[i]; s != nil {
			points = moodlePoints(c, s)
		}
		rows = append(rows, append(cells(row), points...))
	}
	return rows
}

// moodlePoints are a student's cells behind his name. A comment without a grade
// would make Moodle lose the one that it has.
func moodlePoints(c *Class, s *result.Submission) []string {
	var out []string
	for _, name := range c.Lessons {
		l := s.Lesson(name)
		if l == nil {
			l = new(result.Lesson)
		}
		out = append(out, points(l.Score))
	}
	if s.Score == nil {
		return append(out, "", "")
	}
	return append(out, points(s.Score), cell(comment(c, s)))
}

// comment sums a submission up in a line.
func comment(c *Class, s *result.Submission) string {
	var parts []string
	for _, name := range c.Lessons {
		if l := s.Lesson(name); l != nil {
			text := name + " " + of(l.Score, l.MaxScore)
			if l.Decision != nil {
				text += " (" + decided(l) + ")"
			} else if word := says[l.Status]; word != "" {
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
