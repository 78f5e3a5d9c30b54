// Package sample writes a class to try the grader with: hand-ins as teachers get them.
//
// Four of them hold every lesson and are made from the workbook, so that they are always
// those of today and a new lesson is in the class as soon as it is in the workbook. The
// others, of which each has a trap of its own in one lesson, stand in testdata/class.
package sample

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// made are the hand-ins that hold every lesson, by their names.
var made = map[string]func(*workbook.Lesson) (source.Files, error){
	"whole":           func(l *workbook.Lesson) (source.Files, error) { return l.Solution, nil },
	"untouched":       func(l *workbook.Lesson) (source.Files, error) { return l.Given, nil },
	"gravest-mistake": func(l *workbook.Lesson) (source.Files, error) { return Gravest(l).Files(l) },
	"not-compiling":   cutOff,
}

// Write writes the class to dir, which must be empty or missing, from a working tree: the
// hand-ins that are made hold these lessons, or all where none is named.
func Write(book *workbook.Workbook, dir string, names ...string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s: it is not empty; name a new folder", dir)
	}
	traps := filepath.Join(book.Dir, "testdata", "class")
	if _, err := os.Stat(traps); err != nil {
		return errors.New("a student's copy has no solutions and no sample class")
	}
	lessons, err := book.Select(names)
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, os.DirFS(traps)); err != nil {
		return err
	}
	for name, files := range made {
		for _, l := range lessons {
			if err := write(filepath.Join(dir, name, "exercises", l.Name), l, files); err != nil {
				return fmt.Errorf("%s of %s: %w", name, l.Name, err)
			}
		}
	}
	return nil
}

func write(folder string, l *workbook.Lesson, make func(*workbook.Lesson) (source.Files, error)) error {
	files, err := make(l)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// Gravest is the mutant that loses the most points of those that keep half of them: where
// nearly everything is lost there is little to see.
func Gravest(l *workbook.Lesson) *workbook.Mutant {
	return slices.MaxFunc(l.Mutants, func(a, b *workbook.Mutant) int { return gravity(l, a) - gravity(l, b) })
}

// gravity is how many points a mutant loses, or 0 where they are too many.
func gravity(l *workbook.Lesson, m *workbook.Mutant) (lost int) {
	for _, s := range l.Scenarios {
		if slices.Contains(m.Want, s.Name) || slices.Contains(m.Want, "*") {
			lost += s.Points
		}
	}
	if 2*lost > l.MaxScore() {
		return 0
	}
	return lost
}

// cutOff is the solution without the last line of a file that the student has written.
func cutOff(l *workbook.Lesson) (source.Files, error) {
	files := make(source.Files)
	cut := false
	for _, name := range l.Solution.Names() {
		text := l.Solution[name]
		if given, ok := l.Given[name]; !cut && !(ok && lessonfile.Same(given, text)) {
			text, cut = withoutLastLine(text), true
		}
		files[name] = text
	}
	if !cut {
		return nil, errors.New("every file of the solution is given")
	}
	return files, nil
}

func withoutLastLine(text []byte) []byte {
	text = bytes.TrimRight(text, "\n")
	return text[:bytes.LastIndexByte(text, '\n')+1]
}
