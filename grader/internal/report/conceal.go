package report

import (
	"fmt"
	"slices"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// Hidden says what is shown of hidden scenarios in a report that is passed on:
// to students, or to a system that shows it to them.
type Hidden string

const (
	// HiddenNames shows the name, the points and the result.
	HiddenNames Hidden = ""
	// HiddenGot shows also what the program did, and not what was due.
	HiddenGot Hidden = "got"
	// HiddenAll shows everything.
	HiddenAll Hidden = "all"
)

// ParseHidden reads what the command line says.
func ParseHidden(text string) (Hidden, error) {
	if h := Hidden(text); h == HiddenNames || h == HiddenGot || h == HiddenAll {
		return h, nil
	}
	return "", fmt.Errorf("%q: it is got or all; without it only names, points and results are shown", text)
}

// conceal returns a submission as it is passed on. What is left of a hidden
// scenario is named here; whatever a result will hold in future stays hidden.
func (h Hidden) conceal(s *result.Submission) *result.Submission {
	if h == HiddenAll {
		return s
	}
	out := *s
	out.Lessons = slices.Clone(s.Lessons)
	for i := range out.Lessons {
		l := &out.Lessons[i]
		l.Scenarios = slices.Clone(l.Scenarios)
		for j, sc := range l.Scenarios {
			if sc.Hidden {
				l.Scenarios[j] = h.scenario(sc)
				if sc.Scenario == l.Best {
					l.Best = ""
				}
			}
		}
	}
	return &out
}

func (h Hidden) scenario(s result.Scenario) result.Scenario {
	out := result.Scenario{Scenario: s.Scenario, Status: s.Status, Score: s.Score, MaxScore: s.MaxScore, Hidden: true}
	if h == HiddenGot && s.Failure != nil {
		out.Failure = got(s.Failure)
	}
	return out
}

// got is what a failure tells of the program alone: what it gave, and what else
// it did. Where the first wrong byte is would tell what was due.
func got(f *telling.Failure) *telling.Failure {
	out := &telling.Failure{Message: "what was due is not shown", Limit: f.Limit}
	if f.Difference != nil {
		out.Message += "; the program gave " + f.Difference.Got
	}
	for _, r := range f.Ladder {
		if !r.ToProgram && r.Kind != telling.LeftOut {
			r.Step = 0
			out.Ladder = append(out.Ladder, r)
		}
	}
	return out
}

// passedOn is the class as it is passed on.
func (c *Class) passedOn(h Hidden) *Class {
	if h == HiddenAll {
		return c
	}
	out := &Class{Workbook: c.Workbook, Seed: c.Seed, Lessons: c.Lessons, Own: c.Own}
	out.Submissions = func(yield func(*result.Submission, error) bool) {
		for s, err := range c.Submissions {
			if err == nil {
				s = h.conceal(s)
			}
			if !yield(s, err) {
				return
			}
		}
	}
	return out
}
