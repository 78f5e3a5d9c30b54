package report

import (
	"encoding/xml"
	"io"
	"strings"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// A suite is a lesson of a submission.
type suite struct {
	XMLName  xml.Name   `xml:"testsuite"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Skipped  int        `xml:"skipped,attr"`
	Cases    []testCase `xml:"testcase"`
}

type testCase struct {
	Class   string  `xml:"classname,attr"`
	Name    string  `xml:"name,attr"`
	Failure *detail `xml:"failure"`
	Error   *detail `xml:"error"`
	Skipped *detail `xml:"skipped"`
}

type detail struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes a test suite for each lesson of each submission and a test case
// for each scenario. A lesson that was not played is one case.
func JUnit(w io.Writer, c *Class) error {
	if _, err := io.WriteString(w, xml.Header+"<testsuites>\n"); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		for i := range s.Lessons {
			if err := encoder.Encode(newSuite(s, &s.Lessons[i])); err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(w, "\n</testsuites>\n")
	return err
}

func newSuite(s *result.Submission, l *result.Lesson) *suite {
	out := &suite{Name: Line(s.Submission) + "/" + l.Lesson}
	if len(l.Scenarios) == 0 {
		why := &detail{Message: says[l.Status], Text: printable(strings.Join(reasons(s, l), "\n"))}
		one := testCase{Class: out.Name, Name: l.Lesson}
		if l.Status == result.Unknown {
			one.Error = why
		} else {
			one.Failure = why
		}
		out.Cases = append(out.Cases, one)
	}
	for _, sc := range l.Scenarios {
		one := testCase{Class: out.Name, Name: sc.Scenario}
		switch {
		case sc.Failure != nil:
			one.Failure = &detail{Message: printable(sc.Failure.Message), Text: "\n" + page(l.Lesson, sc)}
		case sc.Status == telling.Error:
			one.Error = &detail{Message: printable(sc.Reason)}
		case sc.Status == telling.Skip:
			one.Skipped = &detail{Message: printable(sc.Reason)}
		}
		out.Cases = append(out.Cases, one)
	}
	for _, one := range out.Cases {
		out.Tests++
		out.Failures += count(one.Failure)
		out.Errors += count(one.Error)
		out.Skipped += count(one.Skipped)
	}
	return out
}

func count(d *detail) int {
	if d == nil {
		return 0
	}
	return 1
}
