package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/report"
)

func mergeCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "merge DIR... -o OUT",
		Short: "Put the results of a class's shards into one folder",
		Long: `Puts the results in the folders DIR into OUT, which is then what one run over
the whole class would have written. Refuses folders that do not belong together:
of different workbooks, seeds, lessons, toolchains or sandbox levels, with two
results of one name, or with a shard missing. Decisions in DIR/decisions.csv and
OUT/decisions.csv are put together, too.`,
		RunE: func(cmd *cobra.Command, dirs []string) error {
			switch {
			case len(dirs) == 0:
				return usagef("merge: which folders? as in: go run ./grader merge shard-1 shard-2 -o results")
			case out == "":
				return usagef("merge: where to? add: -o OUT")
			case slices.ContainsFunc(dirs, func(dir string) bool { return samePath(dir, out) }):
				return usagef("-o %s: it is one of the folders to merge; name a new one", out)
			}
			folder, manifest, err := grade.Merge(dirs, out)
			if err != nil {
				return otherOr(err)
			}
			class, err := reportOf(folder, manifest, manifest.Submissions)
			if err != nil {
				return usage(err)
			}
			if err := rewriteSummary(folder, class, report.HiddenNames); err != nil {
				return err
			}
			if err := report.Text(cmd.OutOrStdout(), class); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%s of %s; results in %s\n", counted(len(manifest.Submissions), "submission"), counted(len(dirs), "folder"), out)
			return allComplete(class)
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "the folder for the merged results")
	return cmd
}

func samePath(a, b string) bool {
	x, errX := filepath.Abs(a)
	y, errY := filepath.Abs(b)
	return errX == nil && errY == nil && x == y
}
