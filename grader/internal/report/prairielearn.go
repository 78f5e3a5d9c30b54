package report

import "wirebook/grader/internal/result"

// prairielearnMost is how many bytes PrairieLearn takes.
const prairielearnMost = 1_000_000

// prairielearn writes a submission as the results.json of an external grader of
// PrairieLearn. One that could not be graded whole is not gradable: it costs the
// student no attempt.
func prairielearn(s *result.Submission, _ *Options) ([]byte, error) {
	type test struct {
		Name        string  `json:"name"`
		Description string  `json:"description,omitempty"`
		Points      float64 `json:"points"`
		MaxPoints   float64 `json:"max_points"`
		Message     string  `json:"message,omitempty"`
		Output      string  `json:"output,omitempty"`
	}
	out := struct {
		Gradable     bool     `json:"gradable"`
		Score        float64  `json:"score"`
		Message      string   `json:"message"`
		Output       string   `json:"output,omitempty"`
		FormatErrors []string `json:"format_errors,omitempty"`
		Tests        []test   `json:"tests"`
	}{Gradable: true, Output: preface(s), Tests: []test{}}
	for _, c := range unknowns(s) {
		out.Gradable = false
		out.FormatErrors = append(out.FormatErrors, c.lesson+" could not be graded: "+or(c.text, c.line))
	}
	if out.Gradable && s.MaxScore > 0 {
		out.Score = *s.Score / s.MaxScore
	}
	out.Message = of(s.Score, s.MaxScore) + " points"
	for _, c := range checks(s) {
		if c.score != nil {
			out.Tests = append(out.Tests, test{Name: c.lesson + "/" + c.name, Description: c.title, Points: *c.score, MaxPoints: c.most, Message: c.line, Output: c.text})
		}
	}
	data, err := jsonFile(out)
	// What is told in full goes first where there is too much of it, from the end.
	for i := len(out.Tests) - 1; i >= 0 && err == nil && len(data) > prairielearnMost; i-- {
		out.Tests[i].Message, out.Tests[i].Output = cutText(out.Tests[i].Message, 200), ""
		data, err = jsonFile(out)
	}
	return data, err
}
