package grade

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirebook/grader/internal/intake"
)

// An appeal comes to what was graded, and says where it does not, and what else is not
// as it was.
func TestAppeal(t *testing.T) {
	class, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
	path := filepath.Join(class, "ann", "greet", "main.go")
	hand := func(text string) {
		t.Helper()
		err := os.MkdirAll(filepath.Dir(path), 0o777)
		if err == nil {
			err = os.WriteFile(path, []byte(text), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	wrong := strings.Replace(greeter, "hello", "hallo", 1)
	hand(wrong)
	book := newBook(t, nil)
	g := newGrader(t, book)
	gradeClass(t, g, entriesOf(t, class), out)
	graded, err := (&Folder{dir: out}).Read("ann")
	if err != nil {
		t.Fatal(err)
	}
	failed := graded.Lessons[0].Failures()[0].Scenario
	tests := []struct {
		name, text, scenario string
		change               func(a *Appeal)
		want                 []string // in what is told
		differs              bool
	}{
		{"as it was", wrong, failed, nil, []string{"hallo", "The same as when it was graded: fail, 0 of "}, false},
		{"another hand-in", greeter, failed, nil, []string{"It was graded otherwise. Now: pass, ", "then: fail, 0 of ", "Not as it was then: the hand-in is another one."}, true},
		{"one that does not compile", "package main\n\nfunc main() { x }\n", failed, nil, []string{"Now: build_failed; then: fail, 0 of "}, true},
		{"by another workbook", wrong, failed, func(a *Appeal) { a.Graded.Workbook = "other" }, []string{"The same", "Not as it was then: the workbook is another one."}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			hand(test.text)
			then := *graded
			a := &Appeal{Book: book, Builder: g.builder, Linter: g.linter, Entry: entriesOf(t, class)[0], Graded: &then, Lesson: "greet", Scenario: test.scenario}
			if test.change != nil {
				test.change(a)
			}
			v, err := a.Play(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var told strings.Builder
			if err := v.Write(&told); err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(told.String(), want) {
					t.Errorf("told:\n%s\nwant %q", &told, want)
				}
			}
			if v.Differs() != test.differs {
				t.Errorf("it differs: %v; want %v", v.Differs(), test.differs)
			}
		})
	}
	a := &Appeal{Book: book, Builder: g.builder, Linter: g.linter, Entry: intake.Entry{Name: "ann"}, Graded: graded, Lesson: "greet", Scenario: "none"}
	if _, err := a.Play(t.Context()); err == nil || !strings.Contains(err.Error(), `greet has no scenario "none"`) {
		t.Errorf("error %v; want that there is no such scenario", err)
	}
}
