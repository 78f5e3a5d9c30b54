package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/verify"
	"wirebook/grader/internal/workbook"
)

func verifyCommand() *cobra.Command {
	var options verify.Options
	var load, update, blind bool
	var jobs int
	cmd := &cobra.Command{
		Use:   "verify [LESSON...]",
		Short: "Prove the workbook sound: play programs of which the verdict is known",
		Long: `Plays, for each lesson of this working tree, programs of which the verdict is
known: the stub earns nothing, the solution and the variants pass every
scenario, every mutant fails exactly the scenarios that it names. Prints a
matrix, a row a program and a column a scenario, and every surprise in full.`,
		RunE: func(cmd *cobra.Command, names []string) error {
			w, err := workbook.Tree(".")
			if err != nil {
				return usage(err)
			}
			if names, err = lessonNames(w, names); err != nil {
				return err
			}
			if update {
				return writeGiven(w, names)
			}
			if blind && (options.KnownBad || len(options.Mutants) > 0) {
				return usagef("verify: --blind is for what is known to be good: where the engine sees less, a mutant may live")
			}
			if blind {
				options.KnownGood = true
				if err := os.Setenv("WIREBOOK_BLIND", "1"); err != nil {
					return err
				}
			}
			if load {
				stop, err := verify.Load(spinCommand().Use)
				if err != nil {
					return fmt.Errorf("--load: %w", err)
				}
				defer stop()
			}
			options.Slots = harness.NewSlots(max(1, jobs))
			return verifyLessons(cmd, w, names, options)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&options.Repeat, "repeat", 1, "how often the solution and the variants play, and the mutants of --known-bad and --mutant")
	flags.BoolVar(&load, "load", false, "keep all processors busy with other processes meanwhile")
	flags.BoolVar(&update, "update", false, "play nothing; make the .go files of exercises/LESSON the given ones")
	flags.StringSliceVar(&options.Scenarios, "scenario", nil, "play only the scenarios of these names or patterns")
	flags.BoolVar(&options.KnownGood, "known-good", false, "play only the solution and the variants")
	flags.BoolVar(&options.KnownBad, "known-bad", false, "play only the mutants, and each only in the scenarios that it must fail")
	flags.BoolVar(&blind, "blind", false, "play what is known to be good with an engine that sees as little as on macOS and Windows")
	flags.StringSliceVar(&options.Mutants, "mutant", nil, "play only the mutants of these names or patterns")
	flags.Int64Var(&options.Seed, "seed", 1, "what random exchanges are made from")
	flags.IntVar(&jobs, "jobs", defaultJobs, "how many plays work at once")
	return cmd
}

// lessonNames checks the names given on a command line; none means all.
func lessonNames(w *workbook.Workbook, names []string) ([]string, error) {
	if len(names) == 0 {
		return w.Names(), nil
	}
	return names, usage(w.Knows(names...))
}

func writeGiven(w *workbook.Workbook, names []string) error {
	var errs []error
	for _, name := range names {
		errs = append(errs, w.WriteGiven(name))
	}
	return errors.Join(errs...)
}

func verifyLessons(cmd *cobra.Command, w *workbook.Workbook, names []string, options verify.Options) error {
	ctx := cmd.Context()
	tools, err := build.Find(ctx, build.Options{Keep: true})
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	fmt.Fprint(out, verify.Legend, "\n")
	sound := true
	for _, name := range names {
		start := time.Now()
		report, err := verify.Lesson(ctx, w, name, tools, options)
		if err != nil && report == nil {
			sound = false
			fmt.Fprintf(out, "SURPRISE: %v\n\n", err)
			continue
		}
		if err := report.Write(out); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %d plays, %d surprises, %v\n\n", name, report.Plays(), report.Surprises(), time.Since(start).Round(time.Second))
		if ctx.Err() != nil {
			return errors.New("verify: interrupted; what is blank was not played")
		}
		sound = sound && report.Sound()
	}
	if !sound {
		return errors.New("verify: the workbook is not sound; every line above that begins with SURPRISE is one thing to mend")
	}
	return nil
}

// spinCommand is what verify --load starts, and no person.
func spinCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "spin",
		Short:  "Use one processor until standard input ends",
		Hidden: true,
		Args:   noArguments,
		Run:    func(*cobra.Command, []string) { verify.Spin(os.Stdin) },
	}
}
