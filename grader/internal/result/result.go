// Package result is what a grading found, in the form in which it is kept:
// result.json, schema wirebook/result/v1.
//
// A result holds nothing that differs between two plays of one program: no
// time, port, process or path of the machine. What submissions and the network
// wrote stands in it as text; whoever prints it decides how to keep it harmless.
package result

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"wirebook/harness/telling"
)

// Schema names the form.
const Schema = "wirebook/result/v1"

// A Submission is the outcome for one hand-in.
type Submission struct {
	Schema     string `json:"schema"`
	Submission string `json:"submission"`
	// Origin is what a course platform called the hand-in, where that is more than
	// its name: the platform takes feedback back under it.
	Origin string `json:"origin,omitempty"`
	// Team is the name of those who handed it in together, "" where one did.
	Team      string `json:"team,omitempty"`
	Workbook  string `json:"workbook"` // its hash
	Toolchain string `json:"toolchain"`
	Seed      int64  `json:"seed"`
	// Sandbox is the level at which programs ran.
	Sandbox string `json:"sandbox"`
	// Complete tells that all was graded; otherwise Score is null.
	Complete bool      `json:"complete"`
	Score    *float64  `json:"score"`
	MaxScore float64   `json:"max_score"`
	Findings []Finding `json:"findings"`
	Lessons  []Lesson  `json:"lessons"`
}

// A Severity says what a finding asks of its reader.
type Severity string

const (
	Essential   Severity = "essential"   // it decided a score
	Actionable  Severity = "actionable"  // worth mending
	Informative Severity = "informative" // good to know
)

// A Finding is something found in a hand-in without playing it.
type Finding struct {
	Severity Severity `json:"severity"`
	Lesson   string   `json:"lesson,omitempty"`
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"`
	Message  string   `json:"message"`
	Code     string   `json:"code,omitempty"` // of the line
}

func (f Finding) String() string {
	switch {
	case f.File == "":
		return f.Message
	case f.Line == 0:
		return fmt.Sprintf("%s: %s", telling.Words([]string{f.File}), f.Message)
	}
	return fmt.Sprintf("%s:%d: %s", telling.Words([]string{f.File}), f.Line, f.Message)
}

// A Status says how far the grading of a lesson came.
type Status string

const (
	Graded      Status = "graded"
	NotStarted  Status = "not_started"  // the files are those that were given
	Missing     Status = "missing"      // there are no files
	BuildFailed Status = "build_failed" // it does not compile
	Rejected    Status = "rejected"     // it was refused, or not all of it could be taken
	Unknown     Status = "error"        // we could not tell
)

// A Lesson is the outcome for one lesson.
type Lesson struct {
	Lesson string `json:"lesson"`
	Digest string `json:"digest"` // of what was graded
	// Shape is the same for programs that differ in names and layout alone; "" where
	// that says nothing.
	Shape    string   `json:"shape,omitempty"`
	Status   Status   `json:"status"`
	Complete bool     `json:"complete"`
	Score    *float64 `json:"score"` // null where it is not complete
	MaxScore float64  `json:"max_score"`
	Reason   string   `json:"reason,omitempty"` // why we could not tell
	// Decision is the teacher's, whose points the score is then. What is kept of a
	// grading has none; it stands in reports.
	Decision *Decision `json:"decision,omitempty"`
	// Best names the failure from which the mistake is found soonest.
	Best      string     `json:"best,omitempty"`
	Build     []Message  `json:"build"`
	Scenarios []Scenario `json:"scenarios"`
}

// A Message is one of the compiler's.
type Message struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Code    string `json:"code,omitempty"` // of the line
}

// A Scenario is the outcome of one scenario.
type Scenario struct {
	Scenario string           `json:"scenario"`
	Title    string           `json:"title"`
	Status   telling.Status   `json:"status"`
	Score    *float64         `json:"score"` // null for skip and error
	MaxScore float64          `json:"max_score"`
	Hidden   bool             `json:"hidden"`
	Rule     int              `json:"rule,omitempty"`   // the number of the README's rule that it plays
	Reason   string           `json:"reason,omitempty"` // of a skip or an error, or how often it failed
	Failure  *telling.Failure `json:"failure,omitempty"`
	// Again is the command that plays it again, where Replay cannot know it.
	Again string `json:"again,omitempty"`
}

// Page is what one reads about a scenario of a lesson that failed.
func (s *Scenario) Page(lesson string) telling.Page {
	return telling.Page{Name: s.Scenario, Title: s.Title, Points: int(s.MaxScore), Failure: s.Failure, Replay: s.Replay(lesson),
		Folder: telling.FolderOf(lesson, s.Hidden), Rule: s.Rule}
}

