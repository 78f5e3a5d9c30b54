package grade

import (
	"context"

	"wirebook/grader/internal/result"
)

// advice is what there is to say about a program that was played, whatever it
// earned. It decides no score: a program that cannot be looked at keeps its
// points, and the finding says why nothing more is said.
func (g *Grader) advice(ctx context.Context, e *exam) []result.Finding {
	found, err := g.linter.Find(ctx, e.program, e.stage.Lesson.Given)
	if err != nil {
		found = []result.Finding{{Severity: result.Informative, Message: "no advice on this program: " + err.Error()}}
	}
	found = append(found, e.races...)
	for i := range found {
		found[i].Lesson = e.stage.Lesson.Name
	}
	return found
}
