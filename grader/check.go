package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"wirebook/harness"
	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/command"
	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/report"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/verify"
	"wirebook/grader/internal/workbook"
)

// defaultJobs is how many plays work at once where nothing else is said.
var defaultJobs = harness.PlaysPerProcessor * runtime.NumCPU()

func checkCommand() *cobra.Command {
	var (
		out       outputs
		how       manner
		scenario  string
		failUnder float64
		load      bool
	)
	cmd := &cobra.Command{
		Use:   "check [LESSON...] [-- COMMAND [ARG...]]",
		Short: "Score the exercises of this working tree, or any program",
		Long: `Scores the programs of this working tree with all scenarios, the hidden ones too.
What it writes shows those in full: who has them has the solutions.

With COMMAND it scores that program, in whatever language, as in
    go run ./grader check chat -- python3 -u chat.py
COMMAND is looked up on the PATH. Arguments that name a file are made absolute.

With --race, scenarios that limit what a program may use are not played.`,
		ValidArgsFunction: completeLessons,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.settle(cmd); err != nil {
				return err
			}
			names, program, err := commandIn(cmd, args)
			if err != nil {
				return err
			}
			if err := how.check(program); err != nil {
				return err
			}
			tree, err := openTree(names, scenario)
			if err != nil {
				return err
			}
			if load {
				stop, err := verify.Load(spinCommand().Use)
				if err != nil {
					return fmt.Errorf("--load: %w", err)
				}
				defer stop()
			}
			s, err := tree.grade(cmd.Context(), how, program)
			if err != nil {
				return err
			}
			class := report.One(s)
			class.Own = true
			if err := out.write(cmd.OutOrStdout(), class); err != nil {
				return err
			}
			return verdict(failUnder, s)
		},
	}
	flags := cmd.Flags()
	flags.Int64Var(&how.seed, "seed", 1, "what random exchanges are made from")
	out.register(cmd)
	flags.StringVar(&scenario, "scenario", "", "play only the scenarios of this name or pattern")
	flags.BoolVar(&how.solution, "solution", false, "score the solutions instead")
	flags.IntVar(&how.jobs, "jobs", defaultJobs, "how many plays work at once")
	flags.IntVar(&how.repeat, "repeat", 1, "how often each scenario is played; the gravest outcome counts")
	flags.BoolVar(&load, "load", false, "keep all processors busy with other processes meanwhile")
	flags.BoolVar(&how.race, "race", false, "build with the race detector and tell the races that it finds")
	flags.Float64Var(&failUnder, "fail-under", 100, "exit 3 below this percentage")
	return cmd
}

// A manner is how programs of this tree are scored.
type manner struct {
	seed     int64
	jobs     int
	repeat   int
	race     bool
	solution bool
}

// plainly scores as most commands do.
var plainly = manner{seed: 1, jobs: defaultJobs, repeat: 1}

// check refuses what does not go together.
func (m manner) check(program *command.Command) error {
	switch {
	case m.repeat < 1:
		return usagef("--repeat %d: a scenario is played once at least", m.repeat)
	case program != nil && m.race:
		return usagef("--race builds your program in Go, and -- %s is built already; build it with go build -race", program)
	case program != nil && m.solution:
		return usagef("--solution scores the model program, and -- %s is another; leave one of them out", program)
	}
	return nil
}

// commandIn takes the program behind -- off a command's arguments, nil where there
// is none.
func commandIn(cmd *cobra.Command, args []string) (names []string, program *command.Command, err error) {
	names, words, err := command.Split(args, cmd.ArgsLenAtDash())
	if err == nil && words != nil {
		program, err = command.Find(words)
	}
	if err != nil {
		err = usage(fmt.Errorf("%s: %w", cmd.Name(), err))
	}
	return names, program, err
}

// verdict is the exit status that scores mean.
func verdict(failUnder float64, submissions ...*result.Submission) error {
	below := false
	for _, s := range submissions {
		if !s.Complete {
			return &statusError{exitIncomplete, errors.New("not everything could be graded; the reasons stand beside the scores")}
		}
		below = below || *s.Score < failUnder/100*s.MaxScore
	}
	if below {
		return &statusError{status: exitBelow}
	}
	return nil
}

// A tree is the working tree with the lessons that a command is about.
type tree struct {
	book    *workbook.Workbook
	lessons []*workbook.Lesson
}

// openTree opens the tree that the current folder lies in: its own scenarios count,
// also those that the student has written or changed. A pattern narrows the lessons
// to the scenarios that match it.
func openTree(names []string, scenario string) (*tree, error) {
	book, err := workbook.Tree(".")
	if err != nil {
		return nil, usage(err)
	}
	if err := book.Knows(names...); err != nil {
		return nil, usage(err)
	}
	lessons, err := book.Select(names)
	if err != nil {
		return nil, err
	}
	if scenario != "" && !narrow(lessons, scenario) {
		return nil, usagef("--scenario %q: no scenario of these lessons is called so", scenario)
	}
	return &tree{book, lessons}, nil
}

// narrow leaves the lessons only the scenarios that match, and reports whether
// there is one.
func narrow(lessons []*workbook.Lesson, pattern string) bool {
	found := false
	for _, l := range lessons {
		l.Scenarios = slices.DeleteFunc(l.Scenarios, func(s *harness.Scenario) bool {
			ok, err := path.Match(pattern, s.Name)
			return !ok || err != nil
		})
		found = found || len(l.Scenarios) > 0
	}
	return found
}

// submission is the tree's own program of each lesson.
func (t *tree) submission(solution bool) (*intake.Submission, error) {
	s := &intake.Submission{Name: "exercises", Lessons: make(map[string]source.Files), Refused: make(map[string][]lessonfile.Problem)}
	for _, l := range t.lessons {
		if solution {
			s.Name, s.Lessons[l.Name] = "solutions", l.Solution
			continue
		}
		taken, err := lessonfile.Read(os.DirFS(t.folder(l.Name)))
		if err != nil {
			return nil, err
		}
		s.Lessons[l.Name], s.Refused[l.Name] = taken.Program, taken.Refused
	}
	return s, nil
}

// folder is where a lesson's program stands.
func (t *tree) folder(lesson string) string { return filepath.Join(t.book.Dir, "exercises", lesson) }

// grade scores the program, or where it is nil the tree's own.
func (t *tree) grade(ctx context.Context, how manner, program *command.Command) (*result.Submission, error) {
	g, err := t.grader(ctx, how)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	if program != nil {
		return g.Play(ctx, program)
	}
	submission, err := t.submission(how.solution)
	if err != nil {
		return nil, err
	}
	return g.Grade(ctx, submission)
}

func (t *tree) grader(ctx context.Context, how manner) (*grade.Grader, error) {
	tools, err := build.Find(ctx, build.Options{Race: how.race})
	if err != nil {
		return nil, err
	}
	return grade.New(t.book, t.lessons, tools, lint.New(tools), grade.Options{
		Seed: how.seed, Slots: harness.NewSlots(max(1, how.jobs)), Repeat: how.repeat, Race: how.race,
	})
}
