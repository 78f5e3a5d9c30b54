package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/transcript"
	"wirebook/grader/internal/workbook"
	"wirebook/grader/internal/zone"
)

// appealFlags say which grading a hand-in is played again for.
type appealFlags struct {
	class, results, teams string
	files                 *transcriptFiles
	sandbox               sandboxFlags
}

func (f *appealFlags) register(flags *pflag.FlagSet) {
	f.sandbox.probe = zone.Probe
	flags.StringVar(&f.class, "class", "", "the folder or zip of submissions that was graded")
	flags.StringVar(&f.results, "results", "", "the folder of its results")
	flags.StringVar(&f.teams, "teams", "", "who handed in together, as it was graded")
}

// given tells that a submission is meant, and no program of this tree.
func (f *appealFlags) given() bool { return f.class != "" || f.results != "" || f.teams != "" }

func (f *appealFlags) run(cmd *cobra.Command, args []string) error {
	if len(args) != 3 {
		return usagef("replay: which submission, lesson and scenario? as in: go run ./grader replay ann chat split-line --class submissions --results results")
	}
	for _, name := range []string{"hex", "all", "hold", "solution", "seed"} {
		if cmd.Flags().Changed(name) {
			return usagef("replay: --%s is for a program of this tree, and not for a submission", name)
		}
	}
	return f.appeal(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), args[0], args[1], strings.TrimSuffix(args[2], ".txtar"))
}

// appeal plays a scenario with a hand-in as it was graded, and says whether it comes to
// the same.
func (f *appealFlags) appeal(ctx context.Context, stdout, stderr io.Writer, submission, lesson, scenario string) error {
	if f.class == "" || f.results == "" {
		return usagef("replay: a hand-in is found by --class CLASS and --results OUT, as they were graded")
	}
	graded, err := openSide(f.results)
	if err != nil {
		return usage(err)
	}
	if !slices.Contains(graded.manifest.Submissions, submission) {
		return usagef("--results %s: there is no result of %q", f.results, submission)
	}
	before, err := graded.folder.Result(graded.manifest, submission)
	if err != nil {
		return usage(err)
	}
	class, entry, err := f.entry(submission)
	if err != nil {
		return usage(err)
	}
	defer class.Close()
	f.sandbox.exactly, f.sandbox.unsandboxed = before.Sandbox, true
	level, err := f.sandbox.level(ctx, stderr)
	if err != nil {
		return fmt.Errorf("it was graded in the sandbox %s: %w", before.Sandbox, err)
	}
	book, err := workbook.Embedded()
	if err != nil {
		return err
	}
	tools, err := build.Find(ctx, build.Options{Level: level})
	if err != nil {
		return err
	}
	a := &grade.Appeal{Book: book, Builder: tools, Linter: lint.New(tools), Entry: entry, Graded: before, Lesson: lesson, Scenario: scenario}
	if !f.files.wanted() {
		verdict, err := a.Play(ctx)
		if err != nil {
			return usage(err)
		}
		return verdict.Write(stdout)
	}
	return f.record(ctx, stdout, a)
}

// record plays an appeal and writes all that passed.
func (f *appealFlags) record(ctx context.Context, stdout io.Writer, a *grade.Appeal) error {
	dir, err := os.MkdirTemp("", "replay-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	recorder, err := transcript.NewRecorder(dir)
	if err != nil {
		return err
	}
	defer recorder.Close()
	a.Observe = recorder.Observe
	verdict, err := a.Play(ctx)
	if err != nil {
		return usage(err)
	}
	if err := verdict.Write(stdout); err != nil {
		return err
	}
	if verdict.Played == nil {
		fmt.Fprintf(stdout, "It was not played: there is nothing to write.\n")
		return nil
	}
	t, err := recorder.Transcript(*verdict.Played)
	if err != nil {
		return err
	}
	return f.files.write(stdout, t)
}

// entry finds a student's hand-in.
func (f *appealFlags) entry(submission string) (*intake.Class, intake.Entry, error) {
	class, err := intake.OpenClass(f.class, grade.Reserved...)
	if err != nil {
		return nil, intake.Entry{}, err
	}
	if err := divide(class, f.teams); err != nil {
		_ = class.Close() // nothing was read yet
		return nil, intake.Entry{}, err
	}
	i := slices.IndexFunc(class.Entries, func(e intake.Entry) bool { return strings.EqualFold(e.Name, submission) })
	if i < 0 {
		_ = class.Close()
		return nil, intake.Entry{}, fmt.Errorf("--class %s: nobody there is called %q", f.class, submission)
	}
	return class, class.Entries[i], nil
}

// divide gives each member of a team what it has handed in.
func divide(class *intake.Class, file string) error {
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("--teams %w", err)
	}
	teams, err := intake.ParseTeams(data)
	if err == nil {
		err = class.Divide(teams, grade.Reserved...)
	}
	if err != nil {
		return fmt.Errorf("--teams %s: %w", file, err)
	}
	return nil
}
