package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/handout"
	"wirebook/grader/internal/workbook"
)

func updateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "update HANDOUT",
		Short: "Take a newer handout into your copy",
		Long: `Makes this copy that of the handout in the folder HANDOUT: scenarios, texts, the engine,
and of the programs what you have not touched. Nothing that you wrote is lost.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("update: from where? name the folder of the newer handout")
			}
			book, err := workbook.Tree(".")
			if err != nil {
				return usage(err)
			}
			changes, err := handout.Update(book.Dir, args[0])
			if changes == nil {
				return usagef("update: %w", err)
			}
			tell(cmd.OutOrStdout(), book, changes)
			return err
		},
	}
}

// tell prints what has changed, the lessons in their order.
func tell(w io.Writer, book *workbook.Workbook, c *handout.Changes) {
	fmt.Fprintf(w, "%d files are those of the newer handout.\n", c.Replaced)
	for _, name := range c.Kept {
		fmt.Fprintf(w, "Kept, for you had changed it: %s\n", name)
	}
	for _, name := range c.Yours {
		fmt.Fprintf(w, "Yours, as it was: %s; the one that is given has changed, see testdata/given beside it\n", name)
	}
	for _, lesson := range book.Names() {
		if names := c.Again[lesson]; len(names) > 0 {
			fmt.Fprintf(w, "Play again: go run ./grader check %s   (new or changed: %s)\n", lesson, strings.Join(names, ", "))
		}
	}
}
