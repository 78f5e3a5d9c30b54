package grade

import (
	"unicode/utf8"

	"wirebook/harness"

	"wirebook/grader/internal/result"
)

// maxResult is how many bytes a result.json may have: a class of a thousand
// stays a folder that one can copy, and with the page and the cache keeps no more
// than 50 KB for each. It is kept up to 350 scenarios, of which name, status and
// points stay in any case.
const maxResult = 40_000

// What a result keeps in any case is bounded by these.
const (
	maxFindings  = 100 // those of a submission
	maxText      = 800 // characters of a message, a reason or a quote
	maxExplained = 10  // failures of a lesson that are kept with all that explains them
)

// trim makes a result fit to be kept. What it takes out a new play shows again:
// the command for that stays, and so do all scores. Equal results are trimmed
// alike.
func trim(s *result.Submission) error {
	bound(s, maxFindings, maxText)
	keepExplained(s, maxExplained)
	for _, shrink := range shrinks {
		data, err := s.Encode()
		if err != nil || len(data) <= maxResult {
			return err
		}
		shrink(s)
	}
	return nil
}

// shrinks are what is given up for maxResult, one after the other, the least
// needed first. The last of them are for whoever fails a whole workbook.
var shrinks = []func(*result.Submission){
	func(s *result.Submission) { keepExplained(s, 3) },
	func(s *result.Submission) { dropTitles(s, harness.Pass) },
	func(s *result.Submission) { keepExplained(s, 1) },
	func(s *result.Submission) { cutMessages(s, 160) },
	func(s *result.Submission) { bound(s, maxFindings/5, maxText/5) },
	func(s *result.Submission) { keepTold(s, maxExplained) },
	func(s *result.Submission) { dropTitles(s, harness.Fail) },
	func(s *result.Submission) { keepTold(s, 5) },
	func(s *result.Submission) { keepTold(s, 2) },
	func(s *result.Submission) { keepExplained(s, 0) },
	func(s *result.Submission) { bound(s, maxFindings/10, maxText/10) },
	func(s *result.Submission) { bound(s, maxFindings/20, maxText/20) },
}

// bound cuts what a stranger's text may make long: to so many findings and
// messages of the compiler, each of so many characters.
func bound(s *result.Submission, count, length int) {
	if len(s.Findings) > count {
		s.Findings = append(s.Findings[:count-1:count-1], result.Finding{
			Severity: result.Informative, Message: "more was found than is kept here",
		})
	}
	for i := range s.Findings {
		f := &s.Findings[i]
		f.File, f.Message = cut(f.File, length), cut(f.Message, length)
	}
	for i := range s.Lessons {
		l := &s.Lessons[i]
		l.Reason = cut(l.Reason, length)
		l.Build = l.Build[:min(len(l.Build), count)]
		for j := range l.Build {
			l.Build[j].Message = cut(l.Build[j].Message, length)
		}
		for j := range l.Scenarios {
			l.Scenarios[j].Reason = cut(l.Scenarios[j].Reason, length)
		}
	}
	cutMessages(s, length)
}

// eachFailure calls f with every failure and how many of its lesson stand
// before it.
func eachFailure(s *result.Submission, f func(sc *result.Scenario, before int)) {
	for i := range s.Lessons {
		n := 0
		for j := range s.Lessons[i].Scenarios {
			if sc := &s.Lessons[i].Scenarios[j]; sc.Failure != nil {
				f(sc, n)
				n++
			}
		}
	}
}

// keepExplained leaves the failures of a lesson beyond the first most nothing
// but what happened, where, and how to see it again.
func keepExplained(s *result.Submission, most int) {
	eachFailure(s, func(sc *result.Scenario, before int) {
		if f := sc.Failure; before >= most {
			sc.Failure = &result.Failure{Position: f.Position, Message: f.Message}
		}
	})
}

// keepTold leaves the failures of a lesson beyond the first most nothing but
// that they are failures.
func keepTold(s *result.Submission, most int) {
	eachFailure(s, func(sc *result.Scenario, before int) {
		if before >= most {
			sc.Failure = nil
		}
	})
}

func cutMessages(s *result.Submission, most int) {
	eachFailure(s, func(sc *result.Scenario, _ int) {
		f := sc.Failure
		f.Message = cut(f.Message, most)
		if d := f.Difference; d != nil {
			d.Want, d.Got = cut(d.Want, most), cut(d.Got, most)
		}
	})
}

// dropTitles takes the titles out of the scenarios of a status. Their names
// tell which they are.
func dropTitles(s *result.Submission, status harness.Status) {
	for i := range s.Lessons {
		for j := range s.Lessons[i].Scenarios {
			if sc := &s.Lessons[i].Scenarios[j]; sc.Status == status {
				sc.Title = ""
			}
		}
	}
}

// cut returns the first most characters of a text.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}
