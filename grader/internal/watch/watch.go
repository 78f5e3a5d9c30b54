// Package watch plays a lesson at every save, and shows what came of it.
//
// A desk waits for whatever happens: a save, a word of the round that is played, a key.
// It changes a model, and a screen shows the model: a terminal, or lines for those who
// have none. A round builds the student's program alone and plays the lesson with it; a
// save ends it at once, and the next one does not wait for its end.
package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing/fstest"
	"time"

	"wirebook/harness"
	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/command"
	"wirebook/grader/internal/follow"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// Options say what is watched, and how.
type Options struct {
	Dir     string           // the workbook's
	Lesson  string           // the one that is played first
	Fixed   bool             // only this one is; otherwise that of the file saved last
	Command *command.Command // what is played in place of the lesson's program; may be nil
	Hidden  bool             // hidden scenarios are played, too
	Manual  bool             // it is played at Enter, and not at a save
	Poll    bool             // files are looked at again and again
	Jobs    int              // how many plays work at once

	// Students builds the student's program, Ours the workbook's own.
	Students, Ours build.Builder
	// List tells where the student stands in all lessons; with play it plays them.
	List func(ctx context.Context, play bool) []string
	// Replay tells all that passes in a scenario.
	Replay func(ctx context.Context, lesson, scenario string) []string
}

// A workshop builds what rounds play.
type workshop struct {
	students, ours build.Builder
	jobs           int
}

// A screen shows a model and knows what its reader wants.
type screen interface {
	// keys are those that are pressed; nil where nobody can.
	keys() <-chan key
	// covers reports whether a sheet lies over all else, so that a key takes it away.
	covers() bool
	draw(m *model, now time.Time)
}

// A key is one that was pressed, by the letter or the name that it has.
type key string

// A desk is a lesson being watched.
type desk struct {
	Options
	workshop
	screen screen
	model  *model
	saved  map[string]string // the state of each lesson's files when they were looked at
	events chan event
	sheet  chan []string      // brings the sheet that was asked for
	close  context.CancelFunc // of that sheet
	cancel context.CancelFunc // of the round
	rounds sync.WaitGroup
}

