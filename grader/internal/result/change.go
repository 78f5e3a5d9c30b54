package result

import (
	"fmt"
	"slices"
	"strconv"
)

// A Change is a lesson of a submission that has other points than before.
type Change struct {
	Lesson    string
	From, To  string // points, or why there are none
	Scenarios []ScenarioChange
	// HandIn tells that other files were handed in, and Decided that a teacher has
	// decided, or no longer decides.
	HandIn, Decided bool
}

// A ScenarioChange is a scenario that has other points than before.
type ScenarioChange struct{ Scenario, From, To string }

// none is what stands for points of what is not there.
const none = "-"

// Changes are what has other points in a submission now than in an older result of
// it, which may be nil. Lessons come in their order.
func (s *Submission) Changes(old *Submission) []Change {
	if old == nil {
		old = new(Submission)
	}
	var all []Change
	for _, name := range lessonNames(old, s) {
		before, after := old.Lesson(name), s.Lesson(name)
		c := Change{Lesson: name, From: before.told(), To: after.told()}
		if before == nil || after == nil {
			all = append(all, c)
			continue
		}
		c.HandIn = before.Digest != after.Digest
		c.Decided = (before.Decision == nil) != (after.Decision == nil) || before.Decision != nil && before.Decision.Reason != after.Decision.Reason
		c.Scenarios = scenarioChanges(before.Scenarios, after.Scenarios)
		if c.From != c.To || c.Decided || len(c.Scenarios) > 0 {
			all = append(all, c)
		}
	}
	return all
}

func lessonNames(old, now *Submission) (names []string) {
	for _, s := range []*Submission{old, now} {
		for _, l := range s.Lessons {
			if !slices.Contains(names, l.Lesson) {
				names = append(names, l.Lesson)
			}
		}
	}
	return names
}

// told are a lesson's points in a word or two.
func (l *Lesson) told() string {
	if l == nil {
		return none
	}
	text := fmt.Sprintf("%s of %s", pointsOf(l.Score), number(l.MaxScore))
	if l.Status != Graded {
		text += fmt.Sprintf(" (%s)", l.Status)
	}
	return text
}

func pointsOf(score *float64) string {
	if score == nil {
		return "?"
	}
	return number(*score)
}

func number(points float64) string { return strconv.FormatFloat(points, 'f', -1, 64) }

// scenarioChanges are in the order of the newer result, and behind them those that are
// there no longer.
func scenarioChanges(before, after []Scenario) []ScenarioChange {
	told := func(all []Scenario, name string) string {
		i := slices.IndexFunc(all, func(s Scenario) bool { return s.Scenario == name })
		switch {
		case i < 0:
			return none
		case all[i].Score == nil:
			return string(all[i].Status)
		}
		return number(*all[i].Score)
	}
	var changes []ScenarioChange
	seen := make(map[string]bool)
	for _, s := range slices.Concat(after, before) {
		from, to := told(before, s.Scenario), told(after, s.Scenario)
		if from != to && !seen[s.Scenario] {
			changes = append(changes, ScenarioChange{s.Scenario, from, to})
		}
		seen[s.Scenario] = true
	}
	return changes
}
