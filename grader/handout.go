package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/handout"
)

func handoutCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "handout DIR",
		Short: "Write the workbook as students get it",
		Long: `Writes the workbook to DIR without solutions, hidden scenarios and sample classes, each
lesson's program as it is given. Students take a newer one into theirs with update.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("handout: where to? name one new folder")
			}
			t, err := openTree(nil, "")
			if err != nil {
				return err
			}
			if err := handout.Write(t.book, args[0]); err != nil {
				return usagef("handout: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: the students' copy, with %d lessons\n", args[0], len(t.lessons))
			return nil
		},
	}
}
