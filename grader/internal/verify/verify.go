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
	// KnownGood plays the solution and the variants in all scenarios, KnownBad
	// the mutants in those that each must fail. With neither, all that is known
	// is played: the stub, too, and mutants in what they must pass.
	KnownGood, KnownBad bool
	// Repeat is how often each play of KnownGood and KnownBad is played. With
	// neither it is for the solution and the variants, and for the mutants only
	// where Mutants picks them.
	Repeat int
	// Scenarios and Mutants are patterns as of path.Match, of which one has to
	// match; none leaves nothing out. With one of them nothing but plays is
	// looked at; with Mutants only those mutants play.
	Scenarios, Mutants []string
	// Slots are the places for plays that work at once.
	Slots *harness.Slots
	Seed  int64
}

func (o Options) narrowed() bool { return len(o.Scenarios)+len(o.Mutants) > 0 }

// A Report is what verify found about one lesson.
type Report struct {
	Lesson    string
	Scenarios []*harness.Scenario
	Rows      []*Row
	// Problems are the surprises that no play shows.
	Problems []string
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
		if matches(o.Scenarios, s.Name) {
			report.Scenarios = append(report.Scenarios, s)
		}
	}
	if len(report.Scenarios) == 0 {
		return nil, fmt.Errorf("lesson %s: no scenario to play", name)
	}
	if report.Rows, err = rows(w, lesson, report.Scenarios, o); err != nil {
		return nil, err
	}
	if !o.narrowed() {
		if err := report.inspect(w, lesson); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "wirebook-verify-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if len(lesson.Solution) == 0 {
		report.problem("solutions/%s: the lesson has no solution here, so only its stub can be played", name)
	}
	st := &stage.Stage{Lesson: lesson, Builder: builder, Dir: dir, Seed: o.Seed, Unshrunk: true, Slots: o.Slots}
	var wait sync.WaitGroup
	for i, row := range report.Rows {
		wait.Go(func() {
			row.play(ctx, st, stage.Executable(dir, fmt.Sprint(i)), report.Scenarios)
		})
	}
	wait.Wait()
	report.inspectHints()
	return report, ctx.Err()
}

func matches(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := path.Match(pattern, name)
		return ok && err == nil
	})
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
	want   func(scenario string) harness.Status
	first  string // the scenario that it is there for
}

// Wanted of a scenario, beside Pass and Fail.
const (
	either   harness.Status = "pass or fail"
	unplayed harness.Status = ""
)

// A Cell is the plays of one scenario with one program.
type Cell struct {
	Want  harness.Status // Pass, Fail, either or unplayed
	First bool           // the scenario is the one that the mutant is there for
	// Plays counts the plays, Wrong those whose verdict was another one.
	Plays, Wrong int
	// Last is the last wrong play, or the last one where none was.
	Last harness.Result
}

// rows lists the lesson's programs and what is known of each.
func rows(w *workbook.Workbook, lesson *workbook.Lesson, scenarios []*harness.Scenario, o Options) ([]*Row, error) {
	known, err := knownRows(w, lesson, o)
	mutants, failed := mutantRows(lesson, o)
	if err := errors.Join(err, failed); err != nil {
		return nil, err
	}
	var played []*Row
	for _, row := range append(known, mutants...) {
		row.rules = lesson.Rules()
		wanted := false
		for _, s := range scenarios {
			c := &Cell{Want: row.want(s.Name), First: s.Name == row.first}
			wanted = wanted || c.Want != unplayed
			row.Cells = append(row.Cells, c)
		}
		if wanted {
			played = append(played, row)
		}
	}
	if len(played) == 0 {
		return nil, fmt.Errorf("lesson %s: no program to play: no mutant is called %q, or none of them must fail a scenario called %q", lesson.Name, o.Mutants, o.Scenarios)
	}
	return played, nil
}

func always(status harness.Status) func(string) harness.Status {
	return func(string) harness.Status { return status }
}

// knownRows are the lesson's programs but for the mutants.
func knownRows(w *workbook.Workbook, lesson *workbook.Lesson, o Options) (all []*Row, err error) {
	if len(o.Mutants) > 0 || o.KnownBad && !o.KnownGood {
		return nil, nil
	}
	if !o.KnownGood {
		stub, err := w.Stub(lesson.Name)
		if err != nil {
			return nil, err
		}
		all = append(all, &Row{Kind: "stub", Title: "The lesson as it is handed out.", files: stub, repeat: 1, want: always(harness.Fail)})
	}
	if len(lesson.Solution) > 0 {
		all = append(all, &Row{Kind: "solution", Title: "The model program.", files: lesson.Solution, repeat: o.Repeat, want: always(harness.Pass)})
	}
	for _, v := range lesson.Variants {
		all = append(all, &Row{Kind: "variant", Name: v.Name, Title: v.Title, files: v.Files.Complete(lesson.Given), repeat: o.Repeat, want: always(harness.Pass)})
	}
	return all, nil
}

// mutantRows are the lesson's mutants.
func mutantRows(lesson *workbook.Lesson, o Options) (all []*Row, err error) {
	if o.KnownGood && !o.KnownBad {
		return nil, nil
	}
	repeat := 1
	if o.KnownBad || len(o.Mutants) > 0 {
		repeat = o.Repeat
	}
	for _, m := range lesson.Mutants {
		if !matches(o.Mutants, m.Name) {
			continue
		}
		files, failed := m.Files(lesson)
		err = errors.Join(err, failed)
		all = append(all, &Row{Kind: "mutant", Name: m.Name, Title: m.Title, files: files, repeat: repeat, want: wantOf(m, o), first: m.Want[0]})
	}
	return all, err
}

// wantOf is what is wanted of a mutant.
func wantOf(m *workbook.Mutant, o Options) func(scenario string) harness.Status {
	return func(scenario string) harness.Status {
		switch {
		case slices.Contains(m.Want, "*") || slices.Contains(m.Want, scenario):
			return harness.Fail
		case o.KnownBad:
			return unplayed
		case slices.Contains(m.May, scenario):
			return either
		}
		return harness.Pass
	}
}

// play builds the row's program at path and plays every scenario with it.
func (r *Row) play(ctx context.Context, st *stage.Stage, path string, scenarios []*harness.Scenario) {
	player, err := r.player(ctx, st, path)
	if err != nil {
		if ctx.Err() == nil {
			r.BuildErr = err
		}
		return
	}
	defer os.Remove(path)
	var wait sync.WaitGroup
	var mu sync.Mutex // for the cells
	for i, cell := range r.Cells {
		if cell.Want == unplayed {
			continue
		}
		for range max(1, r.repeat) {
			wait.Go(func() {
				result := player.Play(ctx, scenarios[i])
				if ctx.Err() != nil {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				cell.record(result)
			})
		}
	}
	wait.Wait()
}

func (r *Row) player(ctx context.Context, st *stage.Stage, path string) (*harness.Player, error) {
	if problems := r.rules.Check(r.files); len(problems) > 0 {
		return nil, fmt.Errorf("the source check refuses it: %v", problems[0])
	}
	if err := st.Builder.Build(ctx, r.files, path); err != nil {
		return nil, err
	}
	return st.Player(ctx, path)
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
