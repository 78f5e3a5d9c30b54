package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/report"
	"wirebook/grader/internal/result"
)

func diffCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say whose points two gradings differ in, and why",
		Long: `Compares the results in two folders. Lists who has other points in NEW than in OLD, in
which lesson and scenario, from what to what, and whether that is because another file
was handed in, because of another workbook, or because the teacher has decided so.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usagef("diff: which two folders of results? as in: go run ./grader diff results-old results")
			}
			old, err := openSide(args[0])
			if err != nil {
				return usage(err)
			}
			now, err := openSide(args[1])
			if err != nil {
				return usage(err)
			}
			return now.writeDiff(cmd.OutOrStdout(), old)
		},
	}
}

// A side is a folder of results that is compared.
type side struct {
	folder    *grade.Folder
	manifest  *grade.Manifest
	decisions *grade.Decisions
}

func openSide(dir string) (*side, error) {
	folder, manifest, err := grade.ReadFolder(dir)
	if err != nil {
		return nil, err
	}
	decisions, err := decisionsOf(folder, manifest)
	return &side{folder, manifest, decisions}, err
}

// of is a submission's result with what was decided about it, nil where the class has
// nobody of the name.
func (g *side) of(name string) (*result.Submission, error) {
	if !slices.Contains(g.manifest.Submissions, name) {
		return nil, nil
	}
	s, err := g.folder.Result(g.manifest, name)
	if err != nil {
		return nil, fmt.Errorf("%w; run the same grading again until it is done", err)
	}
	return g.decisions.Apply(s)
}

// writeDiff says what differs from an older grading.
func (g *side) writeDiff(w io.Writer, old *side) error {
	var text strings.Builder
	around := g.around(old)
	names := slices.Concat(old.manifest.Submissions, g.manifest.Submissions)
	slices.Sort(names)
	names = slices.Compact(names)
	changed := 0
	for _, name := range names {
		before, err := old.of(name)
		if err != nil {
			return err
		}
		after, err := g.of(name)
		if err != nil {
			return err
		}
		switch {
		case before == nil:
			fmt.Fprintf(&text, "%s: new\n", report.Line(name))
		case after == nil:
			fmt.Fprintf(&text, "%s: there no longer\n", report.Line(name))
		default:
			changes := after.Changes(before)
			if before.Toolchain != after.Toolchain || before.Sandbox != after.Sandbox {
				around = fmt.Sprintf("%s, sandbox %s; before %s, sandbox %s", after.Toolchain, after.Sandbox, before.Toolchain, before.Sandbox)
			}
			for _, c := range changes {
				writeChange(&text, name, c, around)
			}
			if len(changes) == 0 {
				continue
			}
		}
		changed++
	}
	fmt.Fprintf(&text, "%d of %d submissions differ\n", changed, len(names))
	_, err := io.WriteString(w, text.String())
	return err
}

// around is what the gradings as a whole differ in, "" where that is nothing.
func (g *side) around(old *side) string {
	var all []string
	if a, b := old.manifest.Workbook, g.manifest.Workbook; a != b {
		all = append(all, fmt.Sprintf("another workbook (%.12s, before %.12s)", b, a))
	}
	if a, b := old.manifest.Seed, g.manifest.Seed; a != b {
		all = append(all, fmt.Sprintf("another seed (%d, before %d)", b, a))
	}
	return strings.Join(all, ", ")
}

func writeChange(w io.Writer, name string, c result.Change, around string) {
	var why []string
	if c.Decided {
		why = append(why, "by the teacher's decision")
	}
	if c.HandIn {
		why = append(why, "another hand-in")
	}
	if around != "" {
		why = append(why, around)
	}
	if len(why) == 0 {
		why = append(why, "the same hand-in and workbook")
	}
	fmt.Fprintf(w, "%s, %s: %s, before %s; %s\n", report.Line(name), c.Lesson, c.To, c.From, strings.Join(why, ", "))
	for _, s := range c.Scenarios {
		fmt.Fprintf(w, "    %s: %s, before %s\n", s.Scenario, s.To, s.From)
	}
}
