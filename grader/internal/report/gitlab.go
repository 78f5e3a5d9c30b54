package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"

	"wirebook/grader/internal/result"
)

// A codeIssue is one of GitLab's code quality.
type codeIssue struct {
	Description string `json:"description"`
	Check       string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// gitlab writes what was found in the code, as GitLab's code quality takes it:
// the compiler's messages and the findings. What the scenarios found is for
// junit, which GitLab takes as well.
func gitlab(w io.Writer, c *Class) error {
	all, err := c.summaries()
	if err != nil {
		return err
	}
	issues := []codeIssue{}
	for _, s := range all {
		for _, l := range s.Lessons {
			for _, m := range l.Build {
				issues = append(issues, newCodeIssue(c, s, l.Lesson, "compiler", "blocker", m.File, m.Line, m.Message))
			}
		}
		for _, f := range s.Findings {
			if f.Lesson != "" && f.Line > 0 {
				issues = append(issues, newCodeIssue(c, s, f.Lesson, "advice", severities[f.Severity], f.File, f.Line, f.Message))
			}
		}
	}
	return json.NewEncoder(w).Encode(issues)
}

var severities = map[result.Severity]string{result.Essential: "blocker", result.Actionable: "minor", result.Informative: "info"}

func newCodeIssue(c *Class, s *result.Submission, lesson, check, severity, file string, line int, message string) codeIssue {
	r := codeIssue{Description: printable(message), Check: check, Severity: severity}
	// A path that leads upwards or has a slash in front is none in the repository.
	r.Location.Path = strings.TrimPrefix(path.Join("/exercises", lesson, printable(file)), "/")
	r.Location.Lines.Begin = max(1, line)
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %d %q", s.Submission, lesson, file, line, message))
	r.Fingerprint = hex.EncodeToString(sum[:16])
	return r
}
