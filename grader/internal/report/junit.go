package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// counts are what a reader of JUnit expects beside a name.
type counts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

func (n *counts) add(status telling.Status) {
	n.Tests++
	switch status {
	case telling.Fail:
		n.Failures++
	case telling.Error:
		n.Errors++
	case telling.Skip:
		n.Skipped++
	}
}

// A suite is a lesson of a submission.
type suite struct {
	XMLName xml.Name `xml:"testsuite"`
	Name    string   `xml:"name,attr"`
	counts
	Cases []testCase `xml:"testcase"`
}

type testCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Points  []property `xml:"properties>property"`
	Failure *detail    `xml:"failure"`
	Error   *detail    `xml:"error"`
	Skipped *detail    `xml:"skipped"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type detail struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes a test suite for each lesson of each submission and a test case
// for each scenario. A lesson that was not played is one case.
func JUnit(w io.Writer, c *Class) error {
	var all counts
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		for i := range s.Lessons {
			l := &s.Lessons[i]
			for _, sc := range l.Scenarios {
				all.add(sc.Status)
			}
			if l.Decision != nil {
				all.add(lessonChecks(s, l)[0].status)
			}
			if len(l.Scenarios) == 0 {
				all.add(unplayedLesson(s, l).status)
			}
		}
	}
	if _, err := fmt.Fprintf(w, "%s<testsuites name=\"wirebook\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n",
		xml.Header, all.Tests, all.Failures, all.Errors, all.Skipped); err != nil {
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
	for i, c := range lessonChecks(s, l) {
		one := testCase{Class: out.Name, Name: c.name, Points: []property{{"max_points", number(c.most)}}}
		if c.score != nil {
			one.Points = append([]property{{"points", number(*c.score)}}, one.Points...)
		}
		if l.Decision != nil && i == 0 {
			one.Points = append(one.Points, property{"decision", c.line})
		}
		why := &detail{Message: c.line, Text: c.text}
		switch c.status {
		case telling.Fail:
			one.Failure = why
		case telling.Error:
			one.Error = why
		case telling.Skip:
			one.Skipped = why
		}
		out.add(c.status)
		out.Cases = append(out.Cases, one)
	}
	return out
}
