package grade

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
)

// lessonsLikeGreet returns a change of the workbook that adds lessons of these
// names.
func lessonsLikeGreet(names ...string) func(exercises, solutions fstest.MapFS) {
	return func(exercises, solutions fstest.MapFS) {
		syllabus := string(exercises["README.md"].Data)
		for _, name := range names {
			syllabus += fmt.Sprintf("| [%s](%[1]s/README.md) | A greeting | none |\n", name)
			for _, side := range []fstest.MapFS{exercises, solutions} {
				added := make(fstest.MapFS)
				for path, file := range side {
					if rest, ok := strings.CutPrefix(path, "greet/"); ok {
						added[name+"/"+rest] = file
					}
				}
				for path, file := range added {
					side[path] = file
				}
			}
		}
		exercises["README.md"].Data = []byte(syllabus)
	}
}

// mixed is a submission whose lessons go different ways. Three of them are linked
// together.
func mixed() *intake.Submission {
	return &intake.Submission{Name: "ann", Lessons: map[string]source.Files{
		"greet":  {"main.go": []byte(strings.Replace(greeter, "func main()", "func wait() { for {} }\n\nfunc main()", 1))},
		"crash":  {"main.go": []byte("package main\n\nimport \"os\"\n\nfunc main() { println(os.Args[99]) }\n")},
		"nil":    {"main.go": []byte("package main\n\nfunc main() { var p *int; *p = 1 }\n")},
		"broken": {"main.go": []byte("package main\n\nfunc main() { x }\n")},
		"early":  {"main.go": []byte("package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc init() { fmt.Println(\"hello\"); os.Exit(0) }\n\nfunc main() {}\n")},
		"same":   {"main.go": []byte(given)},
	}}
}

// A lesson comes to the same bytes among others and alone.
func TestLessonsTogether(t *testing.T) {
	book := newBook(t, lessonsLikeGreet("crash", "nil", "broken", "early", "same", "missing"))
	g := newGrader(t, book)
	all := mixed()
	together, timing, err := g.Grade(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range together.Lessons {
		alone := &intake.Submission{Name: "ann", Lessons: map[string]source.Files{}}
		if files := all.Lessons[l.Lesson]; files != nil {
			alone.Lessons[l.Lesson] = files
		}
		want, _, err := g.Grade(t.Context(), alone)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(text(t, want.Lesson(l.Lesson)), text(t, l)); diff != "" {
			t.Errorf("%s (-alone +together):\n%s", l.Lesson, diff)
		}
		built := all.Lessons[l.Lesson] != nil && l.Lesson != "same"
		if took := timing.Lessons[i]; took.Lesson != l.Lesson || (took.Build > 0) != built {
			t.Errorf("timing %+v of %s", took, l.Lesson)
		}
	}
	if len(together.Findings) != 1 || together.Findings[0].Lesson != "greet" {
		t.Errorf("findings %v; want one about greet", together.Findings)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What is built together is what waits for it, and no more.
func TestWaiting(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("programs are linked together on Linux only")
	}
	g := newGrader(t, newBook(t, lessonsLikeGreet("crash", "nil", "broken", "early", "same", "missing")))
	h := &handIn{g: g}
	defer h.close()
	var first *exam
	for _, st := range g.stages {
		e := examine(st, mixed())
		h.exams = append(h.exams, e)
		if e.program != nil && first == nil {
			first = e
		}
	}
	if _, err := h.build(t.Context(), first, stage.Executable(t.TempDir(), "first")); err != nil {
		t.Fatal(err)
	}
	apart := make(map[string]bool)
	for name := range h.waiting {
		apart[name] = h.builds.Apart(t.Context(), name) != nil
	}
	want := map[string]bool{"greet": false, "crash": false, "nil": false, "broken": true, "early": true}
	if diff := cmp.Diff(want, apart); diff != "" {
		t.Errorf("linked by itself (-want +got):\n%s", diff)
	}
}
