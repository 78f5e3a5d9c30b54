package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"wirebook/grader/internal/result"
)

// A Roster is what a course platform exported: a row a student.
type Roster struct {
	header []string
	rows   [][]string
}

// ParseRoster reads a CSV file with commas, semicolons or tabs.
func ParseRoster(data []byte) (*Roster, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, errors.New("it is in UTF-16; save it as CSV in UTF-8")
	}
	first, _, _ := bytes.Cut(data, []byte("\n"))
	in := csv.NewReader(bytes.NewReader(data))
	for _, comma := range ";\t" {
		if bytes.Count(first, []byte(string(comma))) > bytes.Count(first, []byte(string(in.Comma))) {
			in.Comma = comma
		}
	}
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 {
		return nil, errors.New("it holds no student")
	}
	r := &Roster{rows[0], rows[1:]}
	for i := range r.rows {
		for len(r.rows[i]) < len(r.header) {
			r.rows[i] = append(r.rows[i], "")
		}
	}
	return r, nil
}

// column finds a column by one of its names, -1 where there is none.
func (r *Roster) column(names ...string) int {
	return slices.IndexFunc(r.header, func(h string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
	})
}

// cells are those of a row, harmless to a spreadsheet.
func cells(row []string) []string {
	var out []string
	for _, text := range row {
		out = append(out, cell(text))
	}
	return out
}

// A handIn is what a platform's name of a hand-in says of its student.
type handIn struct {
	name   string // as the platform writes it
	number string // by which the platform knows the student, or this part of the work
}

// A key is what a student may be known by: a column of the roster, and what of a
// hand-in stands there.
type key struct {
	column int
	of     func(cell string) string
	is     func(h handIn) string
}

// students finds for each row of a roster the hand-in of its student. Keys are
// tried in their order; what fits two of them is nobody's, and nothing is guessed.
// What was not found is told.
func (r *Roster) students(all []*result.Submission, parse func(string) handIn, keys []key, say func(string, ...any)) map[int]*result.Submission {
	taken := make(map[int][]*result.Submission)
	for _, s := range all {
		h := parse(or(s.Origin, s.Submission))
		var found []int
		for _, k := range keys {
			if found = r.find(k, h); len(found) > 0 {
				break
			}
		}
		switch len(found) {
		case 0:
			say("%s: no student of the roster is called so; the points are left out", Line(s.Submission))
		case 1:
			taken[found[0]] = append(taken[found[0]], s)
		default:
			say("%s: %d students of the roster are called so; the points are left out", Line(s.Submission), len(found))
		}
	}
	one := make(map[int]*result.Submission)
	for row, hand := range taken {
		if len(hand) == 1 {
			one[row] = hand[0]
		}
	}
	for row := range r.rows {
		for _, s := range taken[row] {
			if len(taken[row]) > 1 {
				say("%s: another hand-in is the same student's; the points are left out", Line(s.Submission))
			}
		}
	}
	return one
}

// sayScaled tells that a receiver gives another number of points than the
// scenarios.
func sayScaled(of, most float64, what string, say func(string, ...any)) {
	if most > 0 && of > 0 && most != of {
		say("%s: %s points are counted as %s", what, number(of), number(most))
	}
}

// sayUnknown names those whose points are left empty.
func sayUnknown(all []*result.Submission, say func(string, ...any)) {
	for _, s := range all {
		if s.Score == nil {
			say("%s: not all of it could be graded; the points that are not known are left empty", Line(s.Submission))
		}
	}
}

// find lists the rows that a key fits.
func (r *Roster) find(k key, h handIn) []int {
	is := k.is(h)
	if k.column < 0 || is == "" {
		return nil
	}
	var found []int
	for i, row := range r.rows {
		if k.of(row[k.column]) == is {
			found = append(found, i)
		}
	}
	return found
}

// plainText is a name as two writers would write it alike.
func plainText(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// letters are those and the digits of a name, as Canvas writes it into that of a
// file.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

func whole(h handIn) string    { return plainText(h.name) }
func numbered(h handIn) string { return h.number }

// moodleName is what Moodle calls a hand-in's folder.
var moodleName = regexp.MustCompile(`^(.+)_(\d+)_assignsubmission_(?:file|onlinetext)_?`)

// canvasName is what Canvas calls a hand-in's file.
var canvasName = regexp.MustCompile(`^(.+?)(_LATE)?_(\d+)(?:_(\d+)_.+)?$`)

// scaled are the points as a receiver counts them that gives most at most.
func scaled(score *float64, of, most float64) string {
	switch {
	case score == nil:
		return ""
	case most <= 0 || most == of || of == 0:
		return number(*score)
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", *score/of*most), "0"), ".")
}
