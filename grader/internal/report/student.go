package report

import (
	_ "embed"
	"html/template"
	"io"

	"wirebook/grader/internal/result"
)

//go:embed student.gohtml
var studentText string

var student = template.Must(template.New("student").Funcs(pageFunctions).Parse(studentText))

// Student writes a page about one submission, which can be handed out alone.
func Student(w io.Writer, c *Class, s *result.Submission) error {
	return student.Execute(w, newRow(c, s))
}
