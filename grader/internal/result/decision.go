package result

import "slices"

// A Decision is what a teacher has set in the place of what the scenarios gave.
type Decision struct {
	Reason string `json:"reason"`
	// Graded is the score that it took the place of, null where that was not known.
	Graded *float64 `json:"graded"`
}

// Decided returns a submission in which a lesson has the points that a teacher has
// given it.
func (s *Submission) Decided(lesson string, points float64, reason string) *Submission {
	out := *s
	out.Lessons = slices.Clone(s.Lessons)
	if l := out.Lesson(lesson); l != nil {
		l.Decision = &Decision{Reason: reason, Graded: l.Score}
		l.Score, l.Complete = &points, true
	}
	out.Sum()
	return &out
}
