package grade

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/workbook"
)

// An Appeal asks what a scenario says of a hand-in when it is played once more as it
// was graded: with the same files, at the same level, by the same seed.
type Appeal struct {
	Book     *workbook.Workbook
	Builder  build.Builder
	Linter   *lint.Linter
	Entry    intake.Entry
	Graded   *result.Submission // what was found then
	Lesson   string
	Scenario string
	// Observe, where it is not nil, is told of all that happens.
	Observe func(*harness.Scenario, harness.Event)
}

// A Verdict is what an appeal has come to.
type Verdict struct {
	// Before and Now are what became of the lesson, with the scenario alone where it
	// was played.
	Before, Now result.Lesson
	// Played is how the play has ended, nil where there was none.
	Played *harness.Result
	// Others says what is not as it was when it was graded.
	Others []string
}

// Play builds and plays the hand-in. An error says that there is nothing to play, or
// that ctx ended.
func (a *Appeal) Play(ctx context.Context) (*Verdict, error) {
	before := a.Graded.Lesson(a.Lesson)
	if before == nil {
		return nil, fmt.Errorf("%s: %s was not graded", a.Graded.Submission, a.Lesson)
	}
	g, err := a.grader()
	if err != nil {
		return nil, err
	}
	defer g.Close()
	submission, err := a.open(g)
	if err != nil {
		return nil, err
	}
	v := &Verdict{Before: *before}
	v.note(g.workbook != a.Graded.Workbook, "the workbook is another one")
	v.note(g.builder.Version() != a.Graded.Toolchain, "Go is %s, and was %s", g.builder.Version(), a.Graded.Toolchain)
	v.note(submission.Digest(a.Lesson) != before.Digest, "the hand-in is another one")
	now, err := g.Grade(ctx, submission)
	if err != nil {
		return nil, err
	}
	v.Now = now.Lessons[0]
	if len(v.Now.Scenarios) > 0 {
		v.Played = played(g.stages[0].Lesson.Scenarios[0], &v.Now.Scenarios[0])
	}
	keepScenario(&v.Before, a.Scenario)
	return v, nil
}

// played is the outcome of a scenario in the form that it had in the play.
func played(s *harness.Scenario, o *result.Scenario) *harness.Result {
	r := &harness.Result{Scenario: s, Status: o.Status, Failure: o.Failure}
	if o.Score != nil {
		r.Score = int(*o.Score)
	}
	if o.Reason != "" {
		r.Err = errors.New(o.Reason)
	}
	return r
}

func (v *Verdict) note(is bool, format string, args ...any) {
	if is {
		v.Others = append(v.Others, fmt.Sprintf(format, args...))
	}
}

// grader grades the one scenario.
func (a *Appeal) grader() (*Grader, error) {
	level, err := sandbox.ParseLevel(a.Graded.Sandbox)
	if err != nil {
		return nil, err
	}
	lessons, err := a.Book.Select([]string{a.Lesson})
	if err != nil {
		return nil, err
	}
	lesson := *lessons[0]
	lesson.Scenarios = slices.DeleteFunc(slices.Clone(lesson.Scenarios), func(s *harness.Scenario) bool { return s.Name != a.Scenario })
	if len(lesson.Scenarios) == 0 {
		return nil, fmt.Errorf("%s has no scenario %q", a.Lesson, a.Scenario)
	}
	options := Options{Level: level, Seed: a.Graded.Seed, Slots: harness.NewSlots(1), Observe: a.Observe}
	return New(a.Book, []*workbook.Lesson{&lesson}, a.Builder, a.Linter, options)
}

// open takes the files that were graded. Which lessons were graded with this one
// decides where its files may lie; what is taken for it alone may be more.
func (a *Appeal) open(g *Grader) (*intake.Submission, error) {
	among := g.want
	among.Alone = ""
	for _, w := range []intake.Want{g.want, among} {
		s, err := a.Entry.Open(w)
		if err != nil {
			return nil, err
		}
		if s.Digest(a.Lesson) == a.Graded.Lesson(a.Lesson).Digest {
			return s, nil
		}
	}
	return a.Entry.Open(g.want)
}

// keepScenario leaves a lesson one scenario.
func keepScenario(l *result.Lesson, name string) {
	l.Scenarios = slices.DeleteFunc(slices.Clone(l.Scenarios), func(s result.Scenario) bool { return s.Scenario != name })
}

// Differs reports whether the scenario, or the lesson without it, has come to
// something else.
func (v *Verdict) Differs() bool { return outcome(v.Before) != outcome(v.Now) }

// outcome is what became of a lesson's one scenario, in a few words.
func outcome(l result.Lesson) string {
	if len(l.Scenarios) == 0 {
		return string(l.Status)
	}
	s := l.Scenarios[0]
	if s.Score == nil {
		return string(s.Status)
	}
	return fmt.Sprintf("%s, %g of %g", s.Status, *s.Score, s.MaxScore)
}

// Write tells the verdict, with the page of a scenario that has failed now.
func (v *Verdict) Write(w io.Writer) error {
	if len(v.Now.Scenarios) > 0 && v.Now.Scenarios[0].Failure != nil {
		page := v.Now.Scenarios[0].Page(v.Now.Lesson)
		page.Replay = "" // that would be another program
		if err := telling.WritePage(w, page); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("The same as when it was graded: %s.\n", outcome(v.Now))
	if v.Differs() {
		text = fmt.Sprintf("It was graded otherwise. Now: %s; then: %s.\n", outcome(v.Now), outcome(v.Before))
	}
	for _, other := range v.Others {
		text += fmt.Sprintf("Not as it was then: %s.\n", other)
	}
	if v.Now.Reason != "" {
		text += v.Now.Reason + "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}
