// Package standing shows a student where he stands: a row for each lesson, on one screen,
// or the same for an editor.
package standing

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"wirebook/harness"

	"wirebook/grader/internal/result"
)

// A Standing is how far a student is in the lessons of a workbook.
type Standing struct {
	Schema  string `json:"schema"`
	Lessons []Row  `json:"lessons"`
	// Next is what is to be done, nil where all is.
	Next *Next `json:"next"`
}

// Schema names the form in JSON.
const Schema = "wirebook/standing/v1"

// A Row is one lesson.
type Row struct {
	Lesson   string        `json:"lesson"`
	Title    string        `json:"title"`
	Part     string        `json:"part"`
	Status   result.Status `json:"status"`
	Score    *float64      `json:"score"` // null where it is not known
	MaxScore float64       `json:"max_score"`
	// Since is when the score was seen first, in the form of RFC 3339; "" of a lesson
	// that is not begun.
	Since string `json:"since,omitempty"`
}

// Next is what is to be done.
type Next struct {
	Lesson   string `json:"lesson"`
	Scenario string `json:"scenario,omitempty"`
	Read     string `json:"read,omitempty"`
	Command  string `json:"command"`
}

// New sums up what came of the lessons.
func New(lessons []*harness.Lesson, s *result.Submission) *Standing {
	st := &Standing{Schema: Schema, Lessons: []Row{}}
	for i, l := range s.Lessons {
		st.Lessons = append(st.Lessons, Row{
			Lesson: l.Lesson, Title: lessons[i].Title, Part: lessons[i].Part,
			Status: l.Status, Score: l.Score, MaxScore: l.MaxScore,
		})
		if st.Next == nil && (l.Score == nil || *l.Score < l.MaxScore) {
			st.Next = next(&l)
		}
	}
	return st
}

func next(l *result.Lesson) *Next {
	n := &Next{Lesson: l.Lesson, Command: "go run ./grader watch " + l.Lesson}
	switch failed := l.Failures(); {
	case l.Status == result.NotStarted:
		n.Read = "exercises/" + l.Lesson + "/README.md"
	case len(failed) == 0:
		n.Command = "go run ./grader check " + l.Lesson
	default:
		n.Scenario = l.Best
	}
	return n
}

// seen is what a file of memories holds of a lesson.
type seen struct {
	Score *float64  `json:"score"`
	Since time.Time `json:"since"`
}

// Remember gives each lesson that is begun the time since when its score is what it is.
// What was seen before stands in the file, and what is seen now does afterwards.
func (st *Standing) Remember(file string, now time.Time) error {
	before := make(map[string]seen)
	if text, err := os.ReadFile(file); err == nil {
		// A file that is cut is begun anew.
		_ = json.Unmarshal(text, &before)
	}
	after := make(map[string]seen)
	for i := range st.Lessons {
		row := &st.Lessons[i]
		if row.Status == result.NotStarted {
			continue
		}
		is := seen{row.Score, now.UTC().Truncate(time.Second)}
		if was, ok := before[row.Lesson]; ok && same(was.Score, row.Score) {
			is = was
		}
		after[row.Lesson], row.Since = is, is.Since.Format(time.RFC3339)
	}
	text, err := json.Marshal(after)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o666)
}

func same(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// JSON writes it for an editor.
func (st *Standing) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(st)
}

// states are the statuses that a row names.
var states = map[result.Status]string{
	result.NotStarted: "not started", result.Missing: "no files", result.BuildFailed: "does not compile",
	result.Rejected: "refused: see check", result.Unknown: "see check",
}

// Text writes it for a terminal of 80 by 24.
func (st *Standing) Text(w io.Writer) {
	for _, row := range st.Lessons {
		score := "?"
		if row.Score != nil {
			score = fmt.Sprintf("%g", *row.Score)
		}
		note := states[row.Status]
		if since, err := time.Parse(time.RFC3339, row.Since); note == "" && err == nil {
			note = "since " + since.Local().Format("2 Jan 2006")
		}
		text := fmt.Sprintf("%-11s %s %3s of %-4g %-19s %s", row.Lesson, bar(row), score, row.MaxScore, row.Part, note)
		fmt.Fprintln(w, strings.TrimRight(text, " "))
	}
	fmt.Fprintln(w)
	switch n := st.Next; {
	case n == nil:
		fmt.Fprintln(w, "Every scenario of every lesson passes.")
	case n.Read != "":
		fmt.Fprintf(w, "Next: read %s, then run:  %s\n", n.Read, n.Command)
	case n.Scenario == "":
		fmt.Fprintf(w, "Next: %s. See why with:  %s\n", n.Lesson, n.Command)
	default:
		fmt.Fprintf(w, "Next: %s, scenario %s:  %s\nA hint:  go run ./grader hint %[1]s\n", n.Lesson, n.Scenario, n.Command)
	}
}

// bar draws how much of a lesson is done. It is full for a whole one only, and empty for
// one without points only.
func bar(row Row) string {
	const most = 16
	full := 0
	if row.Score != nil && row.MaxScore > 0 {
		full = int(math.Floor(*row.Score / row.MaxScore * most))
		if full == 0 && *row.Score > 0 {
			full = 1
		}
	}
	return strings.Repeat("█", full) + strings.Repeat("░", most-full)
}
