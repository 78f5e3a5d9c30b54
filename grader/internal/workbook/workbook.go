// Package workbook reads the workbook that submissions are graded by: the
// syllabus, and of each lesson the scenarios, the files that students were
// given, the solution, and the mutants and variants that prove the scenarios.
//
// Embedded is the copy that the grader carries in itself; grading uses it and
// nothing that a submission could have touched. Tree is the copy in a working
// tree, for the commands that look at a student's or an author's files.
package workbook

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"wirebook/exercises"
	"wirebook/harness"
	"wirebook/solutions"

	"wirebook/grader/internal/source"
)

// A Workbook is the lessons of one copy, in the order of the syllabus.
type Workbook struct {
	// Dir is the root of a working tree, empty for the embedded copy.
	Dir string

	exercises, solutions fs.FS
	syllabus             []*harness.Lesson
}

// Embedded returns the copy that the grader carries.
func Embedded() (*Workbook, error) {
	return New(exercises.FS, solutions.FS)
}

// Tree returns the copy in the working tree that dir lies in: dir or the
// nearest folder above it with the workbook's go.mod.
func Tree(dir string) (*Workbook, error) {
	root, err := findRoot(dir)
	if err != nil {
		return nil, err
	}
	return open(root, os.DirFS(filepath.Join(root, "exercises")), os.DirFS(filepath.Join(root, "solutions")))
}

var moduleLine = regexp.MustCompile(`(?m)^module[ \t]+wirebook\s*$`)

func findRoot(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := start; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && moduleLine.Match(text) {
			return at, nil
		}
		if filepath.Dir(at) == at {
			return "", fmt.Errorf("%s: not inside the workbook: no folder above it has a go.mod with the line \"module wirebook\"; change to the workbook's folder", start)
		}
	}
}

// New returns the workbook in two folders: exercises, of which only the syllabus
// is demanded, and solutions, which may be empty.
func New(exercises, solutions fs.FS) (*Workbook, error) { return open("", exercises, solutions) }

func open(dir string, exercises, solutions fs.FS) (*Workbook, error) {
	syllabus, err := harness.Syllabus(exercises)
	if err != nil {
		return nil, fmt.Errorf("exercises: %w", err)
	}
	return &Workbook{Dir: dir, exercises: exercises, solutions: solutions, syllabus: syllabus}, nil
}

// Names returns the lessons' names in the order of the syllabus.
func (w *Workbook) Names() []string {
	names := make([]string, len(w.syllabus))
	for i, l := range w.syllabus {
		names[i] = l.Name
	}
	return names
}

// Knows returns an error for the first name that is not a lesson's.
func (w *Workbook) Knows(names ...string) error {
	for _, name := range names {
		if !slices.Contains(w.Names(), name) {
			return fmt.Errorf("%q: no such lesson; the lessons are %s", name, strings.Join(w.Names(), ", "))
		}
	}
	return nil
}

// Select reads the lessons that are named, or all where none is, in the order
// of the syllabus.
func (w *Workbook) Select(names []string) ([]*Lesson, error) {
	if err := w.Knows(names...); err != nil {
		return nil, err
	}
	var lessons []*Lesson
	for _, l := range w.syllabus {
		if len(names) > 0 && !slices.Contains(names, l.Name) {
			continue
		}
		lesson, err := w.read(l)
		if err != nil {
			return nil, fmt.Errorf("lesson %s: %w", l.Name, err)
		}
		lessons = append(lessons, lesson)
	}
	return lessons, nil
}

// Hash names the workbook as far as it decides grades: lessons, scenarios,
// given files, solutions and generators. Results of two workbooks are not
// compared.
func (w *Workbook) Hash() (string, error) {
	h := sha256.New()
	err := errors.Join(
		hashFiles(h, "exercises", w.exercises, func(name string) bool {
			// A lesson's README orders its scenarios.
			return path.Base(name) == "README.md" || strings.Contains(name, "/testdata/")
		}),
		hashFiles(h, "solutions", w.solutions, func(name string) bool {
			return isProgramFile(path.Base(name)) || strings.Contains(name, "/testdata/hidden/") || strings.HasSuffix(name, "/testdata/sandbox")
		}))
	return hex.EncodeToString(h.Sum(nil)), err
}

// hashFiles writes to h the files of fsys that decide grades. A folder that is
// missing has none.
func hashFiles(h io.Writer, side string, fsys fs.FS, decides func(name string) bool) error {
	if _, err := fs.Stat(fsys, "."); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !decides(name) {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(h, "%s/%s %d\n%s", side, name, len(text), text)
		return err
	})
}

// isProgramFile reports whether a file's name is that of program text.
func isProgramFile(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		!strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "_")
}

// readProgram reads the program in a folder. A folder that is missing holds no
// file.
func readProgram(fsys fs.FS, dir string) (source.Files, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	files := make(source.Files)
	for _, e := range entries {
		if !e.Type().IsRegular() || !isProgramFile(e.Name()) {
			continue
		}
		if files[e.Name()], err = fs.ReadFile(fsys, path.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return files, nil
}
