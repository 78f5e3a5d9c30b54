package lessontest

import (
	"fmt"
	"testing"

	"wirebook/harness"
)

// lineWidth is how many columns a failure that is told in a line may have.
const lineWidth = 160

// tellOne reports one result to its subtest, a failure in a line.
func tellOne(t *testing.T, result harness.Result) {
	switch result.Status {
	case harness.Pass:
		for _, note := range result.Notes {
			t.Log("note: " + note)
		}
	case harness.Skip:
		t.Skip(result.Err)
	case harness.Error:
		t.Errorf("the harness could not play this scenario; that is not the program's fault: %v", result.Err)
	case harness.Fail:
		fmt.Fprintln(t.Output(), harness.PageOf(result, "").Line(lineWidth))
		t.Fail()
	}
}

// tell writes the page of the failure from which the mistake is found soonest, then
// where the lesson stands.
func (r *run) tell(t *testing.T, results []harness.Result) {
	out := t.Output()
	if i := harness.Best(results); i >= 0 {
		fmt.Fprintln(out)
		if err := harness.WritePage(out, harness.PageOf(results[i], r.replay(results[i].Scenario))); err != nil {
			t.Error(err)
		}
	}
	if len(results) == len(r.scenarios) {
		fmt.Fprintf(out, "\n%s\n", r.standing(results))
	}
}

// replay is the command that plays a scenario again.
func (r *run) replay(s *harness.Scenario) string {
	return fmt.Sprintf("go test ./%s/%s -run /%s", r.part, r.lesson.Name, s.Name)
}

// standing says in a line or two how much of the lesson is done, and what is next.
func (r *run) standing(results []harness.Result) string {
	points, all, passed, played := 0, 0, 0, 0
	next := ""
	for _, res := range results {
		if res.Status == harness.Skip {
			continue
		}
		played++
		points += res.Score
		all += res.Scenario.Points
		switch {
		case res.Status == harness.Pass:
			passed++
		case next == "":
			next = res.Scenario.Name
		}
	}
	if best := harness.Best(results); best >= 0 {
		next = results[best].Scenario.Name // the one whose page is shown
	}
	if next != "" {
		return fmt.Sprintf("%d of %d points, %d of %d scenarios; next: %s", points, all, passed, played, next)
	}
	text := fmt.Sprintf("Well done: all %d scenarios of %s pass, %d points.", played, r.lesson.Name, points)
	if r.part == "exercises" {
		if r.readmeHas("†") {
			text += "\nThe README marks the scenarios that are played when your work is graded: think through them, too."
		}
		if after := r.after(); after != "" {
			text += fmt.Sprintf("\nThe next lesson is %s: read exercises/%s/README.md.", after, after)
		}
	}
	return text
}

// after is the lesson behind this one, "" if it is the last.
func (r *run) after() string {
	for i, l := range r.lessons[:len(r.lessons)-1] {
		if l == r.lesson {
			return r.lessons[i+1].Name
		}
	}
	return ""
}
