package watch

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/workbook"
)

// A round is one build of a lesson's program and one play of its scenarios.
type round struct {
	number int
	lesson *workbook.Lesson
	files  source.Files     // the program's; nil where it is built already
	ready  *harness.Program // the program that is built already
	first  []string         // the scenarios that are played first
	tell   func(event)
}

// An event is something that a round has to tell.
type event struct {
	round int
	what  any
}

// What events tell, in this order; results and rests as they come.
type (
	playing struct{}                 // the program is built
	ended   struct{ harness.Result } // of one scenario
	resting struct {                 // of one scenario
		scenario string
		since    time.Time // zero when it goes on
	}
	broken struct{ messages []build.Message } // it does not compile
	failed struct{ err error }                // that is not the program's fault
	over   struct{}                           // all is told
)

// run plays the round, up to the end of ctx. What it has started is gone when it
// returns.
func (r *round) run(ctx context.Context, w *workshop) {
	say := func(what any) { r.tell(event{r.number, what}) }
	defer say(over{})
	dir, err := os.MkdirTemp("", "wirebook-watch-")
	if err != nil {
		say(failed{err})
		return
	}
	defer os.RemoveAll(dir)
	player, err := r.player(ctx, w, dir)
	var theirs *build.Error
	switch {
	case errors.As(err, &theirs):
		say(broken{theirs.Messages})
		return
	case err != nil:
		say(failed{err})
		return
	}
	say(playing{})
	r.play(ctx, player, say)
}

// player builds the program, unless it is, and what else the scenarios need.
func (r *round) player(ctx context.Context, w *workshop, dir string) (*harness.Player, error) {
	path := stage.Executable(dir, r.lesson.Name)
	if r.ready == nil {
		if err := w.students.Build(ctx, r.files, path); err != nil {
			return nil, err
		}
	}
	set := &stage.Stage{Lesson: needed(r.lesson), Builder: w.ours, Dir: dir, Seed: 1, Slots: harness.NewSlots(w.jobs)}
	player, err := set.Player(ctx, path)
	if err == nil && r.ready != nil {
		player.Program = *r.ready
	}
	return player, err
}

// needed is the lesson without the model program, where no scenario asks for it:
// building it takes longer than all plays.
func needed(l *workbook.Lesson) *workbook.Lesson {
	if slices.ContainsFunc(l.Scenarios, func(s *harness.Scenario) bool { return s.Needs("reference") || s.Needs("random") }) {
		return l
	}
	lean := *l
	lean.Solution, lean.Generate = nil, nil
	return &lean
}

// play plays the scenarios: the first of them alone, until it is over or its program
// rests, and then all others at once.
func (r *round) play(ctx context.Context, player *harness.Player, say func(any)) {
	settled := make(chan struct{})
	settle := sync.OnceFunc(func() { close(settled) })
	player.Rests = func(s *harness.Scenario, waits bool) {
		since := time.Time{}
		if waits {
			since = time.Now()
			settle()
		}
		say(resting{s.Name, since})
	}
	var plays sync.WaitGroup
	play := func(s *harness.Scenario) {
		plays.Go(func() {
			result := player.Play(ctx, s)
			if ctx.Err() == nil {
				say(ended{result})
			}
			settle()
		})
	}
	first, others := r.order()
	for _, s := range first {
		play(s)
		select {
		case <-settled:
		case <-ctx.Done():
		}
	}
	for _, s := range others {
		play(s)
	}
	plays.Wait()
}

// order puts the scenarios that are played first before the others; of those one
// leads.
func (r *round) order() (first, others []*harness.Scenario) {
	rank := func(s *harness.Scenario) int {
		if i := slices.Index(r.first, s.Name); i >= 0 {
			return i
		}
		return len(r.first)
	}
	all := slices.Clone(r.lesson.Scenarios)
	slices.SortStableFunc(all, func(a, b *harness.Scenario) int { return rank(a) - rank(b) })
	if len(r.first) == 0 || len(all) == 0 {
		return nil, all
	}
	return all[:1], all[1:]
}
