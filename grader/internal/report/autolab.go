package report

import (
	"bytes"
	"encoding/json"

	"wirebook/grader/internal/result"
)

// autolab writes a submission as the output of an Autolab autograder: what the
// student reads, and in the last line the scores, a problem a lesson. A score that
// is not known is left out.
func autolab(s *result.Submission, _ *Options) ([]byte, error) {
	var b bytes.Buffer
	if err := pages(&b, One(s)); err != nil {
		return nil, err
	}
	scores := make(map[string]float64)
	for _, l := range s.Lessons {
		if l.Score != nil {
			scores[l.Lesson] = *l.Score
		}
	}
	line, err := json.Marshal(map[string]any{"scores": scores})
	b.Write(append(line, '\n'))
	return b.Bytes(), err
}
