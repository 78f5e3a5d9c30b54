package report

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"

	"wirebook/grader/internal/result"
)

// mostTold is how many hand-ins are named in a line on standard error.
const mostTold = 20

// feedback writes a zip with a page for each student, under the name that the
// course platform gave his hand-in: Moodle takes it as several feedback files at
// once, and Canvas as submissions that are uploaded again.
func feedback(w io.Writer, c *Class, o *Options) error {
	out := zip.NewWriter(w)
	var own []string
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		name, known := feedbackName(s)
		if !known {
			own = append(own, Line(s.Submission))
		}
		page, err := out.Create(name)
		if err == nil {
			err = Student(page, c, s)
		}
		if err != nil {
			return err
		}
	}
	if len(own) > 0 {
		named, more := own[:min(len(own), mostTold)], ""
		if len(own) > mostTold {
			more = fmt.Sprintf(" and %d more", len(own)-mostTold)
		}
		o.Say("feedback: no course platform has given these names to files, so it will not know whose pages they are: %s%s", strings.Join(named, ", "), more)
	}
	return out.Close()
}

// feedbackName is where a student's page stands, and whether a platform has given
// that name.
func feedbackName(s *result.Submission) (name string, known bool) {
	origin := or(s.Origin, s.Submission)
	if moodleName.MatchString(origin) {
		return origin + "/feedback.html", true
	}
	if m := canvasName.FindStringSubmatch(origin); m != nil && m[4] != "" {
		return m[1] + m[2] + "_" + m[3] + "_" + m[4] + "_feedback.html", true
	}
	return s.Submission + "/feedback.html", false
}
