package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/command"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/transcript"
	"wirebook/grader/internal/web"
	"wirebook/grader/internal/workbook"
)

// A replay is one scenario that is played for somebody who wants to see all of it.
type replay struct {
	tree     *workbook.Workbook
	lesson   *workbook.Lesson
	scenario *harness.Scenario

	program  *command.Command // nil for that of the lesson
	seed     int64
	solution bool
	hold     int
	show     transcript.Options
	files    transcriptFiles

	in       io.Reader
	out, err io.Writer
}

func replayCommand() *cobra.Command {
	r, hand := &replay{}, &appealFlags{}
	hand.files = &r.files
	cmd := &cobra.Command{
		Use:   "replay [LESSON] SCENARIO [-- COMMAND [ARG...]] | SUBMISSION LESSON SCENARIO",
		Short: "Play one scenario and show all that passed",
		Long: `Plays one scenario of this working tree and shows each step with the bytes that went
and came, in hex and as text, when, from whom and to whom. What came is shown under the
step that asked for it.

--html writes a page with a drawing instead, --pcapng a file for Wireshark or tshark.
--hold N stops before step N, so that you can attach a debugger; from there on nothing
is limited.

With COMMAND it plays that program, in whatever language, as check does.

With --class CLASS and --results OUT it builds and plays the program of a submission as
it was graded: in the same sandbox, by the same seed. It shows the page of a scenario
that fails, and says where the verdict is not that of OUT. --html and --pcapng write
what passed then, too.`,
		ValidArgsFunction: completeScenario,
		RunE: func(cmd *cobra.Command, args []string) error {
			r.in, r.out, r.err = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
			if hand.given() || len(args) == 3 && cmd.ArgsLenAtDash() < 0 {
				return hand.run(cmd, args)
			}
			names, program, err := commandIn(cmd, args)
			if err != nil {
				return err
			}
			if r.program = program; program != nil && r.solution {
				return usagef("--solution plays the model program, and -- %s is another; leave one of them out", program)
			}
			if err := r.find(names); err != nil {
				return err
			}
			return r.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.BoolVarP(&r.show.HexOnly, "hex", "x", false, "show bytes in hex alone")
	flags.BoolVar(&r.show.All, "all", false, "show all bytes, also of a piece of more than 4 KiB")
	flags.StringVar(&r.files.html, "html", "", "write a page to this file")
	flags.StringVar(&r.files.pcapng, "pcapng", "", "write a capture to this file")
	flags.IntVar(&r.hold, "hold", 0, "stop before this step until you press Enter")
	flags.BoolVar(&r.solution, "solution", false, "play the solution's program")
	flags.Int64Var(&r.seed, "seed", 1, "what random exchanges are made from")
	hand.register(flags)
	return cmd
}

// find finds the scenario that the arguments name.
func (r *replay) find(args []string) (err error) {
	if len(args) < 1 || len(args) > 2 {
		return usagef("replay: which scenario? as in: go run ./grader replay chat split-line")
	}
	if r.tree, err = workbook.Tree("."); err != nil {
		return usage(err)
	}
	name := strings.TrimSuffix(args[len(args)-1], ".txtar")
	lessons := args[:len(args)-1]
	if err := r.tree.Knows(lessons...); err != nil {
		return usage(err)
	}
	if len(lessons) == 0 {
		lessons = r.lessonsWith(name)
	}
	switch {
	case len(lessons) == 0:
		return usagef("replay: no lesson has a scenario %q; each is a file testdata/NAME.txtar of its lesson", name)
	case len(lessons) > 1:
		return usagef("replay: several lessons have a scenario %q; name one: %s", name, strings.Join(lessons, ", "))
	}
	found, err := r.tree.Select(lessons)
	if err != nil {
		return usage(err)
	}
	r.lesson = found[0]
	i := slices.IndexFunc(r.lesson.Scenarios, func(s *harness.Scenario) bool { return s.Name == name })
	if i < 0 {
		return usagef("replay: %s has no scenario %q; it has %s", r.lesson.Name, name, strings.Join(names(r.lesson.Scenarios), ", "))
	}
	r.scenario = r.lesson.Scenarios[i]
	return nil
}

// lessonsWith are the lessons that have a scenario of a name.
func (r *replay) lessonsWith(name string) (lessons []string) {
	for _, lesson := range r.tree.Names() {
		for _, hidden := range []bool{false, true} {
			info, err := os.Stat(filepath.Join(r.tree.Dir, filepath.FromSlash(telling.FolderOf(lesson, hidden)), name+".txtar"))
			if err == nil && info.Mode().IsRegular() {
				lessons = append(lessons, lesson)
				break
			}
		}
	}
	return lessons
}

func names(scenarios []*harness.Scenario) (all []string) {
	for _, s := range scenarios {
		all = append(all, s.Name)
	}
	return all
}

// completeScenario is what a shell offers: a lesson, and then one of its scenarios.
func completeScenario(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 1 {
		if t, err := openTree(args, ""); err == nil {
			return names(t.lessons[0].Scenarios), cobra.ShellCompDirectiveNoFileComp
		}
	}
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeLessons(cmd, args, typed)
}

// run plays the scenario and writes what was asked for.
func (r *replay) run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "replay-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	player, err := r.player(ctx, dir)
	if err != nil {
		return err
	}
	recorder, err := transcript.NewRecorder(dir)
	if err != nil {
		return err
	}
	defer recorder.Close()
	player.Observe = recorder.Observe
	if r.hold > 0 {
		player.Before = r.before(ctx)
	}
	t, err := recorder.Transcript(player.Play(ctx, r.scenario))
	if err != nil {
		return err
	}
	if err := r.write(t); err != nil {
		return err
	}
	if r.hold > len(t.Steps) {
		fmt.Fprintf(r.err, "It was not held: %d steps were played.\n", len(t.Steps))
	}
	if t.Result.Status == telling.Error {
		return &statusError{status: exitIncomplete}
	}
	return nil
}

// player gives a player of the program.
func (r *replay) player(ctx context.Context, dir string) (player *harness.Player, err error) {
	path := ""
	if r.program == nil {
		if path, err = r.build(ctx, dir); err != nil {
			return nil, err
		}
	}
	tools, err := build.Find(ctx, build.Options{Keep: true})
	if err != nil {
		return nil, err
	}
	s := &stage.Stage{Lesson: r.lesson, Builder: tools, Dir: dir, Seed: r.seed}
	player, err = s.Player(ctx, path)
	if err == nil && r.program != nil {
		player.Program = r.program.Program
	}
	return player, err
}

// build builds the program where it stands, so that a debugger finds its lines.
func (r *replay) build(ctx context.Context, dir string) (path string, err error) {
	path = stage.Executable(dir, "program")
	side := "exercises"
	if r.solution {
		side = "solutions"
	}
	args := []string{"build", "-o", path}
	if r.hold > 0 {
		args = append(args, "-gcflags=-N -l")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+side+"/"+r.lesson.Name)...)
	cmd.Dir = r.tree.Dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(out) > 0 {
		return "", &statusError{exitIncomplete, fmt.Errorf("%s/%s does not compile:\n%s", side, r.lesson.Name, bytes.TrimSpace([]byte(web.Visible(string(out)))))}
	}
	return path, err
}

