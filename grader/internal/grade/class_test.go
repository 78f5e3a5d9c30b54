package grade

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wirebook/grader/internal/result"
)

// What happens to one submission while a class is graded is an error of that
// one, and harms no other.
func TestOneIsLost(t *testing.T) {
	tests := []struct {
		name string
		lose func(class, out string) error
		want string // ann's reason
	}{
		{"vanished", func(class, _ string) error { return os.RemoveAll(filepath.Join(class, "ann")) }, "no such file"},
		{"no place for the result", func(_, out string) error {
			if err := os.RemoveAll(filepath.Join(out, "ann")); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(out, "ann"), nil, 0o666)
		}, "the result could not be written"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, class, out := newGrader(t, newBook(t, nil)), t.TempDir(), filepath.Join(t.TempDir(), "out")
			for _, name := range []string{"ann", "bob"} {
				path := filepath.Join(class, name, "greet", "main.go")
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(greeter), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			entries := entriesOf(t, class)
			gradeClass(t, g, entries, out)
			if err := test.lose(class, out); err != nil {
				t.Fatal(err)
			}
			var done []string
			c := &Class{Grader: g, Entries: entries, Folder: &Folder{dir: out}, Done: func(s *result.Submission, kept bool) {
				done = append(done, fmt.Sprint(s.Submission, " ", points(s.Score), " ", kept))
			}}
			if err := c.Grade(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(done) != 2 || !strings.Contains(strings.Join(done, ", "), "ann <nil> false") || !strings.Contains(strings.Join(done, ", "), "bob 3 true") {
				t.Errorf("done: %q; want ann without a score, and bob's kept", done)
			}
			var all []*result.Submission
			for s, err := range c.Results() {
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, s)
			}
			if ann := all[0]; ann.Submission != "ann" || ann.Score != nil || ann.Complete || !strings.Contains(ann.Lessons[0].Reason, test.want) {
				t.Errorf("ann's result: %+v; want no score, and %q", ann, test.want)
			}
			if bob := all[1]; points(bob.Score) != 3.0 || !bob.Complete {
				t.Errorf("bob's result: %+v; want 3 points", bob)
			}
		})
	}
}
