package grade

import (
	"cmp"
	"slices"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// maxLesson is how many bytes a result may keep of one lesson, so that a class of
// a thousand stays a folder that one can copy. No lesson takes room from another.
const maxLesson = 40_000

// An extent says how much is kept of a lesson.
type extent struct {
	whole int // failures with all that explains them
	text  int // characters of a sentence that a stranger's text can make long
	list  int // findings, and messages of the compiler
}

// extents are tried one after the other. Even the last keeps the sentence of each
// failure, and every score.
var extents = []extent{{10, 800, 100}, {5, 400, 50}, {3, 200, 25}, {1, 200, 25}, {1, 100, 10}, {0, 50, 5}}

// trim makes a result fit to be kept. What it takes out another play shows again.
// Equal results are trimmed alike, and one that was trimmed stays as it is.
func trim(s *result.Submission) error {
	// What was found beside all lessons has a lesson's room for itself.
	findings, err := trimLesson(new(result.Lesson), findingsOf(s, ""))
	for i := 0; i < len(s.Lessons) && err == nil; i++ {
		var found []result.Finding
		found, err = trimLesson(&s.Lessons[i], findingsOf(s, s.Lessons[i].Lesson))
		findings = append(findings, found...)
	}
	sortFindings(findings)
	s.Findings = findings
	return err
}

// trimLesson trims a lesson and returns what is kept of what was found in it.
func trimLesson(l *result.Lesson, found []result.Finding) ([]result.Finding, error) {
	for _, e := range extents {
		found = e.findings(found, l.Lesson)
		e.lesson(l)
		alone := &result.Submission{Findings: found, Lessons: []result.Lesson{*l}}
		if data, err := alone.Encode(); err != nil || len(data) <= maxLesson {
			return found, err
		}
	}
	return found, nil
}

func (e extent) findings(found []result.Finding, lesson string) []result.Finding {
	if len(found) > e.list {
		found = append(found[:e.list-1:e.list-1], result.Finding{
			Severity: result.Informative, Lesson: lesson, Message: "more was found than is kept here",
		})
	}
	for i := range found {
		found[i].File, found[i].Message = cut(found[i].File, e.text), cut(found[i].Message, e.text)
	}
	return found
}

func (e extent) lesson(l *result.Lesson) {
	l.Reason = cut(l.Reason, e.text)
	l.Build = l.Build[:min(len(l.Build), e.list)]
	for i := range l.Build {
		l.Build[i].Message = cut(l.Build[i].Message, e.text)
	}
	others := e.whole - 1 // beside the best
	for i := range l.Scenarios {
		s := &l.Scenarios[i]
		s.Reason = cut(s.Reason, e.text)
		if s.Failure == nil {
			continue
		}
		whole := s.Scenario == l.Best && e.whole > 0
		if !whole && others > 0 {
			whole = true
			others--
		}
		s.Failure = e.failure(*s.Failure, whole)
	}
}

func (e extent) failure(f telling.Failure, whole bool) *telling.Failure {
	if !whole {
		f = telling.Failure{Position: f.Position, Block: f.Block, Message: f.Message}
	}
	f.Message = cut(f.Message, e.text)
	return &f
}

// cut takes the middle out of a text of more than most characters. A sentence
// begins with what was owed and ends with the cause.
func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	head := most * 2 / 3
	return string(runes[:head]) + "…" + string(runes[len(runes)-(most-head-1):])
}

// findingsOf returns what was found in a lesson, or with no name beside all.
func findingsOf(s *result.Submission, lesson string) []result.Finding {
	return slices.DeleteFunc(slices.Clone(s.Findings), func(f result.Finding) bool { return f.Lesson != lesson })
}

// sortFindings lets those come first that decided a score.
func sortFindings(all []result.Finding) {
	slices.SortStableFunc(all, func(a, b result.Finding) int { return cmp.Compare(decides(b), decides(a)) })
}

// decides is 1 for a finding that decided a score, and 0 for any other.
func decides(f result.Finding) int {
	if f.Severity == result.Essential {
		return 1
	}
	return 0
}
