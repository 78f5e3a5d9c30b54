package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"net/url"
	"slices"
	"strings"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/web"
)

//go:embed index.gohtml
var indexText string

//go:embed index.js
var scriptText string

// pageFunctions are what the pages are made with. A page escapes whatever is put
// into it; only our own style and script are marked as safe.
var pageFunctions = template.FuncMap{
	"of":         of,
	"printable":  printable,
	"line":       Line,
	"says":       func(s result.Status) string { return says[s] },
	"general":    general,
	"passed":     passed,
	"join":       strings.Join,
	"style":      web.Style,
	"script":     func() template.HTML { return template.HTML("<script>" + scriptText + "</script>") },
	"scriptHash": scriptHash,
}

// scriptHash lets a browser run our script and no other.
func scriptHash() string {
	sum := sha256.Sum256([]byte(scriptText))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

var index = template.Must(template.New("index").Funcs(pageFunctions).Parse(indexText))

// HTML writes a page about the class at a glance, and of one's own submission
// the page about it.
func HTML(w io.Writer, c *Class) error { return writeIndex(w, c, false) }

// Index is HTML for a folder in which each submission's page is SUBMISSION/index.html.
func Index(w io.Writer, c *Class) error { return writeIndex(w, c, true) }

func writeIndex(w io.Writer, c *Class, linked bool) error {
	if c.Own {
		for s, err := range c.Submissions {
			if err == nil {
				err = Student(w, c, s)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	g, err := overview(c)
	if err != nil {
		return err
	}
	if err := index.ExecuteTemplate(w, "head", g); err != nil {
		return err
	}
	all, err := c.summaries()
	if err != nil {
		return err
	}
	for _, s := range all {
		r := newRow(c, s)
		r.Linked = linked
		if err := index.ExecuteTemplate(w, "submission", r); err != nil {
			return err
		}
	}
	return index.ExecuteTemplate(w, "foot", g)
}

// A row is a submission on a page.
type row struct {
	*result.Submission
	Cells  []mark
	Total  mark
	Parts  []*result.Lesson // in the order of the columns, where there are any
	Linked bool
}

// Page is where the submission's own page is, seen from the class's. A name may
// hold what is no part of a path in a link.
func (r *row) Page() string { return "./" + url.PathEscape(r.Submission.Submission) + "/index.html" }

// Remark is why not all of it was played, or could be told.
func (r *row) Remark() string { return remark(r.Submission) }

// A mark is a score in a table.
type mark struct {
	Text  string
	Class string // full, part, none, unknown or idle
}

// Letter is the class in short: there are many marks in a table.
func (m mark) Letter() string { return m.Class[:1] }

func newRow(c *Class, s *result.Submission) *row {
	r := &row{Submission: s, Total: scoreCell(s.Score, s.MaxScore)}
	for _, name := range c.Lessons {
		l := s.Lesson(name)
		if l != nil {
			r.Parts = append(r.Parts, l)
		}
		r.Cells = append(r.Cells, lessonCell(l))
	}
	return r
}

func lessonCell(l *result.Lesson) mark {
	switch {
	case l != nil && l.Decision != nil:
		m := scoreCell(l.Score, l.MaxScore)
		m.Text += "*"
		return m
	case l == nil, l.Status == result.NotStarted, l.Status == result.Missing:
		return mark{short(l), "idle"}
	case l.Status == result.Unknown:
		return mark{short(l), "unknown"}
	case l.Status != result.Graded:
		return mark{short(l), "none"}
	}
	return scoreCell(l.Score, l.MaxScore)
}

func scoreCell(score *float64, most float64) mark {
	m := mark{strings.ReplaceAll(of(score, most), " of ", "/"), "unknown"}
	switch {
	case score == nil || most == 0:
	case *score >= most:
		m.Class = "full"
	case *score > 0:
		m.Class = "part"
	default:
		m.Class = "none"
	}
	return m
}

// general lists the findings about a submission as a whole, those that decided
// a score first.
func general(s *result.Submission) []result.Finding {
	var essential, others []result.Finding
	for _, f := range s.Findings {
		switch {
		case f.Lesson != "":
		case f.Severity == result.Essential:
			essential = append(essential, f)
		default:
			others = append(others, f)
		}
	}
	return append(essential, others...)
}

// passed names the scenarios that passed.
func passed(l *result.Lesson) []string {
	var names []string
	for _, s := range l.Scenarios {
		if s.Status == telling.Pass {
			names = append(names, s.Scenario)
		}
	}
	return slices.Clip(names)
}
