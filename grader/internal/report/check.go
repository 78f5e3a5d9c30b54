package report

import (
	"strings"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// A check is what most receivers call a test: a scenario, or a lesson that was not
// played.
type check struct {
	lesson string
	name   string
	title  string // "" where it is hidden, and of a lesson
	status telling.Status
	score  *float64 // nil where it is not known
	most   float64
	line   string // in short, why it did not pass
	text   string // and in full, "" where there is no more to say
}

// checks are a submission's, in the order of its lessons.
func checks(s *result.Submission) []check {
	var all []check
	for i := range s.Lessons {
		all = append(all, lessonChecks(s, &s.Lessons[i])...)
	}
	return all
}

func lessonChecks(s *result.Submission, l *result.Lesson) []check {
	all := scenarioChecks(s, l)
	if l.Decision == nil {
		return all
	}
	// All points are those of the decision, and receivers add up.
	for i := range all {
		all[i].score, all[i].most = new(float64), 0
	}
	c := check{lesson: l.Lesson, name: "decision", title: "decided by the teacher", status: telling.Pass, score: l.Score, most: l.MaxScore, line: printable(decided(l))}
	if *l.Score < l.MaxScore {
		c.status = telling.Fail
	}
	return append([]check{c}, all...)
}

func scenarioChecks(s *result.Submission, l *result.Lesson) []check {
	if len(l.Scenarios) == 0 {
		return []check{unplayedLesson(s, l)}
	}
	var all []check
	for _, sc := range l.Scenarios {
		c := check{lesson: l.Lesson, name: sc.Scenario, title: printable(sc.Title), status: sc.Status, score: sc.Score, most: sc.MaxScore}
		switch {
		case sc.Failure != nil:
			c.line, c.text = printable(sc.Failure.Message), page(l.Lesson, sc)
		case sc.Status == telling.Fail:
			c.line = "a hidden scenario"
		default:
			c.line = printable(sc.Reason)
		}
		all = append(all, c)
	}
	return all
}

// unplayedLesson says why a lesson was not played.
func unplayedLesson(s *result.Submission, l *result.Lesson) check {
	c := check{
		lesson: l.Lesson, name: l.Lesson, status: telling.Fail, score: l.Score, most: l.MaxScore,
		line: says[l.Status], text: printable(strings.Join(unplayed(s, l), "\n")),
	}
	if l.Status == result.Unknown {
		c.status = telling.Error
	}
	return c
}

// unknowns are the checks of which we could not tell.
func unknowns(s *result.Submission) []check {
	var all []check
	for i := range s.Lessons {
		l := &s.Lessons[i]
		if l.Decision != nil {
			continue
		}
		if len(l.Scenarios) == 0 && l.Status == result.Unknown {
			all = append(all, unplayedLesson(s, l))
		}
		for _, sc := range l.Scenarios {
			if sc.Status == telling.Error {
				all = append(all, check{lesson: l.Lesson, name: sc.Scenario, line: printable(sc.Reason)})
			}
		}
	}
	return all
}
