package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/sample"
	"wirebook/grader/internal/workbook"
)

func sampleCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "sample DIR",
		Short: "Write the hand-ins of a sample class",
		Long: `Writes a class to DIR, to try grade with. Four hand-ins hold every lesson: the model
programs, the files as they are given, a grave mistake in each lesson, and programs that
do not compile. Each of the others has a trap of its own, such as an archive in an archive
or a program that never ends.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("sample: where to? name one new folder")
			}
			book, err := workbook.Tree(".")
			if err != nil {
				return usage(err)
			}
			if err := sample.Write(book, args[0]); err != nil {
				return usagef("sample: %w", err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: a sample class; grade it with: go run ./grader grade %[1]s LESSON... -o results\n", args[0])
			return nil
		},
	}
}
