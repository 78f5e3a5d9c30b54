package report

import (
	"encoding/csv"
	"io"
	"regexp"
	"strconv"

	"wirebook/grader/internal/result"
)

// CSV writes a row a submission: its score, score and status of each lesson, and
// why something was not played or is not known. A score that is not known is
// empty. It begins with the mark by which Excel knows UTF-8.
func CSV(w io.Writer, c *Class) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	header := []string{"submission", "score", "max_score", "complete"}
	for _, lesson := range c.Lessons {
		header = append(header, lesson, lesson+"_status")
	}
	header = append(header, "remark")
	// The writer keeps its first error for the end.
	_ = out.Write(header)
	all, err := c.summaries()
	if err != nil {
		return err
	}
	for _, s := range all {
		row := []string{cell(s.Submission), points(s.Score), number(s.MaxScore), strconv.FormatBool(s.Complete)}
		for _, name := range c.Lessons {
			lesson := s.Lesson(name)
			if lesson == nil {
				lesson = new(result.Lesson)
			}
			row = append(row, points(lesson.Score), string(lesson.Status))
		}
		_ = out.Write(append(row, cell(remark(s))))
	}
	out.Flush()
	return out.Error()
}

func points(score *float64) string {
	if score == nil {
		return ""
	}
	return number(*score)
}

// formula is what makes one of a cell, at its beginning or behind what separates
// cells in some countries.
var formula = regexp.MustCompile(`(^|[;|])( *[=+\-@＝＋－＠])`)

// numeral is a number, or a sign alone.
var numeral = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]+)?)?$`)

// cell keeps a stranger's text from being a formula in the teacher's
// spreadsheet.
func cell(text string) string {
	if numeral.MatchString(text) {
		return text
	}
	return formula.ReplaceAllString(Line(text), "$1'$2")
}
