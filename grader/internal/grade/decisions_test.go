package grade

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirebook/grader/internal/result"
)

// decide writes a folder's decisions.
func decide(t *testing.T, dir, rows string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "decisions.csv"), []byte("student,lesson,points,reason\n"+rows), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestDecisions(t *testing.T) {
	m := &Manifest{Lessons: []string{"greet"}, Submissions: []string{"ann"}}
	tests := []struct{ name, rows, want string }{
		{"one", "ann,greet,2.5,\"Shown, and seen.\"\n", ""},
		{"nobody", "Ann,greet,1,x\n", `row 2: there is no result of "Ann"`},
		{"no lesson", "ann,chat,1,x\n", `row 2: the lessons are greet, and not "chat"`},
		{"no points", "ann,greet,much,x\n", `row 2: "much" are no points`},
		{"below nothing", "ann,greet,-1,x\n", `row 2: "-1" are no points`},
		{"not a number", "ann,greet,NaN,x\n", `row 2: "NaN" are no points`},
		{"too many", "ann,greet,4,x\n", "row 2: 4 points, where greet gives 3 at most"},
		{"no reason", "ann,greet,1, \n", "row 2: it has no reason"},
		{"twice", "ann,greet,1,x\nann,greet,2,x\n", "row 3: there are two decisions about greet of \"ann\""},
		{"a column too few", "ann,greet,1\n", "its columns are student,lesson,points,reason"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			decide(t, dir, test.rows)
			d, err := readDecisions(dir)
			if err == nil {
				err = d.Check(m)
			}
			s := &result.Submission{Submission: "ann", Lessons: []result.Lesson{{Lesson: "greet", Status: result.BuildFailed, MaxScore: 3}}}
			s.Lessons[0].Sum()
			if err == nil {
				s, err = d.Apply(s)
			}
			var other *OtherError
			switch {
			case test.want == "" && (err != nil || points(s.Score) != 2.5 || s.Lessons[0].Decision.Reason != "Shown, and seen."):
				t.Errorf("%+v, %v; want 2.5 points", s, err)
			case test.want != "" && (!errors.As(err, &other) || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error %v; want %q", err, test.want)
			}
		})
	}
}

// Merging keeps the decisions of the parts and of the folder that is written to.
func TestDecisionsAreMerged(t *testing.T) {
	class := digestNames([]string{"ann", "bob"})
	first := fake{"book", "go1.26.8", "strong", 7, &Part{1, 2, class}, []string{"ann"}, "", "1"}
	second := first
	second.shard, second.names = &Part{2, 2, class}, []string{"bob"}
	one, two, out := first.write(t, "one"), second.write(t, "two"), filepath.Join(t.TempDir(), "out")
	decide(t, one, "ann,greet,0,a\n")
	decide(t, two, "bob,greet,0,\"b,\"\n")
	for range 2 { // the second time they are there
		folder, _, err := Merge([]string{one, two}, out)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(folder.dir, "decisions.csv"))
		if want := "student,lesson,points,reason\nann,greet,0,a\nbob,greet,0,\"b,\"\n"; err != nil || string(text) != want {
			t.Errorf("%q, %v; want %q", text, err, want)
		}
	}
	decide(t, one, "ann,greet,0,another reason\n")
	if _, _, err := Merge([]string{one, two}, out); err == nil || !strings.Contains(err.Error(), `they decide differently about greet of "ann"`) {
		t.Errorf("error %v; want that they contradict each other", err)
	}
}
