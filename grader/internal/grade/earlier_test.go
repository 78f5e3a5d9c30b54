//go:build unix

package grade

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/workbook"
)

// twoLessons returns a workbook of the lessons greet and part.
func twoLessons(t *testing.T) *workbook.Workbook {
	return newBook(t, func(exercises, solutions fstest.MapFS) {
		for _, files := range []fstest.MapFS{exercises, solutions} {
			for path, file := range files {
				files[strings.Replace(path, "greet/", "part/", 1)] = file
			}
		}
		readme := "| [greet](greet/README.md) | A greeting | `net` |\n| [part](part/README.md) | A parting | `net` |\n"
		exercises["README.md"] = &fstest.MapFile{Data: []byte(readme)}
	})
}

// A week is a class's folder, and for which lessons it is.
type week struct {
	files   map[string]string // the program's output by path
	lessons []string
	seed    int64
}

// grade grades the week into out and returns the class's table, or why not.
func (w week) grade(t *testing.T, out string) (table string, err error) {
	book := twoLessons(t)
	hash, err := book.Hash()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for path, says := range w.files {
		path = filepath.Join(dir, filepath.FromSlash(path))
		text := "package main\n\n// echo " + says + "\nfunc main() {}\n"
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	entries := entriesOf(t, dir)
	folder, err := OpenFolder(out, hash, false)
	if err != nil {
		t.Fatal(err)
	}
	kept, students, err := folder.Others(w.lessons)
	if err != nil {
		return "", err
	}
	lessons, err := book.Select(append(kept, w.lessons...))
	if err != nil {
		t.Fatal(err)
	}
	tools, err := build.Find(t.Context(), build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(book, lessons, shell{}, lint.New(tools), Options{Seed: 1 + w.seed, Slots: harness.NewSlots(4), Kept: kept})
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if err := folder.Keeps(g); err != nil {
		return "", err
	}
	entries = intake.WithAbsent(entries, students)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	m := g.Manifest(names, nil)
	if err := folder.Begin(m); err != nil {
		t.Fatal(err)
	}
	class := &Class{Grader: g, Entries: entries, Folder: folder}
	if err := class.Grade(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range m.Submissions {
		s, err := folder.Result(&m, name)
		if err != nil {
			t.Fatal(err)
		}
		table += name
		for _, l := range s.Lessons {
			table += fmt.Sprintf(" %s %s %v", l.Lesson, l.Status, points(l.Score))
		}
		table += "\n"
	}
	return table, nil
}

// A lesson that is graded later is added to those that are there.
func TestLaterLesson(t *testing.T) {
	first := week{map[string]string{"ann/greet/main.go": "hello", "bob/main.go": "hallo"}, []string{"greet"}, 0}
	const both = `ann greet graded 3 part graded 1
bob greet graded 1 part missing 0
eve greet missing 0 part graded 3
`
	tests := []struct {
		name  string
		later []week
		want  string // the table
		err   string
	}{
		{"added", []week{{map[string]string{"ann/main.go": "hallo", "eve/part/main.go": "hello"}, []string{"part"}, 0}}, both, ""},
		{"added twice", slices.Repeat([]week{{map[string]string{"ann/part/main.go": "hallo", "eve/main.go": "hello"}, []string{"part"}, 0}}, 2), both, ""},
		{"handed in again", []week{{map[string]string{"ann/part/main.go": "hallo"}, []string{"part"}, 0}, {map[string]string{"ann/main.go": "hello"}, []string{"part"}, 0}},
			"ann greet graded 3 part graded 3\nbob greet graded 1 part missing 0\n", ""},
		{"another file of a lesson that is kept", []week{{map[string]string{"ann/greet/main.go": "hallo", "ann/part/main.go": "hello"}, []string{"part"}, 0}},
			"ann greet graded 3 part graded 3\nbob greet graded 1 part missing 0\n", ""},
		{"both graded again", []week{{map[string]string{"ann/greet/main.go": "hallo", "ann/part/main.go": "hello"}, []string{"greet", "part"}, 0}},
			"ann greet graded 1 part graded 3\n", ""},
		{"a student who is late", []week{{map[string]string{"eve/greet/main.go": "hello", "eve/part/main.go": "hello"}, []string{"part"}, 0}},
			"ann greet graded 3 part missing 0\nbob greet graded 1 part missing 0\neve greet graded 3 part graded 3\n", ""},
		{"by another seed", []week{{map[string]string{"ann/main.go": "hello"}, []string{"part"}, 1}}, "", "its results of greet were found with sh, seed 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			if _, err := first.grade(t, out); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(filepath.Join(out, classFile))
			if err != nil {
				t.Fatal(err)
			}
			var table string
			for _, w := range test.later {
				table, err = w.grade(t, out)
			}
			if test.err != "" {
				after, unread := os.ReadFile(filepath.Join(out, classFile))
				if err == nil || !strings.Contains(err.Error(), test.err) || unread != nil || string(after) != string(before) {
					t.Errorf("error %v; want %q, and nothing written", err, test.err)
				}
				return
			}
			if diff := cmp.Diff(test.want, table); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}
