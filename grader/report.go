package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/report"
	"wirebook/grader/internal/result"
)

func reportCommand() *cobra.Command {
	var out outputs
	var rewrite bool
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Print the results in DIR again",
		Long: `Prints what a grading wrote to DIR, without grading. With --write it also makes
DIR/class.csv, DIR/index.html and each DIR/STUDENT/index.html anew.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("report: which folder of results? as in: go run ./grader report results")
			}
			if err := out.settle(cmd); err != nil {
				return err
			}
			folder, manifest, err := grade.ReadFolder(args[0])
			if err != nil {
				return usage(err)
			}
			there, missing := sift(folder, manifest)
			class, err := reportOf(folder, manifest, there)
			if err != nil {
				return usage(err)
			}
			if rewrite {
				if err := rewriteSummary(folder, class, out.options.Hidden); err != nil {
					return err
				}
			}
			if err := out.write(cmd.OutOrStdout(), class); err != nil {
				return err
			}
			if len(missing) > 0 {
				return fmt.Errorf("%d of %d submissions have no result yet, %v; run the same grading again until it is done", len(missing), len(manifest.Submissions), missing[0])
			}
			return allComplete(class)
		},
	}
	out.register(cmd)
	out.registerHidden(cmd)
	cmd.Flags().BoolVar(&rewrite, "write", false, "make class.csv, index.html and the students' pages anew")
	return cmd
}

// rewriteSummary writes the summary while no grader works in the folder.
func rewriteSummary(folder *grade.Folder, class *report.Class, hidden report.Hidden) error {
	if err := folder.Lock(); err != nil {
		return usage(err)
	}
	defer folder.Unlock()
	return summarize(folder, class, hidden)
}

// sift tells the submissions that have a result from those that do not, with
// the reason of each.
func sift(folder *grade.Folder, m *grade.Manifest) (there []string, missing []error) {
	for _, name := range m.Submissions {
		if _, err := folder.Result(m, name); err != nil {
			missing = append(missing, err)
			continue
		}
		there = append(there, name)
	}
	return there, missing
}

// reportOf is the class of the named submissions in a folder of results, which are
// read one at a time, with what was decided about them.
func reportOf(folder *grade.Folder, m *grade.Manifest, names []string) (*report.Class, error) {
	decisions, err := decisionsOf(folder, m)
	if err != nil {
		return nil, err
	}
	all := func(yield func(*result.Submission, error) bool) {
		for _, name := range names {
			if !yield(folder.Result(m, name)) {
				return
			}
		}
	}
	return &report.Class{Workbook: m.Workbook, Seed: m.Seed, Lessons: m.Lessons, Submissions: decisions.Over(all)}, nil
}

// decisionsOf are what the teacher has decided in a folder of results, all of it about
// its class.
func decisionsOf(folder *grade.Folder, m *grade.Manifest) (*grade.Decisions, error) {
	decisions, err := folder.Decisions()
	if err != nil {
		return nil, err
	}
	return decisions, decisions.Check(m)
}

// allComplete is the verdict of `grade` about results that others made.
func allComplete(class *report.Class) error {
	all, incomplete := 0, 0
	for s, err := range class.Submissions {
		if err != nil {
			return err
		}
		all++
		if !s.Complete {
			incomplete++
		}
	}
	if incomplete > 0 {
		return incompleteError(incomplete, all)
	}
	return nil
}

// otherOr makes an *OtherError a mistake in what the command line names.
func otherOr(err error) error {
	var other *grade.OtherError
	if errors.As(err, &other) {
		return usage(err)
	}
	return err
}
