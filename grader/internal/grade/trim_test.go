package grade

import (
	"fmt"
	"slices"
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
				Failure: &telling.Failure{
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

// Each lesson has its room, whatever becomes of the others: a result of nineteen
// is kept, and equal results are trimmed alike.
func TestTrim(t *testing.T) {
	for _, test := range []struct{ lessons, scenarios, findings int }{
		{1, 60, 0}, {2, 60, 3}, {19, 60, 0}, {1, 1, 500}, {6, 80, 500},
	} {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			var texts []string
			for range 2 {
				s := failing(test.lessons, test.scenarios)
				s.Findings = s.Findings[:test.findings]
				for range 2 { // what was trimmed stays as it is
					if err := trim(s); err != nil {
						t.Fatal(err)
					}
					data, err := s.Encode()
					if err != nil {
						t.Fatal(err)
					}
					texts = append(texts, string(data))
				}
				if points(s.Score) != 0.0 || s.MaxScore != float64(2*test.lessons*test.scenarios) || !s.Complete {
					t.Errorf("score %v of %g, complete %v; want 0 of all, true", points(s.Score), s.MaxScore, s.Complete)
				}
				for _, l := range s.Lessons {
					for _, sc := range l.Scenarios {
						if f := sc.Failure; f == nil || f.Position == "" || f.Message == "" {
							t.Fatalf("%s/%s is told as %+v; want what and where", l.Lesson, sc.Scenario, f)
						}
					}
				}
			}
			if texts = slices.Compact(texts); len(texts) > 1 {
				t.Errorf("trimmed again (-first +second):\n%s", cmp.Diff(texts[0], texts[1]))
			}
			if most := (test.lessons + 1) * maxLesson; len(texts[0]) > most {
				t.Errorf("it has %d bytes; want at most %d", len(texts[0]), most)
			}
		})
	}
}

// A lesson of sixty failures takes nothing from the eighteen beside it.
func TestTrimLeavesOthers(t *testing.T) {
	alone, among := failing(1, 3), failing(19, 3)
	among.Lessons[7].Scenarios = failing(1, 60).Lessons[0].Scenarios
	alone.Findings, among.Findings = nil, nil
	for _, s := range []*result.Submission{alone, among} {
		if err := trim(s); err != nil {
			t.Fatal(err)
		}
	}
	for i, l := range among.Lessons {
		if diff := cmp.Diff(alone.Lessons[0].Scenarios, l.Scenarios); i != 7 && diff != "" {
			t.Errorf("%s (-alone +among others):\n%s", l.Lesson, diff)
		}
	}
}

// At most ten failures of a lesson keep all that explains them, the best of all
// among them; the others keep what happened and where.
func TestTrimKeepsTheBest(t *testing.T) {
	s := failing(2, 12)
	s.Findings = nil
	for i := range s.Lessons {
		for j := range s.Lessons[i].Scenarios {
			f := s.Lessons[i].Scenarios[j].Failure
			f.Message, f.Difference, f.Ladder, f.Steps = "nothing came", &telling.Difference{Want: `"a"`, Got: `"b"`}, f.Ladder[:1], f.Steps[:1]
			f.Ladder[0].Data = []byte("a")
		}
		s.Lessons[i].Best = "scenario-11"
	}
	if err := trim(s); err != nil {
		t.Fatal(err)
	}
	for _, l := range s.Lessons {
		for j, sc := range l.Scenarios {
			f := sc.Failure
			if whole := len(f.Ladder) == 1 && len(f.Steps) == 1 && f.Hint != "" && f.Difference != nil; whole != (j < 9 || j == 11) {
				t.Errorf("%s of %s is whole: %v; want it for nine and the best", sc.Scenario, l.Lesson, whole)
			}
			if f.Message != "nothing came" || f.Position == "" {
				t.Errorf("%s: %+v; want message and position", sc.Scenario, f)
			}
		}
	}
}

// A stranger's text cannot make a result long, and that something is left out is
// said.
func TestTrimBounds(t *testing.T) {
	s := failing(1, 1)
	for range 500 {
		s.Lessons[0].Build = append(s.Lessons[0].Build, result.Message{Message: strings.Repeat("x", 10_000) + "cause"})
	}
	if err := trim(s); err != nil {
		t.Fatal(err)
	}
	build := s.Lessons[0].Build
	if text := build[0].Message; len(build) > 100 || len(text) > 1000 || !strings.HasSuffix(text, "cause") {
		t.Errorf("%d messages of the compiler, the first %q; want few and short ones, whole at the end", len(build), text)
	}
	if last := s.Findings[len(s.Findings)-1]; len(s.Findings) > 100 || !strings.HasPrefix(last.Message, "more was found") {
		t.Errorf("%d findings, the last %q; want few, and that there are more", len(s.Findings), last.Message)
	}
}
