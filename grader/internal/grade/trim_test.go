package grade

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/result"

	"wirebook/harness/telling"
)

// failing is the result of a submission that fails everything, as wordily as it
// can.
func failing(lessons, scenarios int) *result.Submission {
	long := strings.Repeat("‹\x00\">&", 2000)
	s := &result.Submission{Schema: result.Schema, Submission: "ann", Findings: []result.Finding{}}
	for i := range 500 {
		s.Findings = append(s.Findings, result.Finding{Severity: result.Essential, File: long, Message: fmt.Sprint(i, long)})
	}
	for i := range lessons {
		l := result.Lesson{Lesson: fmt.Sprint("lesson-", i), Status: result.Graded, Build: []result.Message{}}
		for j := range scenarios {
			l.Scenarios = append(l.Scenarios, result.Scenario{
				Scenario: fmt.Sprint("scenario-", j), Title: strings.Repeat("title ", 12), Status: "fail", Score: result.Points(0), MaxScore: 2,
				Failure: &result.Failure{
					Position: fmt.Sprintf("scenario-%d.txtar:17", j), Block: "It does.", Steps: []telling.Step{{Line: 2, Text: long[:200]}, {Line: 3, Text: long[:200]}},
					Message: long, Difference: &telling.Difference{Want: long, Got: long}, Hint: long[:300],
					Ladder: []telling.Rung{{Peer: "ann", Program: "server", Kind: "bytes", Data: []byte(long[:2000]), Len: 2000}},
				},
			})
		}
		l.Sum()
		s.Lessons = append(s.Lessons, l)
	}
	s.Sum()
	return s
}

func TestTrim(t *testing.T) {
	tests := []struct{ lessons, scenarios, findings int }{
		{1, 60, 0}, {2, 60, 3}, {6, 60, 0}, {1, 1, 500}, {6, 60, 500},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			s := failing(test.lessons, test.scenarios)
			s.Findings = s.Findings[:test.findings]
			if err := trim(s); err != nil {
				t.Fatal(err)
			}
			data, err := s.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if len(data) > maxResult {
				t.Errorf("it has %d bytes; want at most %d", len(data), maxResult)
			}
			if points(s.Score) != 0.0 || s.MaxScore != float64(2*test.lessons*test.scenarios) || !s.Complete {
				t.Errorf("score %v of %g, complete %v; want 0 of all, true", points(s.Score), s.MaxScore, s.Complete)
			}
			for _, l := range s.Lessons {
				if f := l.Scenarios[0].Failure; f == nil || f.Position == "" || f.Message == "" {
					t.Errorf("lesson %s: the first failure is told as %+v; want what and where", l.Lesson, f)
				}
			}
			again := failing(test.lessons, test.scenarios)
			again.Findings = again.Findings[:test.findings]
			if err := trim(again); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(s, again); diff != "" {
				t.Errorf("trimmed twice (-first +second):\n%s", diff)
			}
		})
	}
}

// The first ten failures of a lesson keep all that explains them, the others
// what happened and where.
func TestTrimKeepsTheFirst(t *testing.T) {
	s := failing(2, 12)
	s.Findings = nil
	eachFailure(s, func(sc *result.Scenario, _ int) {
		f := sc.Failure
		f.Message, f.Difference, f.Hint, f.Ladder, f.Steps = "nothing came", &telling.Difference{Want: `"a"`, Got: `"b"`}, "Read on.", f.Ladder[:1], f.Steps[:1]
		f.Ladder[0].Data = []byte("a")
	})
	if err := trim(s); err != nil {
		t.Fatal(err)
	}
	eachFailure(s, func(sc *result.Scenario, before int) {
		f := sc.Failure
		if whole := len(f.Ladder) == 1 && len(f.Steps) == 1 && f.Hint != "" && f.Difference != nil; whole != (before < maxExplained) {
			t.Errorf("failure %d is whole: %v; want the first %d whole", before, whole, maxExplained)
		}
		if f.Message == "" || f.Position == "" {
			t.Errorf("failure %d: %+v; want message and position", before, f)
		}
	})
}

// A stranger's text cannot make a result long.
func TestTrimBounds(t *testing.T) {
	s := failing(1, 1)
	for range 2 * maxFindings {
		s.Lessons[0].Build = append(s.Lessons[0].Build, result.Message{Message: strings.Repeat("x", 10_000)})
	}
	bound(s, maxFindings, maxText)
	if len(s.Findings) != maxFindings || !strings.HasPrefix(s.Findings[maxFindings-1].Message, "more was found") || len(s.Lessons[0].Build) != maxFindings {
		t.Errorf("%d findings, the last %q; want %d and that there are more", len(s.Findings), s.Findings[len(s.Findings)-1].Message, maxFindings)
	}
	if n := len(s.Lessons[0].Build[0].Message); n > maxText+len("…") {
		t.Errorf("a message of the compiler has %d bytes; want at most %d", n, maxText)
	}
}
