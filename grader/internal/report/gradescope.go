package report

import (
	"fmt"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// gradescope writes a submission as Gradescope's results.json. No test is hidden
// there, for a student who has a hidden one is not shown the total.
func gradescope(s *result.Submission, _ *Options) ([]byte, error) {
	type test struct {
		Score    *float64 `json:"score,omitempty"`
		MaxScore *float64 `json:"max_score,omitempty"`
		Status   string   `json:"status,omitempty"`
		Name     string   `json:"name"`
		Number   string   `json:"number"`
		Output   string   `json:"output,omitempty"`
		Tags     []string `json:"tags"`
	}
	out := struct {
		Score            float64 `json:"score"`
		Output           string  `json:"output,omitempty"`
		OutputFormat     string  `json:"output_format"`
		TestOutputFormat string  `json:"test_output_format"`
		TestNameFormat   string  `json:"test_name_format"`
		Visibility       string  `json:"visibility"`
		Tests            []test  `json:"tests"`
	}{OutputFormat: "text", TestOutputFormat: "text", TestNameFormat: "text", Visibility: "visible", Tests: []test{}}
	lesson, place := 0, 0
	last := ""
	for _, c := range checks(s) {
		if c.lesson != last {
			lesson, place, last = lesson+1, 0, c.lesson
		}
		place++
		t := test{Name: headline(c), Number: fmt.Sprintf("%d.%d", lesson, place), Output: or(c.text, c.line), Tags: []string{c.lesson}}
		if c.score != nil {
			out.Score += *c.score
			t.Score, t.MaxScore = c.score, &c.most
		}
		switch c.status {
		case telling.Pass:
			t.Status = "passed"
		case telling.Fail:
			t.Status = "failed"
		}
		out.Tests = append(out.Tests, t)
	}
	out.Output = preface(s)
	return jsonFile(out)
}
