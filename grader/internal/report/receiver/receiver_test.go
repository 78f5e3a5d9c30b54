package receiver

import (
	"net/url"
	"strings"
	"testing"
)

var all = []*Receiver{
	Gradescope, Classroom50, PrairieLearn, GitLab, Autolab, GitHubLog, GitHubSummary,
	MoodleWorksheet, MoodleGrades, MoodleFeedback, CanvasGradebook, CanvasFeedback,
}

// A good file is taken, and each rule refuses its bad one, alone.
func TestRules(t *testing.T) {
	for _, r := range all {
		if err := r.Check(r.good); err != nil {
			t.Errorf("a good file: %v", err)
		}
		for _, rule := range r.rules {
			if u, err := url.Parse(rule.address); err != nil || u.Scheme != "https" {
				t.Errorf("%s, %s: the address %q", r.Name, rule.demand, rule.address)
			}
			err := r.Check(rule.bad)
			if err == nil || !strings.Contains(err.Error(), rule.demand) || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("%s, %s: %v; want a file to be refused for this and nothing else", r.Name, rule.demand, err)
			}
		}
	}
}
