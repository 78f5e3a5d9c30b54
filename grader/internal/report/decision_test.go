package report

import (
	"encoding/json"
	"strings"
	"testing"

	"wirebook/grader/internal/report/receiver"
	"wirebook/grader/internal/result"
)

// decidedClass is the sample with a decision about one who was graded, and one of
// whom nothing was known.
func decidedClass() *Class {
	var all []*result.Submission
	for s := range sample().Submissions {
		switch s.Submission {
		case "ann":
			s = s.Decided("chat", 3.5, "The hall's network was down.")
		case "eve":
			s = s.Decided("subnet", 2, "Seen in class.").Decided("chat", 2, "Seen in class.")
		}
		all = append(all, s)
	}
	return One(all...)
}

// A decision is marked in every form that tells points, and its points are what
// receivers add up to.
func TestDecisionIsMarked(t *testing.T) {
	for _, f := range formats {
		text, said := written(t, f.Name, decidedClass(), HiddenNames, "")
		switch f.Name {
		case "gitlab": // it tells no points
			continue
		case "canvas": // it has no place for words
			text = said
		case "feedback":
			text = strings.Join(valuesOf(unzip(t, text)), "")
		}
		text = strings.NewReplacer("&#39;", "'", `\'`, "'").Replace(text)
		for _, want := range []string{"The hall's network was down.", "Seen in class."} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", f.Name, want)
			}
		}
	}
	for format, r := range map[string]*receiver.Receiver{
		"gradescope": receiver.Gradescope, "classroom50": receiver.Classroom50,
		"prairielearn": receiver.PrairieLearn, "autolab": receiver.Autolab,
	} {
		for s := range decidedClass().Submissions {
			if s.Submission != "ann" && s.Submission != "eve" {
				continue
			}
			text, said := written(t, format, One(s), HiddenNames, "")
			if err := r.Check(text); err != nil || said != "" {
				t.Errorf("%s, %s: %v, %q", format, s.Submission, err, said)
			}
		}
	}
	eve := decidedClass()
	for s := range eve.Submissions {
		if s.Submission != "eve" {
			continue
		}
		text, _ := written(t, "gradescope", One(s), HiddenNames, "")
		var out struct{ Score float64 }
		if err := json.Unmarshal([]byte(text), &out); err != nil || out.Score != 4 {
			t.Errorf("gradescope counts %g points, %v; want 4", out.Score, err)
		}
		if !s.Complete || *s.Score != 4 || s.Lesson("subnet").Decision.Graded != nil {
			t.Errorf("%+v; want a whole result of 4 points", s)
		}
	}
	for s := range sample().Submissions { // the results themselves stay
		if s.Lessons[0].Decision != nil {
			t.Errorf("%s has a decision", s.Submission)
		}
	}
}

func valuesOf(files map[string]string) (all []string) {
	for _, text := range files {
		all = append(all, text)
	}
	return all
}
