package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/reset"
)

func resetCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "reset LESSON",
		Short: "Begin a lesson anew, and keep what you have",
		Long: `Puts the files of a lesson back that were given. Yours stay beside them: chat.go
is chat.go.1 then, or .2 and so on; nothing is overwritten.`,
		ValidArgsFunction: completeLessons,
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) != 1 {
				return usagef("reset: which lesson? as in: go run ./grader reset chat")
			}
			t, err := openTree(names, "")
			if err != nil {
				return err
			}
			l, w := t.lessons[0], cmd.OutOrStdout()
			if len(l.Given) == 0 {
				return fmt.Errorf("exercises/%s: it has no files that are given", l.Name)
			}
			kept, err := reset.Lesson(t.folder(l.Name), l.Given)
			for _, k := range kept {
				fmt.Fprintf(w, "exercises/%s: %v\n", l.Name, k)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "exercises/%s is as it was given.\n", l.Name)
			return nil
		},
	}
}
