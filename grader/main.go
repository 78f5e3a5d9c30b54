// Grader scores the programs of a class, or one's own, by playing the
// workbook's scenarios with them.
//
//	go run ./grader                       where you stand and what is next
//	go run ./grader watch [LESSON]        play a lesson at every save
//	go run ./grader check [LESSON...]     score the exercises of this working tree,
//	                                      or with -- COMMAND any program
//	go run ./grader replay SCENARIO       what passed in one scenario, byte by byte
//	go run ./grader plug LESSON           Linux kernels at the ends of its cables
//	go run ./grader reset LESSON          begin a lesson anew, and keep what is there
//	go run ./grader submit LESSON...      pack lessons for the teacher
//	go run ./grader handout DIR           write the students' copy
//	go run ./grader update HANDOUT        take a newer one into it
//	go run ./grader sample DIR            write the hand-ins of a sample class
//	go run ./grader grade DIR -o OUT      score every submission in DIR
//	go run ./grader merge DIR... -o OUT   put the shards of a class into one
//	go run ./grader report DIR            print the results in DIR again
//	go run ./grader diff OLD NEW          whose points two gradings differ in, and why
//	go run ./grader verify [LESSON...]    prove the workbook sound
//	go run ./grader doctor                what this machine's sandbox can do
//
// A command reads its flags, calls one package of internal/ and prints what it
// returns; nothing is decided here. A submission goes intake, source, build,
// stage, zone (where the harness plays it, in a sandbox), grade, report: each
// package says in its first lines what it does.
//
// The exit status is 0 where everything was graded, 1 where something could not
// be graded and that is not a submission's fault, 2 for a mistake in the
// command line and what it names, and 3 for a score below --fail-under.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/scratch"
	"wirebook/grader/internal/workbook"
	"wirebook/grader/internal/zone"
)

func main() {
	zone.Main()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The second Ctrl-C ends the grader on the spot; the next run tidies up.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run obeys the command line and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	end := ownScratch(root)
	defer end()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitGraded
	}
	var status *statusError
	if !errors.As(err, &status) {
		status = &statusError{exitIncomplete, err}
	}
	if status.err != nil {
		fmt.Fprintf(stderr, "grader: %v\n", status.err)
	}
	return status.status
}

const (
	exitGraded     = 0
	exitIncomplete = 1 // something could not be graded
	exitUsage      = 2
	exitBelow      = 3 // a score is below --fail-under
)

// A statusError is an error with the exit status that it means. Its err may be
// nil where everything has been said.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}

func (e *statusError) Unwrap() error { return e.err }

// usage marks an error as a mistake in the command line or in what it names.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return &statusError{exitUsage, err}
}

func usagef(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:               "grader",
		Args:              knownCommand,
		RunE:              stand,
		Short:             "Scores network programs by playing scenarios with them",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w; see: go run ./grader %s --help", err, cmd.Name())
	})
	root.AddCommand(
		listCommand(),
		hintCommand(),
		watchCommand(),
		checkCommand(),
		replayCommand(),
		plugCommand(),
		resetCommand(),
		submitCommand(),
		updateCommand(),
		handoutCommand(),
		sampleCommand(),
		gradeCommand(),
		mergeCommand(),
		reportCommand(),
		diffCommand(),
		doctorCommand(),
		verifyCommand(),
		spinCommand(),
		hostCommand(),
	)
	return root
}

// ownScratch gives the command that root will run a folder for its temporary
// files, and returns what removes it. Hidden commands are helpers that another
// command starts: they live in its folder.
func ownScratch(root *cobra.Command) (end func()) {
	var run *scratch.Run
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) (err error) {
		if !cmd.Hidden {
			run, err = scratch.Begin()
		}
		return err
	}
	return func() {
		if run != nil {
			run.End()
		}
	}
}

// completeLessons are what a shell offers where a lesson may stand.
func completeLessons(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	book, err := workbook.Tree(".")
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return book.Names(), cobra.ShellCompDirectiveNoFileComp
}

func knownCommand(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%q: no such command; see: go run ./grader --help", args[0])
	}
	return nil
}
