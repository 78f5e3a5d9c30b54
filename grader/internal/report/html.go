package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

//go:embed index.gohtml
var indexText string

// pageFunctions are what the pages are made with. A page escapes whatever is put
// into it; nothing here is marked as safe.
var pageFunctions = template.FuncMap{
	"of":        of,
	"printable": printable,
	"line":      Line,
	"says":      func(s result.Status) string { return says[s] },
	"reasons":   reasons,
	"advice":    advice,
	"general":   general,
	"unplayed":  unplayed,
	"passed":    passed,
	"page":      page,
	"inLine":    inLine,
	"join":      strings.Join,
}

var index = template.Must(template.New("index").Funcs(pageFunctions).Parse(indexText))

// HTML writes one plain page: a row a submission with a column a lesson, and
// under each row, to be unfolded, what was lost and why.
func HTML(w io.Writer, c *Class) error {
	o, err := overview(c)
	if err != nil {
		return err
	}
	if err := index.ExecuteTemplate(w, "head", o); err != nil {
		return err
	}
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		if err := index.ExecuteTemplate(w, "submission", newRow(c, s)); err != nil {
			return err
		}
	}
	return index.ExecuteTemplate(w, "foot", o)
}

// A frame is what its head and foot say about the class as a whole.
type frame struct {
	*Class
	Count, Incomplete int
	Averages          []mark   // of the lessons, then of the total
	Sandboxes         []string // the levels at which programs ran
}

// overview tells of the class as a whole.
func overview(c *Class) (*frame, error) {
	p := &frame{Class: c}
	sums := make([]sum, len(c.Lessons)+1)
	all, err := c.summaries()
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		p.Count++
		if !s.Complete {
			p.Incomplete++
		}
		if !slices.Contains(p.Sandboxes, s.Sandbox) {
			p.Sandboxes = append(p.Sandboxes, s.Sandbox)
		}
		for i, name := range c.Lessons {
			if l := s.Lesson(name); l != nil {
				sums[i].add(l.Score, l.MaxScore)
			}
		}
		sums[len(c.Lessons)].add(s.Score, s.MaxScore)
	}
	for _, s := range sums {
		p.Averages = append(p.Averages, s.mark())
	}
	return p, nil
}

// A sum adds up what is known.
type sum struct{ got, most float64 }

func (s *sum) add(score *float64, most float64) {
	if score != nil {
		s.got, s.most = s.got+*score, s.most+most
	}
}

func (s sum) mark() mark {
	if s.most == 0 {
		return mark{Text: "?", Class: "unknown"}
	}
	percent := int(100*s.got/s.most + 0.5)
	return mark{Text: number(float64(percent)) + "%", Class: grade(s.got, s.most), Percent: percent}
}

// A row is a submission on the page.
type row struct {
	*result.Submission
	Cells []mark
	Total mark
	Parts []*result.Lesson // in the order of the columns, where there are any
}

// A mark is a score in a table.
type mark struct {
	Text    string
	Class   string // full, part, none, unknown or idle
	Percent int    // of what can be earned
}

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
	case l == nil, l.Status == result.NotStarted, l.Status == result.Missing:
		return mark{Text: short(l), Class: "idle"}
	case l.Status != result.Graded:
		return mark{Text: short(l), Class: map[bool]string{true: "unknown", false: "none"}[l.Status == result.Unknown]}
	}
	return scoreCell(l.Score, l.MaxScore)
}

func scoreCell(score *float64, most float64) mark {
	c := mark{Text: strings.ReplaceAll(of(score, most), " of ", "/"), Class: "unknown"}
	if score != nil && most > 0 {
		c.Class, c.Percent = grade(*score, most), int(100**score/most)
	}
	return c
}

// grade is how a score looks.
func grade(score, most float64) string {
	switch {
	case score >= most:
		return "full"
	case score > 0:
		return "part"
	}
	return "none"
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

// unplayed are the scenarios of which there is a reason instead of a verdict.
func unplayed(l *result.Lesson) []result.Scenario {
	return slices.DeleteFunc(slices.Clone(l.Scenarios), func(s result.Scenario) bool { return s.Reason == "" })
}

// passed names the scenarios that passed.
func passed(l *result.Lesson) []string {
	var names []string
	for _, s := range l.Scenarios {
		if s.Status == telling.Pass {
			names = append(names, s.Scenario)
		}
	}
	return names
}
