// Package grade gives submissions their results: each lesson of each is
// checked, built and played, and what comes of it is a result.Submission.
//
// Grader grades one submission, Class a folder of them into a folder of
// results, of which a run that was killed keeps every whole one.
package grade

import (
	"context"
	"os"
	"runtime"
	"slices"
	"sync/atomic"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/cache"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/workbook"
	"wirebook/grader/internal/zone"
)

// A Grader grades submissions for some lessons of a workbook. Its methods are
// safe for concurrent use.
type Grader struct {
	builder build.Builder
	linter  *lint.Linter
	stages  []*stage.Stage
	want    intake.Want
	dir     string // of the reference programs

	options  Options
	workbook string       // its hash
	active   atomic.Int32 // submissions in work
}

// Options say how submissions are graded.
type Options struct {
	// Level is that of the sandbox in which strangers' programs are played. The
	// toolchain has its own.
	Level sandbox.Level
	// Seed makes the random exchanges.
	Seed int64
	// Slots are the places for plays, shared by all submissions.
	Slots *harness.Slots
	// Kept are lessons of which the result of an earlier run is kept, whatever was
	// handed in now. Where there is none, they are graded, too.
	Kept []string
	// Cache knows what became of programs; nil finds nothing. With it, lessons
	// must be whole ones of the workbook: a cache does not know which scenarios
	// were left out.
	Cache *cache.Cache
	// Repeat is how often each scenario is played; 0 is once. The gravest outcome
	// counts.
	Repeat int
	// Race has the builder's programs tell the races that they find in themselves.
	Race bool
	// Observe, where it is not nil, is told of all that happens in the plays.
	Observe func(*harness.Scenario, harness.Event)
}

// New prepares to grade these lessons. Close removes the programs that grading
// needs.
func New(w *workbook.Workbook, lessons []*workbook.Lesson, builder build.Builder, linter *lint.Linter, o Options) (*Grader, error) {
	hash, err := w.Hash()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "wirebook-grade-")
	if err != nil {
		return nil, err
	}
	g := &Grader{builder: builder, linter: linter, dir: dir, options: o, workbook: hash}
	for _, l := range lessons {
		g.stages = append(g.stages, &stage.Stage{Lesson: l, Builder: builder, Dir: dir, Seed: o.Seed, Slots: o.Slots})
		g.want.Lessons = append(g.want.Lessons, l.Name)
	}
	g.want.Known = w.Names()
	if now := without(g.want.Lessons, o.Kept); len(now) == 1 {
		g.want.Alone = now[0]
	}
	return g, nil
}

// Close removes the grader's own programs.
func (g *Grader) Close() { os.RemoveAll(g.dir) }

// without returns the names that are not among others.
func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(others, name) })
}

// Manifest is what the results of these submissions have in common.
func (g *Grader) Manifest(submissions []string, shard *Part) Manifest {
	return Manifest{Workbook: g.workbook, Seed: g.options.Seed, Lessons: g.want.Lessons, Submissions: submissions, Shard: shard}
}

// blank returns the result of a submission before anything is known of it.
func (g *Grader) blank(name string) *result.Submission {
	return &result.Submission{
		Schema: result.Schema, Submission: name,
		Workbook: g.workbook, Toolchain: g.builder.Version(), Seed: g.options.Seed, Sandbox: g.options.Level.String(),
		Findings: []result.Finding{}, Lessons: []result.Lesson{},
	}
}

// Grade gives a submission its result. An error means that ctx ended first.
func (g *Grader) Grade(ctx context.Context, s *intake.Submission) (*result.Submission, error) {
	return g.complete(ctx, s, new(result.Submission))
}

// complete takes over the lessons that are there, and grades the others.
func (g *Grader) complete(ctx context.Context, s *intake.Submission, there *result.Submission) (*result.Submission, error) {
	g.active.Add(1)
	defer g.active.Add(-1)
	out := g.blank(s.Name)
	out.Origin, out.Team = s.Origin, s.Team
	out.Findings = append(out.Findings, findings(s, "")...)
	for _, st := range g.stages {
		if takeOver(out, there, st.Lesson.Name) {
			continue
		}
		e := examine(st, s)
		if e.program != nil {
			g.recall(ctx, e)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.out.Sum()
		e.quote(s.Lessons[st.Lesson.Name])
		out.Findings = append(out.Findings, e.findings...)
		out.Lessons = append(out.Lessons, e.out)
	}
	sortFindings(out.Findings)
	out.Sum()
	return out, nil
}

// unknown is the result of a submission of which nothing can be said but what is
// there.
func (g *Grader) unknown(name string, why error, there *result.Submission) *result.Submission {
	out := g.blank(name)
	for _, st := range g.stages {
		if takeOver(out, there, st.Lesson.Name) {
			continue
		}
		out.Lessons = append(out.Lessons, unknownLesson(st.Lesson, why))
	}
	out.Sum()
	return out
}

// findings tells what the intake noted of a lesson, or with no name of all.
func findings(s *intake.Submission, lesson string) []result.Finding {
	var all []result.Finding
	if s.Unreadable != "" && lesson == "" {
		all = append(all, result.Finding{Severity: result.Essential, Message: s.Unreadable})
	}
	for _, n := range s.Aside {
		if n.Lesson == lesson {
			all = append(all, result.Finding{Severity: result.Informative, Lesson: lesson, File: n.File, Message: n.Message})
		}
	}
	return all
}

// outcomes plays as often as the grader's options say.
func (g *Grader) outcomes(ctx context.Context, l *workbook.Lesson, player *harness.Player) ([]result.Scenario, error) {
	plays := max(1, g.options.Repeat)
	all, failed := []result.Scenario{}, make(map[string]int)
	for range plays {
		more, err := g.once(ctx, l, player)
		if err != nil {
			return nil, err
		}
		all = again(all, more, failed)
	}
	tellOften(all, failed, plays)
	return all, nil
}

// once plays at the grader's level.
func (g *Grader) once(ctx context.Context, l *workbook.Lesson, player *harness.Player) ([]result.Scenario, error) {
	if g.options.Level != sandbox.Plain {
		// Zones cannot share slots, so they share what there would be of them.
		plays := max(2, 2*runtime.NumCPU()/int(g.active.Load()))
		return zone.Play(ctx, zone.Options{Level: g.options.Level, Profile: l.Profile, Plays: plays}, player, l.Scenarios)
	}
	scenarios := l.Scenarios
	if g.options.Race {
		scenarios = withoutLimits(scenarios)
	}
	outcomes := []result.Scenario{}
	for _, r := range player.PlayAll(ctx, scenarios, nil) {
		outcomes = append(outcomes, zone.Outcome(r))
	}
	return outcomes, nil
}
