// Package stage sets a lesson up for playing: it builds the programs of the
// workbook's own that scenarios call for, and gives a player for any program
// that is to be played.
package stage

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"wirebook/harness"
	"wirebook/harness/puppet"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// A Stage is a lesson whose reference program stands ready. Many programs can
// be played on it at once.
type Stage struct {
	Lesson *workbook.Lesson
	// Builder builds the workbook's own programs when they are first needed. Dir
	// is where they stand then.
	Builder build.Builder
	Dir     string
	// Seed makes the random exchanges.
	Seed int64
	// Unshrunk leaves differences in random exchanges as they were found.
	Unshrunk bool
	// Slots are the machine's places for plays, shared by all stages.
	Slots *harness.Slots

	once                sync.Once
	reference, generate *harness.Program
	puppet              func() (path string, err error)
	err                 error
}

// Player gives a player of the program at path. Without a solution in the
// workbook, the scenarios that ask for one cannot be played, and say so.
func (s *Stage) Player(ctx context.Context, path string) (*harness.Player, error) {
	s.once.Do(func() {
		s.reference, s.err = s.own(ctx, "solution", s.Lesson.Solution)
		if s.err == nil {
			s.generate, s.err = s.own(ctx, "generate", s.Lesson.Generate)
		}
		if s.err == nil && slices.ContainsFunc(s.Lesson.Scenarios, func(sc *harness.Scenario) bool { return sc.Needs("puppet") }) {
			s.puppet, s.err = s.ownPuppet(ctx)
		}
	})
	return &harness.Player{
		Program:   Program(path),
		Reference: s.reference,
		Generate:  s.generate,
		Puppet:    s.puppet,
		Seed:      s.Seed,
		Unshrunk:  s.Unshrunk,
		Slots:     s.Slots,
	}, s.err
}

// own builds a program of the workbook's own, nil where the workbook has none.
func (s *Stage) own(ctx context.Context, name string, files source.Files) (*harness.Program, error) {
	if len(files) == 0 {
		return nil, nil
	}
	path := Executable(s.Dir, s.Lesson.Name+"-"+name)
	if err := s.Builder.Build(ctx, files, path); err != nil {
		return nil, fmt.Errorf("the workbook's own %s of lesson %s: %w", name, s.Lesson.Name, err)
	}
	program := Program(path)
	return &program, nil
}

// ownPuppet builds what programs may start.
func (s *Stage) ownPuppet(ctx context.Context) (func() (string, error), error) {
	files, err := puppet.Source()
	if err != nil {
		return nil, err
	}
	program, err := s.own(ctx, "puppet", files)
	if err != nil {
		return nil, err
	}
	return func() (string, error) { return program.Path, nil }, nil
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
