// Package stage sets a lesson up for playing: it builds the programs of the
// workbook's own that scenarios call for, and gives a player for any program
// that is to be played.
package stage

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// A Stage is a lesson whose reference program stands ready. Many programs can
// be played on it at once.
type Stage struct {
	Lesson *workbook.Lesson
	// Seed makes the random exchanges.
	Seed int64
	// Wrap is the seam for a sandbox: it may rewrite the command of a
	// program under test.
	Wrap func(*exec.Cmd) error
	// Slots are the machine's places for plays, shared by all stages.
	Slots harness.Slots

	tools               *build.Toolchain
	reference, generate *harness.Program
}

// Open builds the lesson's reference and generator into dir. Without a solution
// the scenarios that ask for one cannot be played, and say so.
func Open(ctx context.Context, tools *build.Toolchain, lesson *workbook.Lesson, dir string) (*Stage, error) {
	s := &Stage{Lesson: lesson, Seed: 1, tools: tools}
	for _, p := range []struct {
		name    string
		files   source.Files
		program **harness.Program
	}{
		{"solution", lesson.Solution, &s.reference},
		{"generate", lesson.Generate, &s.generate},
	} {
		if len(p.files) == 0 {
			continue
		}
		path := Executable(dir, lesson.Name+"-"+p.name)
		if err := tools.Build(ctx, p.files, path); err != nil {
			return nil, fmt.Errorf("lesson %s: the workbook's own %s: %w", lesson.Name, p.name, err)
		}
		program := Program(path)
		*p.program = &program
	}
	return s, nil
}

// Player gives a player of the program at path.
func (s *Stage) Player(path string) *harness.Player {
	return &harness.Player{
		Program:   Program(path),
		Reference: s.reference,
		Generate:  s.generate,
		Seed:      s.Seed,
		Wrap:      s.Wrap,
		Slots:     s.Slots,
	}
}

// Executable names an executable in dir.
func Executable(dir, name string) string {
	// The ending is Windows'; elsewhere it harms nobody.
	return filepath.Join(dir, name+".exe")
}

// Program is the program at path in an environment that tells it nothing about
// the machine.
func Program(path string) harness.Program {
	return harness.Program{Path: path, Env: harness.BaseEnvironment()}
}
