package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"wirebook/grader/internal/result"
)

// jsonFile writes a value for a program to read.
func jsonFile(value any) ([]byte, error) {
	data, err := json.MarshalIndent(value, "", "  ")
	return append(data, '\n'), err
}

// headline names a check where a receiver lists them.
func headline(c check) string {
	switch {
	case c.name == c.lesson:
		return c.lesson
	case c.title == "":
		return c.lesson + "/" + c.name + " (hidden)"
	}
	return c.lesson + "/" + c.name + ": " + c.title
}

// prefaceLine is how many bytes a line of a preface may have.
const prefaceLine = 2000

// preface is what is to be said about a submission as a whole, before its tests.
func preface(s *result.Submission) string {
	var lines []string
	if all := unknowns(s); len(all) > 0 {
		lines = append(lines, fmt.Sprintf("%s could not be graded (%s): the score is not final.", all[0].lesson, or(all[0].text, all[0].line)))
	}
	for i := range s.Lessons {
		if text := decided(&s.Lessons[i]); text != "" {
			lines = append(lines, s.Lessons[i].Lesson+": "+printable(text))
		}
	}
	for _, f := range general(s) {
		lines = append(lines, printable(f.String()))
	}
	for i := range s.Lessons {
		for _, text := range advice(s, &s.Lessons[i]) {
			lines = append(lines, s.Lessons[i].Lesson+", worth knowing though it costs no points: "+printable(text))
		}
	}
	for i := range lines {
		lines[i] = cutText(lines[i], prefaceLine)
	}
	return strings.Join(lines, "\n")
}

// or is the first text that is not empty.
func or(texts ...string) string { return cmp.Or(texts...) }
