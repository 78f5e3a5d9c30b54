package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/result"

	"wirebook/harness/telling"
)

// classOf is a class whose students fail the first so many of ten scenarios.
func classOf(failed ...int) *Class {
	var all []*result.Submission
	for i, n := range failed {
		l := result.Lesson{Lesson: "chat", Status: result.Graded, Shape: fmt.Sprint(n)}
		for k := range 10 {
			sc := result.Scenario{Scenario: string(rune('a' + k)), Title: "It does.", Status: telling.Pass, Score: result.Points(1), MaxScore: 1}
			if k < n {
				sc.Status, sc.Score, sc.Failure = telling.Fail, result.Points(0), &telling.Failure{Message: fmt.Sprint("message ", n%2), Steps: make([]telling.Step, 10-k)}
			}
			l.Scenarios = append(l.Scenarios, sc)
		}
		l.Sum()
		s := &result.Submission{Submission: fmt.Sprintf("s%03d", i), Lessons: []result.Lesson{l}}
		s.Sum()
		all = append(all, s)
	}
	return One(all...)
}

// What most failed comes first, each with who; the failure to read first is counted
// apart.
func TestGlance(t *testing.T) {
	g, err := overview(classOf(0, 10, 3, 1, 3))
	if err != nil {
		t.Fatal(err)
	}
	tell := func(all []counted) (lines []string) {
		for _, c := range all[:min(3, len(all))] {
			lines = append(lines, fmt.Sprint(c.Scenario, " ", c.Times, " of ", c.Of, ": ", c.Message, " ", c.Who))
		}
		return lines
	}
	if diff := cmp.Diff([]string{
		"a 4 of 5: message 1 [s001 s002 s003 s004]", "b 3 of 5: message 1 [s001 s002 s004]", "c 3 of 5: message 1 [s001 s002 s004]",
	}, tell(g.Failed)); diff != "" {
		t.Errorf("what failed (-want +got):\n%s", diff)
	}
	// The last that fails has the fewest steps.
	if diff := cmp.Diff([]string{"c 2 of 0: message 1 [s002 s004]", "a 1 of 0: message 1 [s003]", "j 1 of 0: message 0 [s001]"}, tell(g.First)); diff != "" {
		t.Errorf("first failures (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]alike{{"chat", true, []scored{{"s002", "7 of 10", ""}, {"s004", "7 of 10", ""}}}}, g.Alike, cmp.AllowUnexported(scored{})); diff != "" {
		t.Errorf("alike (-want +got):\n%s", diff)
	}
	total := g.Spreads[1]
	var spread []string
	for _, b := range total.Bars {
		if b.Count > 0 {
			spread = append(spread, fmt.Sprint(b.Label, ": ", b.Count, ", ", b.Tall))
		}
	}
	if diff := cmp.Diff([]string{"0: 1, 30", "70 to 80 %: 2, 60", "90 to 100 %: 1, 30", "all: 1, 30"}, spread); diff != "" || total.Average != 66 {
		t.Errorf("an average of %d; the spread (-want +got):\n%s", total.Average, diff)
	}
	var many []int
	for range mostNamed + 7 {
		many = append(many, 1)
	}
	if g, err = overview(classOf(many...)); err != nil || g.Failed[0].More() != 7 {
		t.Errorf("%d of %d are not named, %v; want 7", g.Failed[0].More(), g.Failed[0].Times, err)
	}
}

// The members of a team have handed in one program, and nobody asks why.
func TestTeamIsNotAlike(t *testing.T) {
	c := classOf(3, 3, 3)
	for i, team := range []string{"red", "red", ""} {
		all, err := c.summaries()
		if err != nil {
			t.Fatal(err)
		}
		all[i].Team = team
	}
	for _, test := range []struct {
		of   int
		want int
	}{{2, 0}, {3, 1}} {
		g, err := overview(One(c.brief[:test.of]...))
		if err != nil || len(g.Alike) != test.want {
			t.Errorf("of %d hand-ins, two of a team: %v, %v; want %d", test.of, g.Alike, err, test.want)
		}
	}
	c.brief[0].Team = evil
	for _, format := range []string{"markdown", "feedback"} {
		text, _ := written(t, format, One(c.brief[:1]...), HiddenNames, "")
		if format == "feedback" {
			text = strings.Join(valuesOf(unzip(t, text)), "")
		}
		if !strings.Contains(text, "Handed in by the team ") || strings.Contains(text, "<script>alert") && format == "feedback" {
			t.Errorf("%s: does not tell the team, or as it is:\n%.300s", format, text)
		}
	}
}

// Of a long scenario the page leaves out the middle, and a picture points at what
// belongs to the step that failed.
func TestFailureOnPage(t *testing.T) {
	f := &telling.Failure{}
	for i := range 40 {
		f.Steps = append(f.Steps, telling.Step{Line: i, Text: fmt.Sprint("step ", i+1), Block: []string{"The title.", "Another block."}[i/35]})
	}
	steps := newSteps(result.Scenario{Title: "The title.", Failure: f})
	last := steps[len(steps)-1]
	if len(steps) != 19 || steps[6].LeftOut != 22 || steps[7].Number != 29 || !last.Failed || last.Number != 40 {
		t.Errorf("%d steps are shown: %+v", len(steps), steps)
	}
	for i, s := range steps {
		if want := map[bool]string{true: "Another block."}[s.Number == 36]; s.Block != want {
			t.Errorf("step %d begins the block %q; want %q", i, s.Block, want)
		}
	}
	if newPicture(f) != nil {
		t.Error("a failure without an exchange has a picture")
	}
	f.Ladder = []telling.Rung{
		{Peer: "ann", Program: "server", ToProgram: true, Kind: telling.Connects, Step: 39}, {Kind: telling.LeftOut, Len: 4},
		{Program: "server", Kind: telling.Exits, Text: "ended with exit status 2", Step: 40},
	}
	var got []string
	for _, r := range newPicture(f).Rungs {
		got = append(got, fmt.Sprint(r.Said, " ", r.Wrong))
	}
	if diff := cmp.Diff([]string{"ann to server: connects false", "4 more are left out false", "server: ended with exit status 2 true"}, got); diff != "" {
		t.Errorf("the picture (-want +got):\n%s", diff)
	}
}
