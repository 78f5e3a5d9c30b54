package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/handin"
)

func submitCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "submit LESSON... [-o FILE]",
		Short: "Pack lessons for your teacher",
		Long: `Packs the .go files of these lessons, which is all that is graded, into one zip.
What grading would refuse is told, and nothing is written then.`,
		ValidArgsFunction: completeLessons,
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) == 0 {
				return usagef("submit: which lessons? as in: go run ./grader submit chat")
			}
			if filepath.Ext(out) != ".zip" {
				return usagef("-o %s: it is a zip that is written; give it a name that ends with .zip", out)
			}
			t, err := openTree(names, "")
			if err != nil {
				return err
			}
			parts, err := t.parts()
			if err != nil {
				return usagef("submit: this would be refused:\n%w", err)
			}
			var b bytes.Buffer
			if err := handin.Write(&b, parts); err != nil {
				return err
			}
			if err := os.WriteFile(out, b.Bytes(), 0o666); err != nil {
				return usagef("-o %s: %w", out, err)
			}
			w := cmd.OutOrStdout()
			for _, p := range parts {
				state := ""
				if p.Given {
					state = "  (as it was given: nothing of it is yours yet)"
				}
				fmt.Fprintf(w, "%s: %s%s\n", p.Lesson, strings.Join(p.Files.Names(), ", "), state)
				for _, a := range p.Aside {
					fmt.Fprintf(w, "  left out: %q: %s\n", a.File, a.Message)
				}
			}
			fmt.Fprintf(w, "%s: %d bytes; hand in this file\n", out, b.Len())
			return nil
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "submission.zip", "the zip that is written")
	return cmd
}

// parts takes the tree's lessons for a hand-in.
func (t *tree) parts() (parts []*handin.Part, err error) {
	for _, l := range t.lessons {
		p, err := handin.Take(t.folder(l.Name), l)
		if err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}
