package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wirebook/harness"

	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/standing"
	"wirebook/grader/internal/workbook"
)

// gradeAll grades the working tree's exercises, or recalls what came of it when
// nothing has changed since.
func gradeAll(ctx context.Context, t *tree) (*result.Submission, error) {
	submission, err := t.submission(false)
	if err != nil {
		return nil, err
	}
	g, err := t.grader(ctx, plainly)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	folder, err := t.memory(ctx)
	if err != nil {
		return nil, err
	}
	defer folder.Unlock()
	if err := folder.Begin(g.Manifest([]string{submission.Name}, nil)); err != nil {
		return nil, err
	}
	s, _, err := folder.Grade(ctx, g, submission, false)
	return s, err
}

// memory opens the folder of results where the grader remembers this working
// tree. Other graders wait until it is unlocked: two terminals may show one tree.
func (t *tree) memory(ctx context.Context) (*grade.Folder, error) {
	hash, err := t.book.Hash()
	if err != nil {
		return nil, err
	}
	dir, err := t.memoryDir()
	if err != nil {
		return nil, err
	}
	folder, err := grade.OpenFolder(filepath.Join(dir, "results"), hash, true)
	if err != nil {
		return nil, err
	}
	return folder, folder.AwaitLock(ctx)
}

// memoryDir is the folder in the user's cache for all that is remembered.
func (t *tree) memoryDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	name := sha256.Sum256([]byte(t.book.Dir))
	return filepath.Join(cache, "wirebook", "trees", hex.EncodeToString(name[:8])), nil
}

func listCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Where you stand in each lesson",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			st, err := whereYouStand(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return st.JSON(cmd.OutOrStdout())
			}
			st.Text(cmd.OutOrStdout())
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON, for an editor")
	return cmd
}

// stand prints where the student stands and what is next.
func stand(cmd *cobra.Command, _ []string) error {
	st, err := whereYouStand(cmd.Context())
	if err != nil {
		return err
	}
	st.Text(cmd.OutOrStdout())
	return nil
}

// whereYouStand sums up this tree, and since when it is so.
func whereYouStand(ctx context.Context) (*standing.Standing, error) {
	t, err := openTree(nil, "")
	if err != nil {
		return nil, err
	}
	s, err := gradeAll(ctx, t)
	if err != nil {
		return nil, err
	}
	var lessons []*harness.Lesson
	for _, l := range t.lessons {
		lessons = append(lessons, l.Lesson)
	}
	st := standing.New(lessons, s)
	folder, err := t.memory(ctx)
	if err != nil {
		return nil, err
	}
	defer folder.Unlock()
	dir, err := t.memoryDir()
	if err != nil {
		return nil, err
	}
	return st, st.Remember(filepath.Join(dir, "since.json"), time.Now())
}

func hintCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "hint LESSON [SCENARIO]",
		Short:             "The next hint for the scenario to look at first, or for that one",
		ValidArgsFunction: completeScenario,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return usagef("hint: for which lesson, and perhaps scenario? as in: go run ./grader hint chat, or: go run ./grader hint chat split-line")
			}
			t, err := openTree(args[:1], strings.Join(args[1:], ""))
			if err != nil {
				return err
			}
			return hint(cmd.Context(), cmd.OutOrStdout(), t)
		},
	}
}

func hint(ctx context.Context, w io.Writer, t *tree) error {
	lesson := t.lessons[0]
	s, err := t.grade(ctx, plainly, nil)
	if err != nil {
		return err
	}
	scenario, block := lesson.Scenarios[0].Name, lesson.Scenarios[0].Title
	switch l := s.Lesson(lesson.Name); l.Status {
	case result.Graded:
		failed := l.Failures()
		if len(failed) == 0 {
			fmt.Fprintf(w, "%s: %s.\n", lesson.Name, passes(lesson))
			return nil
		}
		scenario, block = l.Best, failed[0].Failure.Block
	case result.BuildFailed, result.Rejected, result.Unknown:
		fmt.Fprintf(w, "%s cannot be played yet. See why with:  go run ./grader check %[1]s\n", lesson.Name)
		return nil
	}
	return t.tellHints(ctx, w, lesson, scenario, block)
}

// passes says that what was played of a lesson passes.
func passes(lesson *workbook.Lesson) string {
	if len(lesson.Scenarios) == 1 {
		return lesson.Scenarios[0].Name + " passes"
	}
	return "every scenario passes"
}

// tellHints prints the tiers of a scenario's block so far and one more. The first
// is in every failure already, so there are two at the first time.
func (t *tree) tellHints(ctx context.Context, w io.Writer, lesson *workbook.Lesson, scenario, block string) error {
	var tiers []string
	for _, s := range lesson.Scenarios {
		if s.Name == scenario {
			tiers = s.Hints(block)
		}
	}
	if len(tiers) == 0 {
		fmt.Fprintf(w, "%s has no hints. Play it with:  go test ./exercises/%s -run /%[1]s\n", scenario, lesson.Name)
		return nil
	}
	told, err := t.countHint(ctx, lesson.Name+"/"+scenario+"/"+block)
	if err != nil {
		return err
	}
	shown := min(told+1, len(tiers))
	fmt.Fprintf(w, "%s, scenario %s, %d of %d hints:\n", lesson.Name, scenario, shown, len(tiers))
	for _, tier := range tiers[:shown] {
		fmt.Fprintf(w, "\n%s\n", tier)
	}
	return nil
}

// countHint remembers that hints for the scenario were asked for, and returns
// how often.
func (t *tree) countHint(ctx context.Context, scenario string) (int, error) {
	dir, err := t.memoryDir()
	if err != nil {
		return 0, err
	}
	folder, err := t.memory(ctx)
	if err != nil {
		return 0, err
	}
	defer folder.Unlock()
	path := filepath.Join(dir, "hints.json")
	counts := make(map[string]int)
	if data, err := os.ReadFile(path); err == nil {
		// A file that is cut is begun anew.
		_ = json.Unmarshal(data, &counts)
	}
	counts[scenario]++
	data, err := json.Marshal(counts)
	if err != nil {
		return 0, err
	}
	return counts[scenario], os.WriteFile(path, data, 0o666)
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s: it takes no argument, and was given %q", cmd.Name(), args)
	}
	return nil
}