// Replay is the command that plays just this scenario of a lesson again: a student's
// for the public ones, a teacher's for the hidden ones.
func (s *Scenario) Replay(lesson string) string {
	if s.Again != "" {
		return s.Again
	}
	if s.Hidden {
		return fmt.Sprintf("go run ./grader check %s --scenario %s", lesson, s.Scenario)
	}
	return fmt.Sprintf("go test ./exercises/%s -run /%s", lesson, s.Scenario)
}

// Points makes a score; a null one is nil.
func Points(n int) *float64 {
	f := float64(n)
	return &f
}

// Sum completes the lesson from its scenarios. A lesson that was not played
// keeps its maximum and earns nothing.
func (l *Lesson) Sum() {
	l.Complete = l.Status != Unknown
	known := l.Complete
	score, most := 0.0, 0.0
	for _, s := range l.Scenarios {
		switch s.Status {
		case telling.Skip:
			l.Complete = false
			continue // it counts in neither
		case telling.Error:
			l.Complete, known = false, false
		}
		most += s.MaxScore
		if s.Score != nil {
			score += *s.Score
		}
	}
	if len(l.Scenarios) > 0 {
		l.MaxScore = most
	}
	l.Score = nil
	if known {
		l.Score = &score
	}
	l.Best = l.best()
}

// best chooses among what was played.
func (l *Lesson) best() string {
	var played []telling.Played
	var names []string
	for _, s := range l.Scenarios {
		p := telling.Played{Hidden: s.Hidden, Rule: s.Rule}
		switch s.Status {
		case telling.Skip, telling.Error:
			continue
		case telling.Fail:
			p.Failed, p.Steps = true, len(s.Failure.Steps)
		}
		played, names = append(played, p), append(names, s.Scenario)
	}
	if i := telling.Best(played); i >= 0 {
		return names[i]
	}
	return ""
}

// Failures returns the scenarios that failed: first the one to read first, then the
// others in their order.
func (l *Lesson) Failures() []Scenario {
	failed := slices.DeleteFunc(slices.Clone(l.Scenarios), func(s Scenario) bool { return s.Failure == nil })
	slices.SortStableFunc(failed, func(a, b Scenario) int {
		switch l.Best {
		case a.Scenario:
			return -1
		case b.Scenario:
			return 1
		}
		return 0
	})
	return failed
}

// Sum completes the submission from its lessons.
func (s *Submission) Sum() {
	s.Complete, s.MaxScore = true, 0
	score, known := 0.0, true
	for _, l := range s.Lessons {
		s.Complete = s.Complete && l.Complete
		s.MaxScore += l.MaxScore
		if l.Score == nil {
			known = false
		} else {
			score += *l.Score
		}
	}
	s.Score = nil
	if known {
		s.Score = &score
	}
}

// Lesson returns the outcome for the lesson of this name, nil where there is
// none.
func (s *Submission) Lesson(name string) *Lesson {
	i := slices.IndexFunc(s.Lessons, func(l Lesson) bool { return l.Lesson == name })
	if i < 0 {
		return nil
	}
	return &s.Lessons[i]
}

// Encode writes a submission as result.json. Equal results have equal bytes. A
// scenario stands in one line.
func (s *Submission) Encode() ([]byte, error) {
	frame := *s
	frame.Lessons = slices.Clone(s.Lessons)
	for i := range frame.Lessons {
		frame.Lessons[i].Scenarios = nil
	}
	text, err := encode(frame, "  ")
	if err != nil {
		return nil, err
	}
	// This stands in no string, where a quote has a backslash before it.
	parts := bytes.Split(text, []byte(`"scenarios": null`))
	out := bytes.NewBuffer(parts[0])
	for i, l := range s.Lessons {
		out.WriteString(`"scenarios": [`)
		for j, sc := range l.Scenarios {
			line, err := encode(sc, "")
			if err != nil {
				return nil, err
			}
			if j > 0 {
				out.WriteString(",")
			}
			out.WriteString("\n        ")
			out.Write(bytes.TrimSuffix(line, []byte("\n")))
		}
		if len(l.Scenarios) > 0 {
			out.WriteString("\n      ")
		}
		out.WriteString("]")
		out.Write(parts[i+1])
	}
	return out.Bytes(), nil
}

func encode(value any, indent string) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // that is for whoever puts it into a page
	encoder.SetIndent("", indent)
	err := encoder.Encode(value)
	return b.Bytes(), err
}

// Decode reads a result.json. One that is cut, or of another schema, is an
// error.
func Decode(data []byte) (*Submission, error) {
	s := new(Submission)
	if err := json.Unmarshal(data, s); err != nil {
		return nil, err
	}
	if s.Schema != Schema {
		return nil, fmt.Errorf("schema %q; want %q", s.Schema, Schema)
	}
	return s, nil
}
