// Package verify proves a lesson of the workbook sound by playing programs of
// which the right verdict is known: the stub earns nothing, the solution and
// every variant pass all, and every mutant fails exactly the scenarios that it
// names. Beside that it compares what stands in a lesson's texts and folders.
//
// What it finds is a Report: a matrix of programs and scenarios, and a list of
// surprises.
package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"sync"

	"wirebook/harness"
	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/workbook"
)

// Options choose what is played.
type Options struct {
	// KnownGood plays the solution and the variants alone.
	KnownGood bool
	// Repeat is how often the solution and the variants play every
	// scenario; mutants only where Mutant picks them.
	Repeat int
	// Scenario and Mutant are patterns as of path.Match. With one of them
	// nothing but plays is looked at; with Mutant only those mutants play.
	Scenario, Mutant string
	// Slots are the places for plays that work at once.
	Slots *harness.Slots
	Seed  int64
}

func (o Options) narrowed() bool { return o.Scenario != "" || o.Mutant != "" }

// A Report is what verify found about one lesson.
type Report struct {
	Lesson    string
	Scenarios []*harness.Scenario
	Rows      []*Row
	// Problems are the surprises that no play shows.
	Problems []string
}

// Sound reports whether there was no surprise.
func (r *Report) Sound() bool {
	return len(r.Problems) == 0 && !slices.ContainsFunc(r.Rows, func(row *Row) bool { return row.surprised() })
}

// Lesson plays all programs of the lesson and checks its files. An error means
// that it could not; where ctx ended, there is a report of what was played.
func Lesson(ctx context.Context, w *workbook.Workbook, name string, builder build.Builder, o Options) (*Report, error) {
	lessons, err := w.Select([]string{name})
	if err != nil {
		return nil, err
	}
	lesson := lessons[0]
	report := &Report{Lesson: name}
	for _, s := range lesson.Scenarios {
		if matches(o.Scenario, s.Name) {
			report.Scenarios = append(report.Scenarios, s)
		}
	}
	if len(report.Scenarios) == 0 {
		return nil, fmt.Errorf("lesson %s: no scenario to play", name)
	}
	if report.Rows, err = rows(ctx, w, lesson, report.Scenarios, builder, o); err != nil {
		return nil, err
	}
	if !o.narrowed() {
		if report.Problems, err = inspect(w, lesson); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "wirebook-verify-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if len(lesson.Solution) == 0 {
		report.Problems = append(report.Problems, fmt.Sprintf("solutions/%s: the lesson has no solution here, so only its stub can be played", name))
	}
	st := &stage.Stage{Lesson: lesson, Builder: builder, Dir: dir, Seed: o.Seed, Unshrunk: true, Slots: o.Slots}
	var wait sync.WaitGroup
	for i, row := range report.Rows {
		wait.Go(func() {
			row.play(ctx, st, stage.Executable(dir, fmt.Sprint(i)), report.Scenarios)
		})
	}
	wait.Wait()
	return report, ctx.Err()
}

func matches(pattern, name string) bool {
	if pattern == "" {
		return true
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// A Row is one program and its plays.
type Row struct {
	Kind, Name string // "mutant", "one-read"
	Title      string
	// BuildErr is why the program could not be built.
	BuildErr error
	// Cells are in the order of the report's scenarios.
	Cells []*Cell

	files  source.Files
	rules  lessonfile.Rules
	repeat int
	build  func(ctx context.Context, path string) error
}

func (r *Row) surprised() bool {
	return r.BuildErr != nil || slices.ContainsFunc(r.Cells, func(c *Cell) bool { return c.Wrong > 0 })
}

// either is wanted of a scenario that a mutant may pass or fail.
const either harness.Status = "pass or fail"

// A Cell is the plays of one scenario with one program.
type Cell struct {
	Want  harness.Status // Pass or Fail; either for one of both
	First bool           // the scenario is the one that the mutant is there for
	// Plays counts the plays, Wrong those whose verdict was another one.
	Plays, Wrong int
	// Last is the last wrong play, or the last one where none was.
	Last harness.Result
}

// rows lists the lesson's programs and what is known of each.
func rows(ctx context.Context, w *workbook.Workbook, lesson *workbook.Lesson, scenarios []*harness.Scenario, builder build.Builder, o Options) ([]*Row, error) {
	var all []*Row
	add := func(kind, name, title string, files source.Files, repeat int, want func(scenario string) harness.Status, first string) {
		row := &Row{Kind: kind, Name: name, Title: title, files: files, rules: lesson.Rules(), repeat: max(1, repeat)}
		row.build = func(ctx context.Context, path string) error { return builder.Build(ctx, files, path) }
		for _, s := range scenarios {
			row.Cells = append(row.Cells, &Cell{Want: want(s.Name), First: s.Name == first})
		}
		all = append(all, row)
	}
	always := func(status harness.Status) func(string) harness.Status {
		return func(string) harness.Status { return status }
	}
	if o.Mutant == "" {
		stub, err := w.Stub(lesson.Name)
		if err != nil {
			return nil, err
		}
		if !o.KnownGood {
			add("stub", "", "The lesson as it is handed out.", stub, 1, always(harness.Fail), "")
		}
		if len(lesson.Solution) > 0 {
			add("solution", "", "The model program.", lesson.Solution, o.Repeat, always(harness.Pass), "")
		}
		for _, v := range lesson.Variants {
			add("variant", v.Name, v.Title, v.Files.Complete(lesson.Given), o.Repeat, always(harness.Pass), "")
		}
	}
	var errs []error
	for _, m := range lesson.Mutants {
		if o.KnownGood || !matches(o.Mutant, m.Name) {
			continue
		}
		files, err := m.Files(lesson)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		repeat := 1
		if o.Mutant != "" {
			repeat = o.Repeat
		}
		add("mutant", m.Name, m.Title, files, repeat, func(scenario string) harness.Status {
			if slices.Contains(m.Want, "*") || slices.Contains(m.Want, scenario) {
				return harness.Fail
			}
			if slices.Contains(m.May, scenario) {
				return either
			}
			return harness.Pass
		}, m.Want[0])
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("lesson %s: no mutant is called %q", lesson.Name, o.Mutant)
	}
	return all, nil
}

// play builds the row's program at path and plays every scenario with it.
func (r *Row) play(ctx context.Context, st *stage.Stage, path string, scenarios []*harness.Scenario) {
	if problems := r.rules.Check(r.files); len(problems) > 0 {
		r.BuildErr = fmt.Errorf("the source check refuses it: %v", problems[0])
		return
	}
	if err := r.build(ctx, path); err != nil {
		if ctx.Err() == nil {
			r.BuildErr = err
		}
		return
	}
	defer os.Remove(path)
	player, err := st.Player(ctx, path)
	if err != nil {
		if ctx.Err() == nil {
			r.BuildErr = err
		}
		return
	}
	var wait sync.WaitGroup
	for i, cell := range r.Cells {
		wait.Go(func() {
			for range r.repeat {
				if ctx.Err() != nil {
					return
				}
				result := player.Play(ctx, scenarios[i])
				if ctx.Err() != nil {
					return
				}
				cell.record(result)
			}
		})
	}
	wait.Wait()
}

func (c *Cell) record(result harness.Result) {
	c.Plays++
	wrong := result.Status != c.Want && result.Status != harness.Skip
	if c.Want == either {
		wrong = result.Status == harness.Error
	}
	if wrong {
		c.Wrong++
	}
	if wrong || c.Wrong == 0 {
		c.Last = result
	}
}
