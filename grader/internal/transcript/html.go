package transcript

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"

	"wirebook/harness/telling"

	"wirebook/grader/internal/web"
)

//go:embed page.gohtml
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"style":   web.Style,
	"visible": web.Visible,
}).Parse(pageText))

// HTML writes the transcript as a page of its own: the exchange as a ladder in the order
// of time, each arrow with its bytes.
func (t *Transcript) HTML(w io.Writer) error {
	l := t.ladder()
	if err := page.ExecuteTemplate(w, "head", l); err != nil {
		return err
	}
	var b bytes.Buffer
	for _, r := range l.rows {
		name := "step"
		var data any = r.step
		switch {
		case r.leftOut > 0:
			name, data = "gap", telling.Count(r.leftOut)
		case r.entry != nil:
			b.Reset()
			if err := t.dump(&b, r.entry, mostShown, "", false); err != nil {
				return err
			}
			label, err := t.drawn(r.entry)
			if err != nil {
				return err
			}
			name, data = "arrow", l.arrow(r.entry, label, b.String(), t.Failed(r.entry.Step))
		}
		if err := page.ExecuteTemplate(w, name, data); err != nil {
			return err
		}
	}
	return page.ExecuteTemplate(w, "foot", l)
}

// A ladder is the drawing: a column for the terminal, each peer and each program.
type ladder struct {
	Lesson, Name, Title, Verdict, Missing string
	Failed                                bool
	Wrong                                 *web.Marked
	Hint                                  string
	Width                                 int
	Columns                               []column

	rows []row
}

type column struct {
	Name string
	X    int
}

// A row is a step, an entry, or the gap where rows are left out.
type row struct {
	step    *stepRow
	entry   *Entry
	leftOut int
}

// Of more rows than that, a browser shows the first and the last ones.
const firstRows, lastRows = 2000, 4000

type stepRow struct {
	Number      int
	Text, Block string
	Failed      bool
}

// The measures of the drawing.
const (
	gutter      = 112 // for the time and the step
	columnWidth = 170
	mostName    = 18
	mostLabel   = 56
)

// terminal is the column of keyboards and screens.
const terminal = "terminal"

func (t *Transcript) ladder() *ladder {
	s := t.Result.Scenario
	l := &ladder{
		Lesson: s.Lesson, Name: s.Name, Title: web.Visible(s.Title), Verdict: t.Verdict(), Missing: t.Missing.String(),
		Failed: t.Result.Status == telling.Fail,
	}
	if f := t.Result.Failure; f != nil {
		l.Wrong, l.Hint = web.WhereWrong(f.Difference, web.Visible), web.Visible(f.Hint)
	}
	// The columns: the terminal, then peers, then programs, each as they come up.
	var programs, peers []string
	note := func(list *[]string, name string) {
		if name != "" && !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	for _, e := range t.Entries {
		peer, program := place(e.From), e.To
		if !e.ToProgram {
			peer, program = place(e.To), e.From
		}
		if peer == terminal {
			peers = slices.DeleteFunc(peers, func(name string) bool { return name == terminal })
			peers = slices.Insert(peers, 0, terminal)
		} else {
			note(&peers, peer)
		}
		note(&programs, program)
	}
	programs = slices.DeleteFunc(programs, func(name string) bool { return slices.Contains(peers, name) })
	for _, name := range append(peers, programs...) {
		l.Columns = append(l.Columns, column{name, gutter + columnWidth*len(l.Columns) + columnWidth/2})
	}
	l.Width = max(640, gutter+columnWidth*len(l.Columns))
	l.rows = t.rows()
	return l
}

// place is the column of a name.
func place(name string) string {
	if name == "keyboard" || name == "screen" || name == "stderr" {
		return terminal
	}
	return name
}

// rows are the steps and the entries, by time.
func (t *Transcript) rows() (rows []row) {
	entries := make([]*Entry, len(t.Entries))
	for i := range t.Entries {
		entries[i] = &t.Entries[i]
	}
	slices.SortStableFunc(entries, func(a, b *Entry) int { return int(a.At - b.At) })
	block := t.Result.Scenario.Title
	for i, s := range t.Steps {
		for len(entries) > 0 && entries[0].At < s.At {
			rows, entries = append(rows, row{entry: entries[0]}), entries[1:]
		}
		one := &stepRow{Number: i + 1, Text: short(s.Text, 200), Failed: t.Failed(i + 1)}
		if s.Block != block {
			one.Block = web.Visible(s.Block)
		}
		block = s.Block
		rows = append(rows, row{step: one})
	}
	for _, e := range entries {
		rows = append(rows, row{entry: e})
	}
	if n := len(rows) - firstRows - lastRows; n > 1 {
		rows = slices.Concat(rows[:firstRows], []row{{leftOut: n}}, rows[firstRows+n:])
	}
	return rows
}

// An arrow is an entry as it is drawn.
type arrow struct {
	Width       int
	Columns     []column
	Clock       string
	Step        int
	Said, Label string
	Dump        string
	From, To    int // -1 for what happens at one place, which is Dot
	Dot, At     int // At is the middle of the label
	Head        int // where the sides of its head begin
	Wrong       bool
}

func (l *ladder) arrow(e *Entry, label, dump string, failed bool) *arrow {
	a := &arrow{Width: l.Width, Columns: l.Columns, Clock: clock(e.At), Step: e.Step, Dump: dump, Wrong: failed, From: -1, To: -1}
	a.Said = fmt.Sprintf("%s, step %d, %s: %s", a.Clock, e.Step, short(e.Way(), 60), e.Label())
	if e.Text != "" {
		a.Said += ", " + short(e.Text, 200)
	}
	a.Label = short(label, mostLabel)
	from, to := l.x(place(e.From)), l.x(place(e.To))
	switch {
	case from < 0 || to < 0 || from == to:
		a.Dot, a.At = max(from, to), max(from, to)
	case from < to:
		a.From, a.To, a.Head, a.At = from, to-1, to-8, (from+to)/2
	default:
		a.From, a.To, a.Head, a.At = from, to+1, to+8, (from+to)/2
	}
	// A label that would be cut off at a side stands as near to it as it can.
	half := len([]rune(a.Label))*15/4 + 4
	a.At = max(gutter+half, min(a.At, l.Width-half))
	return a
}

func (l *ladder) x(name string) int {
	for _, c := range l.Columns {
		if c.Name == name {
			return c.X
		}
	}
	return -1
}

// Short is a column's name as it is drawn.
func (c column) Short() string { return short(c.Name, mostName) }

// drawn is what stands on an arrow: of bytes both ends in quotes, of a frame the words.
func (t *Transcript) drawn(e *Entry) (string, error) {
	kept := e.kept()
	switch {
	case kept == 0:
		return e.Label(), nil
	case e.Text != "":
		return e.Text, nil
	}
	const end = 40
	data, err := t.read(e, 0, min(kept, end))
	if err == nil && kept > end {
		var tail []byte
		tail, err = t.read(e, max(end, kept-end), kept)
		data = append(data, tail...)
	}
	return telling.Rung{Kind: telling.Bytes, Data: data, Len: e.Len}.Label(), err
}
