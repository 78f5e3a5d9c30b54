package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/capture"
	"wirebook/grader/internal/command"
	"wirebook/grader/internal/handin"
	"wirebook/grader/internal/plug"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/workbook"
)

// A plugging is a network that somebody wants around his device.
type plugging struct {
	options  plug.Options
	loss     float64 // per cent
	pcapng   string
	solution bool
}

func plugCommand() *cobra.Command {
	p := &plugging{}
	cmd := &cobra.Command{
		Use:   "plug LESSON [LESSON] [-- COMMAND [ARG...]]",
		Short: "Put Linux kernels at the ends of your device's cables",
		Long: `Starts your program of the lesson and puts a Linux kernel at the end of each of its cables,
without root: a host with ping, traceroute, nc and whatever else this machine has. It
prints a command that opens a shell in each host, in another terminal, and shows what
passes on the cables. What you type goes to your program or, behind its name, to a host:
    h1 ping -c 3 10.2.0.9

There are: ` + strings.Join(plug.Names(), ", ") + `.
COMMAND takes the place of the last one's program. --pcapng - writes the capture to
standard output, for wireshark -k -i -, and all else to standard error.`,
		ValidArgsFunction: completeLessons,
		RunE: func(cmd *cobra.Command, args []string) error {
			names, program, err := commandIn(cmd, args)
			if err != nil {
				return err
			}
			if err := p.check(names); err != nil {
				return usage(err)
			}
			return p.run(cmd.Context(), program)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&p.options.Lines, "run", nil, "obey this line, as if it were typed, and end after the last one")
	flags.BoolVar(&p.options.Quiet, "quiet", false, "do not show what passes on the cables")
	flags.StringVar(&p.pcapng, "pcapng", "", "write a capture to this file, or - for standard output")
	flags.Float64Var(&p.loss, "loss", 0, "how many frames of a hundred a cable loses")
	flags.DurationVar(&p.options.Delay, "delay", 0, "how long a frame is on its way, as in 50ms")
	flags.Int64Var(&p.options.Seed, "seed", 1, "decides which frames are lost")
	flags.BoolVar(&p.solution, "solution", false, "plug in the solutions' programs")
	return cmd
}

// check checks the command line.
func (p *plugging) check(names []string) (err error) {
	if len(names) == 0 {
		return fmt.Errorf("plug: which lesson? as in: go run ./grader plug router; there are %s", strings.Join(plug.Names(), ", "))
	}
	if p.options.Network, err = plug.Find(names); err != nil {
		return fmt.Errorf("plug: %w", err)
	}
	if p.loss < 0 || p.loss > 100 {
		return fmt.Errorf("--loss %v: it is how many of a hundred frames are lost, 0 to 100", p.loss)
	}
	if p.options.Delay < 0 {
		return fmt.Errorf("--delay %v: no frame arrives before it is sent", p.options.Delay)
	}
	p.options.Loss = p.loss / 100
	return nil
}

// run runs the network; program takes the place of the last device's, unless it is nil.
func (p *plugging) run(ctx context.Context, program *command.Command) (err error) {
	dir, err := os.MkdirTemp("", "plug-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o := &p.options
	for i, d := range o.Network.Devices {
		made := harness.Program{}
		if program != nil && i == len(o.Network.Devices)-1 {
			made = program.Program
		} else if made, err = p.build(ctx, dir, d.Lesson); err != nil {
			return err
		}
		o.Programs = append(o.Programs, made)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o.Host = []string{self, hostCommand().Name()}
	o.In, o.Out = os.Stdin, os.Stdout
	if p.pcapng == "" {
		return plug.Run(ctx, *o)
	}
	to := os.Stdout
	if p.pcapng == "-" {
		o.Out = os.Stderr
	} else if to, err = os.Create(p.pcapng); err != nil {
		return err
	}
	o.Capture = capture.New(to, "wirebook: grader plug "+o.Network.Name)
	return errors.Join(plug.Run(ctx, *o), o.Capture.Close(), to.Close())
}

// build builds the tree's program of a lesson, as check does.
func (p *plugging) build(ctx context.Context, dir, lesson string) (harness.Program, error) {
	t, err := openTree([]string{lesson}, "")
	if err != nil {
		return harness.Program{}, err
	}
	files, where, err := t.files(t.lessons[0], p.solution)
	if err != nil {
		return harness.Program{}, err
	}
	tools, err := build.Find(ctx, build.Options{})
	if err != nil {
		return harness.Program{}, err
	}
	path := stage.Executable(dir, lesson)
	var broken *build.Error
	if err := tools.Build(ctx, files, path); errors.As(err, &broken) {
		lines := []string{where + " does not compile:"}
		for _, m := range broken.Messages {
			lines = append(lines, m.String())
		}
		return harness.Program{}, errors.New(strings.Join(lines, "\n"))
	} else if err != nil {
		return harness.Program{}, err
	}
	return stage.Program(path), nil
}

// files are a lesson's program, and where it stands.
func (t *tree) files(l *workbook.Lesson, solution bool) (files source.Files, where string, err error) {
	if solution {
		if len(l.Solution) == 0 {
			return nil, "", usagef("--solution: there is no solution of %s here", l.Name)
		}
		return l.Solution, "solutions/" + l.Name, nil
	}
	part, err := handin.Take(t.folder(l.Name), l)
	if err != nil {
		return nil, "", err
	}
	return part.Files.Complete(l.Given), "exercises/" + l.Name, nil
}

// hostCommand is what runs as the first process of a host.
func hostCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "host",
		Short:  "Be a host of plug",
		Hidden: true,
		Args:   cobra.ExactArgs(4),
		RunE:   func(_ *cobra.Command, args []string) error { return plug.BeHost(args) },
	}
}
