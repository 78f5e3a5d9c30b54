package report

import (
	"archive/zip"
	"io"

	"wirebook/grader/internal/result"
)

// feedback writes a zip with a page for each student, under the name that the
// course platform gave his hand-in: Moodle takes it as several feedback files at
// once, and Canvas as submissions that are uploaded again.
func feedback(w io.Writer, c *Class, o *Options) error {
	out := zip.NewWriter(w)
	own := 0
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		name, known := feedbackName(s)
		if !known {
			own++
		}
		page, err := out.Create(name)
		if err == nil {
			err = Student(page, c, s)
		}
		if err != nil {
			return err
		}
	}
	if own > 0 {
		o.Say("feedback: %d pages stand under their hand-ins' own names, which no course platform has given; it will not know whose they are", own)
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
