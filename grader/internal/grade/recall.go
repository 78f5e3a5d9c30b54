package grade

import (
	"context"
	"slices"

	"wirebook/harness"

	"wirebook/grader/internal/cache"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
)

// Recall lets the grader take what became of a program from a cache, before the
// first submission. Its stages must be whole lessons of the workbook: a cache
// does not know which scenarios were left out.
func (g *Grader) Recall(c *cache.Cache) { g.cache = c }

// played completes out for a program that is to be built and played, tells how
// long that took, and returns what there is to say about the program. Nothing of
// this depends on whose it is.
func (g *Grader) played(ctx context.Context, st *stage.Stage, program source.Files, out *result.Lesson, took *LessonTiming) []result.Finding {
	key := cache.Key{
		Files: program, Lesson: st.Lesson.Name, Workbook: g.workbook,
		Toolchain: g.tools.Version, Sandbox: g.level.String(), Seed: g.seed,
	}
	e := g.cache.Do(ctx, key, func() (cache.Entry, bool) {
		e := cache.Entry{Lesson: *out}
		took.Build, took.Play = g.buildAndPlay(ctx, st, program, &e.Lesson)
		if e.Lesson.Status == result.Graded {
			e.Advice = g.advice(ctx, st.Lesson, program)
		}
		e.Lesson.Sum()
		setTitles(&e.Lesson, nil)
		return e, ctx.Err() == nil && certain(e)
	})
	*out = e.Lesson
	setTitles(out, st.Lesson.Scenarios)
	return e.Advice
}

// setTitles gives the scenarios of a result their titles, or takes them away: a
// cache need not keep what the workbook says.
func setTitles(l *result.Lesson, scenarios []*harness.Scenario) {
	titles := make(map[string]string)
	for _, s := range scenarios {
		titles[s.Name] = s.Title
	}
	for i := range l.Scenarios {
		l.Scenarios[i].Title = titles[l.Scenarios[i].Scenario]
	}
}

// certain reports whether another play would come to the same: nothing was left
// open, and the machine had room for whatever was lost.
func certain(e cache.Entry) bool {
	unadvised := slices.ContainsFunc(e.Advice, func(f result.Finding) bool { return f.Severity == result.Informative })
	return e.Lesson.Complete && !unadvised && (!lost(e.Lesson) || noRoom() == nil)
}
