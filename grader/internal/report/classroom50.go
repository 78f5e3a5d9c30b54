package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// classroom50 writes a submission as the result.json of a Classroom 50
// autograder. What is not about the program comes from the environment in which
// that runs.
func classroom50(s *result.Submission, o *Options) ([]byte, error) {
	if all := unknowns(s); len(all) > 0 {
		o.Say("classroom50: %s: %s could not be graded (%s), and this format has no word for that; nothing is written for it, grade again",
			Line(s.Submission), all[0].lesson, Line(or(all[0].text, all[0].line)))
		return nil, nil
	}
	type test struct {
		Name     string `json:"test-name"`
		Passed   bool   `json:"passed"`
		Score    int    `json:"score"`
		MaxScore int    `json:"max-score"`
		Output   string `json:"output,omitempty"`
	}
	out := struct {
		Schema     string `json:"schema"`
		Classroom  string `json:"classroom"`
		Assignment string `json:"assignment"`
		Type       string `json:"assignment_type"`
		Owner      string `json:"owner"`
		Submission string `json:"submission"`
		Commit     string `json:"commit"`
		Release    string `json:"release"`
		Review     string `json:"review"`
		Datetime   string `json:"datetime"`
		Score      int    `json:"score"`
		MaxScore   int    `json:"max-score"`
		Tests      []test `json:"tests"`
	}{Schema: "classroom50/result/v1", Datetime: o.Now().UTC().Format(time.RFC3339), Tests: []test{}}
	var missing []string
	take := func(to *string, names ...string) {
		for _, name := range names {
			*to = or(*to, o.Getenv(name))
		}
		if *to == "" {
			missing = append(missing, names[0])
		}
	}
	take(&out.Classroom, "CLASSROOM")
	take(&out.Assignment, "ASSIGNMENT")
	take(&out.Submission, "SUBMISSION_TAG")
	take(&out.Commit, "COMMIT_URL")
	take(&out.Release, "RELEASE_URL")
	take(&out.Review, "REVIEW_URL", "COMMIT_URL")
	if len(missing) > 0 {
		return nil, fmt.Errorf("classroom50: the environment lacks %s; this format is for where Classroom 50 runs an autograder", strings.Join(missing, ", "))
	}
	out.Owner = or(o.Getenv("OWNER"), o.Getenv("USERNAME"), s.Submission)
	out.Type = or(o.Getenv("ASSIGNMENT_TYPE"), "individual")
	all := checks(s)
	whole := wholePoints(all)
	for _, c := range all {
		if c.status == telling.Skip {
			continue // it counts in neither
		}
		t := test{Name: headline(c), Passed: c.status == telling.Pass, Score: whole(*c.score), MaxScore: whole(c.most), Output: or(c.text, c.line)}
		out.Score, out.MaxScore = out.Score+t.Score, out.MaxScore+t.MaxScore
		out.Tests = append(out.Tests, t)
	}
	return jsonFile(out)
}

// wholePoints makes whole numbers of points, all by one factor.
func wholePoints(all []check) func(float64) int {
	factor := 1.0
	for _, c := range all {
		for _, points := range []float64{c.most, *orZero(c.score)} {
			for factor < 1000 && points*factor != math.Trunc(points*factor) {
				factor *= 10
			}
		}
	}
	return func(points float64) int { return int(math.Round(points * factor)) }
}

func orZero(score *float64) *float64 {
	if score == nil {
		return new(float64)
	}
	return score
}
