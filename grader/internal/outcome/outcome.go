// Package outcome turns what the harness found in a play into the result that
// is kept of it.
package outcome

import (
	"fmt"

	"wirebook/harness"

	"wirebook/grader/internal/result"
)

// Of puts the harness's result into the form that is kept.
func Of(r harness.Result) result.Scenario {
	s := result.Scenario{
		Scenario: r.Scenario.Name, Title: r.Scenario.Title, Hidden: r.Scenario.Hidden,
		Status: string(r.Status), MaxScore: float64(r.Scenario.Points),
	}
	if r.Status == harness.Pass || r.Status == harness.Fail {
		s.Score = result.Points(r.Score)
	}
	if r.Err != nil {
		s.Reason = r.Err.Error()
	}
	if f := r.Failure; f != nil {
		s.Failure = failure(r.Scenario, f)
	}
	return s
}

// maxStep cuts a step that sends a long text.
const maxStep = 200

func failure(s *harness.Scenario, f *harness.Failure) *result.Failure {
	out := &result.Failure{
		Position: f.Position, Step: len(f.Steps), Phase: f.Phase, Message: f.Message,
		Want: f.Want, Got: f.Got, Hint: f.Hint, Ladder: f.Ladder,
		Replay: replay(s),
	}
	if f.Caret >= 0 {
		out.Caret = &f.Caret
	}
	for _, step := range f.Steps {
		text := []rune(step.Text)
		if len(text) > maxStep {
			text = append(text[:maxStep], '…')
		}
		out.Steps = append(out.Steps, string(text))
	}
	return out
}

// replay is the command that plays just this scenario again: a student's for
// the public ones, a teacher's for the hidden ones.
func replay(s *harness.Scenario) string {
	if s.Hidden {
		return fmt.Sprintf("go run ./grader check %s --scenario %s", s.Lesson, s.Name)
	}
	return fmt.Sprintf("go test ./exercises/%s -run /%s", s.Lesson, s.Name)
}