// before holds the play before a step until somebody presses Enter.
func (r *replay) before(ctx context.Context) func(*harness.Scenario, harness.Pause) (bool, error) {
	return func(_ *harness.Scenario, at harness.Pause) (endless bool, err error) {
		if at.Number != r.hold {
			return false, nil
		}
		fmt.Fprintf(r.err, "Held before step %d:  %s\n", at.Number, web.Visible(at.Step.Text))
		for _, g := range at.Programs {
			fmt.Fprintf(r.err, "  %s is process %d:  dlv attach %[2]d\n", g.Name, g.PID)
		}
		fmt.Fprint(r.err, "Press Enter to go on; from here on no step is over by waiting.\n")
		enter := make(chan struct{})
		go func() {
			defer close(enter)
			// The end of the input is as good as Enter.
			_, _ = bufio.NewReader(r.in).ReadString('\n')
		}()
		select {
		case <-enter:
			return true, nil
		case <-ctx.Done():
			return true, ctx.Err()
		}
	}
}

// write writes the transcript in the forms that were asked for.
func (r *replay) write(t *transcript.Transcript) error {
	if !r.files.wanted() {
		return t.Text(r.out, r.show)
	}
	fmt.Fprintf(r.out, "%s\n", telling.Wrap("", t.Verdict()))
	return r.files.write(r.out, t)
}

// transcriptFiles are the files into which a transcript is written, "" for none.
type transcriptFiles struct{ html, pcapng string }

func (f *transcriptFiles) wanted() bool { return f.html != "" || f.pcapng != "" }

func (f *transcriptFiles) write(out io.Writer, t *transcript.Transcript) error {
	if f.html != "" {
		if err := writeFile(f.html, t.HTML); err != nil {
			return err
		}
		fmt.Fprintf(out, "The page is in %s.\n", f.html)
	}
	if f.pcapng == "" {
		return nil
	}
	if !t.HasPackets() {
		fmt.Fprintf(out, "Nothing went over a network in %s: there is no capture to write.\n", t.Result.Scenario.Name)
		return nil
	}
	if err := writeFile(f.pcapng, t.Capture); err != nil {
		return err
	}
	fmt.Fprintf(out, "The capture is in %s.\n", f.pcapng)
	return nil
}
