package grade

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/cache"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/source"
)

// recalling returns a grader with the cache of this test.
func recalling(t *testing.T) *Grader {
	return graderWith(t, newBook(t, nil), Options{Cache: cache.Open()})
}

// graded returns a submission's result.json, and whether something was built for
// it.
func graded(t *testing.T, g *Grader, s *intake.Submission) (text string, worked bool) {
	builds := g.builder.(*counting).builds.Load()
	result, err := g.Grade(t.Context(), s)
	if err != nil {
		t.Error(err)
		return
	}
	if err := trim(result); err != nil {
		t.Error(err)
	}
	data, err := result.Encode()
	if err != nil {
		t.Error(err)
	}
	return string(data), g.builder.(*counting).builds.Load() > builds
}

// A result shows in no byte that it was recalled, and what was found about one
// submission stands in no other.
func TestRecall(t *testing.T) {
	tests := map[string]string{
		"right":         greeter,
		"wrong":         strings.Replace(greeter, "hello", "hallo \\xff <&>\\u2028", 1),
		"not compiling": "package main\n\nfunc main() { x }\n",
		"with advice":   "package main\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)\n\nfunc main() {\n\ttime.Sleep(time.Millisecond)\n\tfmt.Println(\"hello\")\n}\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv(cache.Variable, t.TempDir())
			hand := func(student string) *intake.Submission {
				s := submission(student, source.Files{"main.go": []byte(text)})
				s.Aside = []intake.Note{{Lesson: "greet", File: "notes.txt", Message: "of " + student}}
				return s
			}
			for _, student := range []string{"ann", "ben"} {
				fresh, _ := graded(t, newGrader(t, newBook(t, nil)), hand(student))
				got, worked := graded(t, recalling(t), hand(student))
				if worked != (student == "ann") {
					t.Errorf("%s: built or played: %v; want it for ann alone", student, worked)
				}
				if diff := cmp.Diff(fresh, got); diff != "" {
					t.Errorf("%s (-fresh +recalled):\n%s", student, diff)
				}
			}
		})
	}
}

func TestRecallTogether(t *testing.T) {
	t.Setenv(cache.Variable, t.TempDir())
	g := recalling(t)
	var mu sync.Mutex
	var texts []string
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			text, _ := graded(t, g, submission("ann", source.Files{"main.go": []byte(greeter)}))
			mu.Lock()
			defer mu.Unlock()
			texts = append(texts, text)
		})
	}
	wait.Wait()
	// One build is that of the workbook's own program.
	if builds := g.builder.(*counting).builds.Load(); builds != 2 {
		t.Errorf("%d builds; want two", builds)
	}
	if slices.Sort(texts); len(slices.Compact(texts)) != 1 {
		t.Errorf("there are different results: %q; want one", texts)
	}
}

func TestInterruptedIsNotKept(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(cache.Variable, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := submission("ann", source.Files{"main.go": []byte(greeter)})
	if _, err := recalling(t).Grade(ctx, s); err == nil {
		t.Error("an interrupted grading has a result")
	}
	if kept, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(kept) > 0 {
		t.Errorf("%v is kept, %v; want nothing", kept, err)
	}
}
