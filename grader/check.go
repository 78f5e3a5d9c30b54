package main

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"wirebook/harness"
	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/report"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// defaultJobs is how many plays work at once where nothing else is said.
var defaultJobs = harness.PlaysPerProcessor * runtime.NumCPU()

func checkCommand() *cobra.Command {
	var (
		seed      int64
		out       outputs
		scenario  string
		solution  bool
		failUnder float64
		jobs      int
	)
	cmd := &cobra.Command{
		Use:   "check [LESSON...]",
		Short: "Score the exercises of this working tree",
		Long: `Scores the programs of this working tree with all scenarios, the hidden ones too.
What it writes shows those in full: who has them has the solutions.`,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := out.settle(cmd); err != nil {
				return err
			}
			tree, err := openTree(names, scenario)
			if err != nil {
				return err
			}
			s, err := tree.grade(cmd.Context(), seed, jobs, solution)
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
	flags.Int64Var(&seed, "seed", 1, "what random exchanges are made from")
	out.register(cmd)
	flags.StringVar(&scenario, "scenario", "", "play only the scenarios of this name or pattern")
	flags.BoolVar(&solution, "solution", false, "score the solutions instead")
	flags.IntVar(&jobs, "jobs", defaultJobs, "how many plays work at once")
	flags.Float64Var(&failUnder, "fail-under", 100, "exit 3 below this percentage")
	return cmd
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
	book    *workbook.Workbook // what is graded by
	files   *workbook.Workbook // what is graded
	lessons []*workbook.Lesson
}

// openTree opens the tree that the current folder lies in. A pattern narrows
// the lessons to the scenarios that match it.
func openTree(names []string, scenario string) (*tree, error) {
	files, err := workbook.Tree(".")
	if err != nil {
		return nil, usage(err)
	}
	book, err := workbook.Embedded()
	if err != nil {
		return nil, err
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
	return &tree{book, files, lessons}, nil
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
		taken, err := lessonfile.Read(os.DirFS(filepath.Join(t.files.Dir, "exercises", l.Name)))
		if err != nil {
			return nil, err
		}
		s.Lessons[l.Name], s.Refused[l.Name] = taken.Program, taken.Refused
	}
	return s, nil
}

func (t *tree) grade(ctx context.Context, seed int64, jobs int, solution bool) (*result.Submission, error) {
	submission, err := t.submission(solution)
	if err != nil {
		return nil, err
	}
	g, err := t.grader(ctx, seed, jobs)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	return g.Grade(ctx, submission)
}

func (t *tree) grader(ctx context.Context, seed int64, jobs int) (*grade.Grader, error) {
	tools, err := build.Find(ctx, build.Options{})
	if err != nil {
		return nil, err
	}
	return grade.New(t.book, t.lessons, tools, lint.New(tools), grade.Options{Seed: seed, Slots: harness.NewSlots(max(1, jobs))})
}
