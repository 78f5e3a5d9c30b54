package grade

import (
	"context"
	"fmt"

	"wirebook/grader/internal/command"
	"wirebook/grader/internal/result"
)

// Play gives a program of any kind its result: each lesson is played with it, as it
// is.
func (g *Grader) Play(ctx context.Context, c *command.Command) (*result.Submission, error) {
	out := g.blank(c.String())
	for _, st := range g.stages {
		player, err := st.Player(ctx, "")
		l := newLesson(st.Lesson)
		if err == nil {
			player.Program = c.Program
			l.Status = result.Graded
			l.Scenarios, err = g.outcomes(ctx, st.Lesson, player)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			l = unknownLesson(st.Lesson, err)
		}
		for i := range l.Scenarios {
			s := &l.Scenarios[i]
			s.Again = fmt.Sprintf("go run ./grader check %s --scenario %s -- %s", l.Lesson, s.Scenario, c)
		}
		l.Sum()
		out.Lessons = append(out.Lessons, l)
	}
	out.Sum()
	return out, nil
}
