package grade

import (
	"context"
	"slices"

	"wirebook/harness"

	"wirebook/grader/internal/cache"
	"wirebook/grader/internal/result"
)

// key is that of what becomes of an exam's program.
func (g *Grader) key(e *exam) cache.Key {
	return cache.Key{
		Files: e.program, Lesson: e.stage.Lesson.Name, Workbook: g.workbook,
		Toolchain: g.builder.Version(), Sandbox: g.options.Level.String(), Seed: g.options.Seed,
	}
}

// recall gives an exam the result of its program and what there is to say about
// it, from the cache or by building and playing, and notes how long that took.
// Nothing of this depends on whose it is.
func (g *Grader) recall(ctx context.Context, e *exam) {
	found := g.options.Cache.Do(ctx, g.key(e), func() (cache.Entry, bool) {
		found := cache.Entry{Lesson: g.try(ctx, e)}
		if found.Lesson.Status == result.Graded {
			found.Advice = g.advice(ctx, e)
		}
		setTitles(&found.Lesson, nil)
		return found, ctx.Err() == nil && certain(found)
	})
	found.Lesson.Digest = e.out.Digest
	e.out, e.findings = found.Lesson, append(e.findings, found.Advice...)
	setTitles(&e.out, e.stage.Lesson.Scenarios)
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
// open.
func certain(e cache.Entry) bool {
	unadvised := slices.ContainsFunc(e.Advice, func(f result.Finding) bool { return f.Severity == result.Informative })
	return e.Lesson.Complete && !unadvised
}
