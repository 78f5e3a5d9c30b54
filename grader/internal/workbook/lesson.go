package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"wirebook/harness"
	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
)

// A Lesson is all that the workbook has of one lesson.
type Lesson struct {
	*harness.Lesson
	// Scenarios are the public ones in the order of the README, then the
	// hidden ones.
	Scenarios []*harness.Scenario
	// Given are the files as students got them; empty where the lesson is
	// not finished.
	Given source.Files
	// Solution and Generate are the model program and the program that
	// writes random exchanges. Both are empty in a student's copy, Generate
	// also where the lesson has none.
	Solution, Generate source.Files
	// Profile is what the lesson's program may do in its sandbox besides.
	Profile sandbox.Profile
	// Mutants are known bad programs, Variants known good ones.
	Mutants  []*Mutant
	Variants []*Variant
}

func (w *Workbook) read(l *harness.Lesson) (*Lesson, error) {
	lesson := &Lesson{Lesson: l}
	var errs [7]error
	lesson.Scenarios, errs[0] = l.Scenarios(w.exercises, w.solutions)
	lesson.Given, errs[1] = readGiven(w.exercises, l.Name)
	lesson.Solution, errs[2] = readProgram(w.solutions, l.Name)
	lesson.Generate, errs[3] = readProgram(w.solutions, path.Join(l.Name, "generate"))
	lesson.Mutants, errs[4] = readArchives(w.solutions, path.Join(l.Name, "testdata", "mutants"), parseMutant)
	lesson.Variants, errs[5] = readArchives(w.solutions, path.Join(l.Name, "testdata", "variants"), parseVariant)
	lesson.Profile, errs[6] = readProfile(w.solutions, l.Name)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	return lesson, nil
}

// MaxScore is the sum of the points of the lesson's scenarios.
func (l *Lesson) MaxScore() int {
	sum := 0
	for _, s := range l.Scenarios {
		sum += s.Points
	}
	return sum
}

// Rules are what the lesson demands of a program's files.
func (l *Lesson) Rules() lessonfile.Rules {
	return lessonfile.Rules{Lesson: l.Name, Forbids: l.Forbids, Given: l.Given}
}

// givenFile is where a lesson keeps the files that it hands out. The .go files
// beside it are the student's to change.
func givenFile(lesson string) string {
	return path.Join(lesson, "testdata", "given", "given.txtar")
}

func readGiven(exercises fs.FS, lesson string) (source.Files, error) {
	text, err := readFile(exercises, givenFile(lesson))
	if text == nil {
		return nil, err
	}
	return filesOf(txtar.Parse(text)), nil
}

// readFile returns nil where there is no such file.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	text, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

func filesOf(a *txtar.Archive) source.Files {
	files := make(source.Files)
	for _, f := range a.Files {
		files[f.Name] = f.Data
	}
	return files
}

// readProfile reads the file in which a lesson names its sandbox profile; most
// have none.
func readProfile(solutions fs.FS, lesson string) (sandbox.Profile, error) {
	name := path.Join(lesson, "testdata", "sandbox")
	text, err := readFile(solutions, name)
	if err != nil {
		return sandbox.Profile{}, err
	}
	profile, err := sandbox.ParseProfile(strings.TrimSpace(string(text)))
	if err != nil {
		return profile, fmt.Errorf("solutions/%s: %w", name, err)
	}
	return profile, nil
}

// WriteGiven makes the files of the working tree's lesson the ones that it
// hands out.
func (w *Workbook) WriteGiven(lesson string) error {
	if w.Dir == "" {
		return errors.New("the embedded workbook cannot be written")
	}
	files, err := w.Stub(lesson)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("exercises/%s: no .go file to hand out", lesson)
	}
	handedOut := &txtar.Archive{Comment: []byte("The files of this lesson as they are handed out; made by: go run ./grader verify --update " + lesson + "\n")}
	for _, name := range files.Names() {
		file := txtar.File{Name: name, Data: files[name]}
		again := txtar.Parse(txtar.Format(&txtar.Archive{Files: []txtar.File{file}})).Files
		if len(again) != 1 || !bytes.Equal(again[0].Data, file.Data) {
			return fmt.Errorf("exercises/%s/%s: it cannot be kept in an archive; end it with a line end and write no line of the form \"-- NAME --\"", lesson, name)
		}
		handedOut.Files = append(handedOut.Files, file)
	}
	target := filepath.Join(w.Dir, "exercises", filepath.FromSlash(givenFile(lesson)))
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return err
	}
	return os.WriteFile(target, txtar.Format(handedOut), 0o666)
}

// Stub returns the lesson's program files as they stand in the working tree: a
// student's program, or in the workbook's own repository the stub.
func (w *Workbook) Stub(lesson string) (source.Files, error) {
	return readProgram(w.exercises, lesson)
}

// Readme returns one of the lesson's texts, such as "README.zh-CN.md", empty
// where the lesson has none.
func (w *Workbook) Readme(lesson, file string) (string, error) {
	text, err := readFile(w.exercises, path.Join(lesson, file))
	return string(text), err
}

// Paths lists every file of the lesson, as exercises/chat/main.go.
func (w *Workbook) Paths(lesson string) ([]string, error) {
	var paths []string
	for _, side := range []struct {
		name string
		fsys fs.FS
	}{{"exercises", w.exercises}, {"solutions", w.solutions}} {
		err := fs.WalkDir(side.fsys, lesson, func(name string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == lesson {
				return nil
			}
			if err == nil && !d.IsDir() {
				paths = append(paths, path.Join(side.name, name))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// stem is a file's name without its folder and ending.
func stem(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }
