package standing

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness"

	"wirebook/grader/internal/result"
)

// standing is one of lessons with these scores of 10; -1 is not begun.
func standing(scores ...int) *Standing {
	s := &result.Submission{}
	var lessons []*harness.Lesson
	for i, n := range scores {
		l := result.Lesson{Lesson: fmt.Sprintf("lesson%d", i), Status: result.Graded, MaxScore: 10, Score: result.Points(n)}
		if n < 0 {
			l.Status, l.Score = result.NotStarted, result.Points(0)
		}
		s.Lessons = append(s.Lessons, l)
		lessons = append(lessons, &harness.Lesson{Name: l.Lesson, Title: "A title", Part: "Inside the network"})
	}
	return New(lessons, s)
}

// Nineteen lessons, each of which has the longest words that there are, fit one screen.
func TestOneScreen(t *testing.T) {
	scores := make([]int, 19)
	st := standing(scores...)
	for i := range st.Lessons {
		row := &st.Lessons[i]
		row.Lesson, row.MaxScore, row.Score = "colourchat"[:10], 188, result.Points(177)
		row.Status = []result.Status{result.Graded, result.Rejected, result.BuildFailed}[i%3]
	}
	st.Next = &Next{Lesson: "colourchat", Scenario: "control-characters", Command: "go run ./grader watch colourchat"}
	if err := st.Remember(filepath.Join(t.TempDir(), "since.json"), time.Date(2026, 9, 28, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	st.Text(&b)
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) > 23 { // and the prompt
		t.Errorf("%d lines", len(lines))
	}
	for _, l := range lines {
		if n := utf8.RuneCountInString(l); n > 80 {
			t.Errorf("%d columns: %s", n, l)
		}
	}
}

func TestText(t *testing.T) {
	st := standing(10, 1, -1)
	st.Lessons[1].Score = result.Points(9)
	if err := st.Remember(filepath.Join(t.TempDir(), "since.json"), time.Date(2026, 9, 28, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	st.Text(&b)
	want := `lesson0     ████████████████  10 of 10   Inside the network  since 28 Sep 2026
lesson1     ██████████████░░   9 of 10   Inside the network  since 28 Sep 2026
lesson2     ░░░░░░░░░░░░░░░░   0 of 10   Inside the network  not started

Next: lesson1. See why with:  go run ./grader check lesson1
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A score is as old as its first sight, and one that changes begins anew.
func TestRemember(t *testing.T) {
	file := filepath.Join(t.TempDir(), "since.json")
	day := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	for i, test := range []struct {
		scores []int
		want   []string
	}{
		{[]int{3, -1}, []string{"2026-09-01T12:00:00Z", ""}},
		{[]int{3, 0}, []string{"2026-09-01T12:00:00Z", "2026-09-02T12:00:00Z"}},
		{[]int{4, 0}, []string{"2026-09-03T12:00:00Z", "2026-09-02T12:00:00Z"}},
		{[]int{3, -1}, []string{"2026-09-04T12:00:00Z", ""}},
	} {
		st := standing(test.scores...)
		if err := st.Remember(file, day.AddDate(0, 0, i)); err != nil {
			t.Fatal(err)
		}
		for j, row := range st.Lessons {
			if row.Since != test.want[j] {
				t.Errorf("day %d: %s since %q; want %q", i, row.Lesson, row.Since, test.want[j])
			}
		}
	}
}

func TestNext(t *testing.T) {
	if st := standing(10, 10); st.Next != nil {
		t.Errorf("after everything: %+v", st.Next)
	}
	if st := standing(10, -1); st.Next == nil || st.Next.Read != "exercises/lesson1/README.md" {
		t.Errorf("before a lesson: %+v", st.Next)
	}
	var b bytes.Buffer
	if err := standing(10, -1).JSON(&b); err != nil || !strings.Contains(b.String(), `"schema": "wirebook/standing/v1"`) || !strings.Contains(b.String(), `"read": "exercises/lesson1/README.md"`) {
		t.Errorf("%v\n%s", err, &b)
	}
}
