package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/command"
	"wirebook/grader/internal/watch"
)

func watchCommand() *cobra.Command {
	var o watch.Options
	cmd := &cobra.Command{
		Use:   "watch [LESSON] [-- COMMAND [ARG...]]",
		Short: "Play a lesson at every save",
		Long: `Plays the public scenarios of a lesson whenever you save one of its files, first the one
that failed last, and shows the page of the failure from which you find the mistake
soonest. Without LESSON it is the lesson that is next, and then that of the file that
you saved last.

With COMMAND it plays that program, and whenever a file changes that it names.
Without a terminal, or where NO_COLOR is set, it prints plain lines.`,
		ValidArgsFunction: completeLessons,
		RunE: func(cmd *cobra.Command, args []string) error {
			names, program, err := commandIn(cmd, args)
			if err != nil {
				return err
			}
			if len(names) > 1 {
				return usagef("watch: one lesson at a time, or none for that of the file that you save")
			}
			if program != nil && len(names) == 0 {
				return usagef("watch: which lesson is -- %s for? as in: go run ./grader watch chat -- %[1]s", program)
			}
			t, err := openTree(names, "")
			if err != nil {
				return err
			}
			return t.watch(cmd, names, program, o)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.Manual, "manual", false, "play when you press Enter, and not when you save")
	flags.BoolVar(&o.Hidden, "hidden", false, "play the hidden scenarios, too, where they are")
	flags.IntVar(&o.Jobs, "jobs", defaultJobs, "how many plays work at once")
	return cmd
}

// watch watches the tree on what there is: a terminal or not.
func (t *tree) watch(cmd *cobra.Command, names []string, program *command.Command, o watch.Options) (err error) {
	ctx := cmd.Context()
	o.Dir, o.Command, o.Poll = t.book.Dir, program, os.Getenv("WIREBOOK_BLIND") != ""
	if o.Students, err = build.Find(ctx, build.Options{}); err != nil {
		return err
	}
	if o.Ours, err = build.Find(ctx, build.Options{Keep: true}); err != nil {
		return err
	}
	if o.Fixed = len(names) == 1; o.Fixed {
		o.Lesson = names[0]
	} else if o.Lesson, err = t.next(ctx); err != nil {
		return err
	}
	o.List = lessonList
	o.Replay = func(ctx context.Context, lesson, scenario string) []string {
		args := []string{"replay", lesson, scenario}
		if program != nil {
			args = append(append(args, "--"), program.Words...)
		}
		return itself(ctx, args...)
	}
	out, plain := cmd.OutOrStdout(), os.Getenv("NO_COLOR") != ""
	terminal := out == io.Writer(os.Stdout) && term.IsTerminal(int(os.Stdout.Fd())) && term.IsTerminal(int(os.Stdin.Fd()))
	switch {
	case terminal && !plain:
		return watch.Terminal(ctx, o, os.Stdin, os.Stdout)
	case o.Manual || terminal:
		return watch.Lines(ctx, o, cmd.InOrStdin(), out)
	}
	return watch.Lines(ctx, o, nil, out)
}

// next is the lesson that is next.
func (t *tree) next(ctx context.Context) (string, error) {
	st, err := whereYouStand(ctx)
	if err != nil {
		return "", err
	}
	if st.Next != nil {
		return st.Next.Lesson, nil
	}
	return t.lessons[0].Name, nil
}

// lessonList tells where the student stands. Lessons that have changed are played.
func lessonList(ctx context.Context, play bool) []string {
	if play {
		return itself(ctx, "check")
	}
	return itself(ctx, "list")
}

// itself is what this executable prints with these arguments.
func itself(ctx context.Context, args ...string) []string {
	path, err := os.Executable()
	if err != nil {
		return []string{err.Error()}
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second // then it is killed where it has not obeyed
	out, err := cmd.CombinedOutput()
	text := string(bytes.TrimRight(out, "\n"))
	if text == "" && err != nil {
		text = err.Error()
	}
	return strings.Split(text, "\n")
}
