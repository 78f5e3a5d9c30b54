package report

import (
	_ "embed"
	"html/template"
	"io"

	"wirebook/grader/internal/result"
)

//go:embed index.gohtml
var indexText string

// index escapes whatever is put into it; nothing here is marked as safe.
var index = template.Must(template.New("index").Funcs(template.FuncMap{
	"of":        of,
	"printable": printable,
	"line":      Line,
	"says":      func(s result.Status) string { return says[s] },
	"reasons":   reasons,
	"advice":    advice,
	"failures": func(l *result.Lesson) []result.Scenario {
		var failed []result.Scenario
		for _, s := range l.Scenarios {
			if s.Failure != nil || s.Status == "error" {
				failed = append(failed, s)
			}
		}
		return failed
	},
}).Parse(indexText))

// HTML writes one plain page: a table of scores, and under each score what was
// lost and why.
func HTML(w io.Writer, c *Class) error {
	if err := index.ExecuteTemplate(w, "head", c); err != nil {
		return err
	}
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		if err := index.ExecuteTemplate(w, "submission", s); err != nil {
			return err
		}
	}
	return index.ExecuteTemplate(w, "foot", c)
}
