// Package handin packs what a student hands in: of each lesson its own .go files, as
// package intake takes them, and nothing else.
package handin

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// most is how many bytes a hand-in may have; intake takes no more.
const most = 32 << 20

// A Part is what is handed in of one lesson.
type Part struct {
	Lesson string
	Files  source.Files
	// Given tells that it is as it was handed out.
	Given bool
	// Aside are the files in the folder that are no part of the program.
	Aside []lessonfile.Problem
}

// Take takes a lesson out of its folder. What grading would refuse is an error, a
// line for each problem.
func Take(dir string, l *workbook.Lesson) (*Part, error) {
	taken, err := lessonfile.Read(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	files := source.Files(taken.Program)
	var errs []error
	program := files.Complete(l.Given)
	for _, p := range append(taken.Refused, l.Rules().Check(program)...) {
		where := path.Join("exercises", l.Name, p.File)
		if p.Line > 0 {
			where = fmt.Sprintf("%s:%d", where, p.Line)
		}
		errs = append(errs, fmt.Errorf("%s: %s", where, p.Message))
	}
	size := 0
	for _, text := range files {
		size += len(text)
	}
	if size > most {
		errs = append(errs, fmt.Errorf("exercises/%s: its files have %d bytes; a hand-in may have %d", l.Name, size, most))
	}
	if len(files) == 0 {
		errs = append(errs, fmt.Errorf("exercises/%s: there is no .go file to hand in", l.Name))
	}
	return &Part{l.Name, files, program.Equal(l.Given), taken.Aside}, errors.Join(errs...)
}

// Write writes the parts as a zip. Equal parts have equal bytes.
func Write(w io.Writer, parts []*Part) error {
	archive := zip.NewWriter(w)
	for _, p := range parts {
		for _, name := range p.Files.Names() {
			file, err := archive.Create(path.Join("exercises", p.Lesson, name))
			if err == nil {
				_, err = file.Write(p.Files[name])
			}
			if err != nil {
				return err
			}
		}
	}
	return archive.Close()
}