// on watches on a screen until its reader wants no more, or ctx ends.
func on(ctx context.Context, o Options, s screen) error {
	ctx, cancel := context.WithCancel(ctx)
	d := &desk{
		Options: o, workshop: workshop{o.Students, o.Ours, max(1, o.Jobs)}, screen: s, model: newModel(), saved: make(map[string]string),
		events: make(chan event, 64), close: func() {}, cancel: func() {},
	}
	defer d.rounds.Wait()
	defer cancel()
	book, err := d.book()
	if err != nil {
		return err
	}
	follower := follow.Start(ctx, d.folders(book), o.Poll)
	d.model.keys, d.model.manual, d.model.polls = s.keys() != nil, o.Manual, follower.Polls
	if o.Command != nil {
		d.model.program = o.Command.String()
	}
	for _, name := range d.names(book) {
		d.saved[name] = d.state(name)
	}
	d.begin(ctx, o.Lesson)
	ticks := time.NewTicker(100 * time.Millisecond)
	defer ticks.Stop()
	for {
		s.draw(d.model, time.Now())
		select {
		case <-follower.Bell:
			d.look(ctx, book)
		case e := <-d.events:
			d.model.happen(e)
		case d.model.sheet = <-d.sheet:
			d.model.scroll = 0
		case k := <-s.keys():
			if !d.press(ctx, k) {
				return nil
			}
		case <-ticks.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// names are the lessons that are watched.
func (d *desk) names(book *workbook.Workbook) []string {
	if d.Fixed {
		return []string{d.Lesson}
	}
	return book.Names()
}

// book reads the tree as it is now. Hidden scenarios are read only where they are
// wanted.
func (d *desk) book() (*workbook.Workbook, error) {
	if d.Hidden {
		return workbook.Tree(d.Dir)
	}
	return workbook.New(os.DirFS(filepath.Join(d.Dir, "exercises")), fstest.MapFS{})
}

func (d *desk) folder(lesson string) string { return filepath.Join(d.Dir, "exercises", lesson) }

// folders are those in which something may be saved.
func (d *desk) folders(book *workbook.Workbook) []string {
	var all []string
	for _, name := range d.names(book) {
		all = append(all, d.folder(name), filepath.Join(d.folder(name), "testdata"))
	}
	if d.Command != nil {
		for _, file := range d.Command.Files {
			all = append(all, filepath.Dir(file))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// state is a hash of the files that decide what a lesson's round shows.
func (d *desk) state(lesson string) string {
	h := sha256.New()
	var files []string
	for _, pattern := range []string{"*.go", "testdata/*.txtar"} {
		found, _ := filepath.Glob(filepath.Join(d.folder(lesson), filepath.FromSlash(pattern))) // the pattern is right
		files = append(files, found...)
	}
	if d.Command != nil {
		files = append(files, d.Command.Files...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		fmt.Fprintf(h, "%q %d %v\n%s", file, len(text), err, text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// look begins a round of the lesson of which something was saved.
func (d *desk) look(ctx context.Context, book *workbook.Workbook) {
	changed := ""
	for _, name := range d.names(book) {
		now := d.state(name)
		// Of several, the one that is shown goes on.
		if now != d.saved[name] && changed != d.model.lesson.Name {
			changed = name
		}
		d.saved[name] = now
	}
	switch {
	case changed == "":
	case d.Manual:
		d.model.saved = true
	default:
		d.begin(ctx, changed)
	}
}

// begin ends the round that is played, and begins one of the lesson.
func (d *desk) begin(ctx context.Context, name string) {
	d.cancel()
	lesson, err := d.read(name)
	if err != nil {
		if d.model.lesson == nil {
			lesson = &workbook.Lesson{Lesson: &harness.Lesson{Name: name}}
		} else {
			lesson = d.model.lesson
		}
	}
	m := d.model
	m.begin(lesson)
	if err != nil {
		m.refuse(err.Error())
		return
	}
	r := &round{number: m.round, lesson: lesson, first: m.first(), tell: func(e event) { d.events <- e }}
	if d.Command != nil {
		r.ready = &d.Command.Program
	} else if r.files = d.program(lesson); r.files == nil {
		return
	}
	roundContext, cancel := context.WithCancel(ctx)
	d.cancel = cancel
	// Nobody reads what a round tells that was ended.
	r.tell = func(e event) {
		select {
		case d.events <- e:
		case <-roundContext.Done():
		}
	}
	d.rounds.Go(func() { r.run(roundContext, &d.workshop) })
}

// read reads a lesson, and what is next to it.
func (d *desk) read(name string) (*workbook.Lesson, error) {
	book, err := d.book()
	if err != nil {
		return nil, err
	}
	lessons, err := book.Select([]string{name})
	if err != nil {
		return nil, err
	}
	names := book.Names()
	d.model.after = ""
	if i := slices.Index(names, name); i < len(names)-1 {
		d.model.after = names[i+1]
	}
	d.model.model = ""
	if _, err := os.Stat(filepath.Join(d.Dir, "solutions", name)); err == nil {
		d.model.model = "solutions/" + name
	}
	return lessons[0], nil
}

// program is the student's program of the lesson; nil where it cannot be played, and the
// model says why.
func (d *desk) program(l *workbook.Lesson) source.Files {
	taken, err := lessonfile.Read(os.DirFS(d.folder(l.Name)))
	if err != nil {
		d.model.refuse(err.Error())
		return nil
	}
	files := source.Files(taken.Program).Complete(l.Given)
	if len(taken.Refused) == 0 && files.Equal(l.Given) {
		d.model.refuse(
			"Nothing is written here yet: "+l.Title, "",
			"read   exercises/"+l.Name+"/README.md", "write  "+stub(l), "",
			d.model.toPlay())
		return nil
	}
	if problems := slices.Concat(taken.Refused, l.Rules().Check(files)); len(problems) > 0 {
		lines := []string{"This would be refused when your work is graded:", ""}
		for _, p := range problems {
			lines = append(lines, fmt.Sprintf("exercises/%s/%s:%d: %s", l.Name, p.File, max(1, p.Line), p.Message))
		}
		d.model.refuse(lines...)
		return nil
	}
	return files
}

// stub names the files that are to be filled in.
func stub(l *workbook.Lesson) string {
	var names []string
	for _, name := range l.Given.Names() {
		if strings.Contains(string(l.Given[name]), "not written yet") {
			names = append(names, "exercises/"+l.Name+"/"+name)
		}
	}
	return strings.Join(names, ", ")
}

// press obeys a key, and reports whether to go on.
func (d *desk) press(ctx context.Context, k key) bool {
	m := d.model
	m.notice = ""
	if k == "q" {
		return false
	}
	if lines, ok := scrolls[k]; ok {
		m.scroll = max(0, m.scroll+lines)
		return true
	}
	if m.sheet != nil {
		d.close()
		d.sheet, m.sheet, m.scroll = nil, nil, 0
		if d.screen.covers() {
			return true
		}
	}
	switch k {
	case "enter":
		if d.Manual {
			d.begin(ctx, m.lesson.Name)
		}
	case "n":
		m.next()
	case "h":
		m.hint()
	case "r":
		lesson, scenario := m.lesson.Name, m.shown
		if scenario == "" {
			m.notice = "No failure is shown that could be replayed."
			break
		}
		d.open(ctx, "replaying "+scenario, func(ctx context.Context) []string { return d.Replay(ctx, lesson, scenario) })
	case "l":
		d.open(ctx, "the lessons", func(ctx context.Context) []string { return d.List(ctx, false) })
	case "a":
		d.open(ctx, "playing all lessons", func(ctx context.Context) []string { return d.List(ctx, true) })
	}
	return true
}

// scrolls are the keys that move the page, by lines.
var scrolls = map[key]int{"up": -1, "down": 1, "page up": -10, "page down": 10, "home": -tail, "end": tail}

// open shows a sheet as soon as it is there, unless it was closed before.
func (d *desk) open(ctx context.Context, meanwhile string, text func(context.Context) []string) {
	d.model.sheet, d.model.scroll = []string{meanwhile + " …"}, 0
	ctx, d.close = context.WithCancel(ctx)
	sheet := make(chan []string, 1)
	d.sheet = sheet
	d.rounds.Go(func() { sheet <- text(ctx) })
}
