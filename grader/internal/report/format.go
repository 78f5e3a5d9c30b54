package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"wirebook/grader/internal/result"
)

// A Format is a form in which results are written.
type Format struct {
	Name string
	// Appends tells that what stands in its file already is others'.
	Appends bool
	// ending is that of a student's file, of a format that knows one submission
	// only.
	ending string
	// passedOn tells that it is not for the teacher's eyes alone, so that hidden
	// scenarios stay hidden in it.
	passedOn bool
	write    func(w io.Writer, c *Class, o *Options) error
}

// Options are what formats may have to know beside the results.
type Options struct {
	// Hidden is what they show of hidden scenarios where they are passed on.
	Hidden Hidden
	// Roster is the course platform's list of students, nil where there is none.
	Roster *Roster
	// Say tells the teacher what a receiver will not take.
	Say func(format string, args ...any)
	// Commands is what a CI system reads.
	Commands io.Writer
	Getenv   func(name string) string
	Now      func() time.Time
}

// A Write writes a report about a class.
type Write func(w io.Writer, c *Class) error

// always is a format that needs no options.
func always(write Write) func(io.Writer, *Class, *Options) error {
	return func(w io.Writer, c *Class, _ *Options) error { return write(w, c) }
}

// formats are all that there are.
var formats = []*Format{
	{Name: "text", write: always(Text)},
	{Name: "json", write: always(JSON)},
	{Name: "csv", write: always(CSV)},
	{Name: "html", write: always(HTML)},
	{Name: "junit", passedOn: true, write: always(JUnit)},
	{Name: "gradescope", passedOn: true, ending: ".json", write: each(gradescope)},
	{Name: "classroom50", passedOn: true, ending: ".json", write: each(classroom50)},
	{Name: "github", passedOn: true, Appends: true, write: github},
	{Name: "gitlab", passedOn: true, write: always(gitlab)},
	{Name: "prairielearn", passedOn: true, ending: ".json", write: each(prairielearn)},
	{Name: "autolab", passedOn: true, ending: ".txt", write: each(autolab)},
	{Name: "markdown", passedOn: true, ending: ".md", write: each(markdown)},
	{Name: "moodle", write: moodle},
	{Name: "canvas", write: canvas},
	{Name: "feedback", passedOn: true, write: feedback},
}

// Formats names the formats, in a sentence.
func Formats() string {
	var names []string
	for _, f := range formats {
		names = append(names, f.Name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// FormatNamed returns a format.
func FormatNamed(name string) (*Format, error) {
	for _, f := range formats {
		if f.Name == name {
			return f, nil
		}
	}
	return nil, fmt.Errorf("%q: no such format; it is one of %s", name, Formats())
}

// Write writes a class.
func (f *Format) Write(w io.Writer, c *Class, o *Options) error {
	if f.passedOn && !c.Own {
		c = c.passedOn(o.Hidden)
	}
	return f.write(w, c, o)
}

// IsSingle reports whether the format knows one submission only, so that a class
// takes a file for each.
func (f *Format) IsSingle() bool { return f.ending != "" }

// WriteEach gives each submission's file to write, with a name of its own.
func (f *Format) WriteEach(c *Class, o *Options, write func(submission, file string, data []byte) error) error {
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		var b bytes.Buffer
		one := *c
		one.brief, one.Submissions = nil, One(s).Submissions
		if err := f.Write(&b, &one, o); err != nil {
			return err
		}
		if b.Len() == 0 {
			continue // and the format has said why
		}
		if err := write(s.Submission, f.Name+f.ending, b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// each writes a class's submissions one behind the other.
func each(write func(s *result.Submission, o *Options) ([]byte, error)) func(io.Writer, *Class, *Options) error {
	return func(w io.Writer, c *Class, o *Options) error {
		for s, err := range c.Submissions {
			var text []byte
			if err == nil {
				text, err = write(s, o)
			}
			if err == nil {
				_, err = w.Write(text)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// cutText keeps the beginning of a text that a receiver would refuse.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const note = "\n(the rest is left out)\n"
	return strings.ToValidUTF8(text[:max(0, most-len(note))], "") + note
}
