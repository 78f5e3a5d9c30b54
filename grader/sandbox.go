package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/zone"
)

// sandboxFlags say at which level strangers' programs may run.
type sandboxFlags struct {
	exactly, least string
	unsandboxed    bool
	// probe tells what keeps this machine from a level.
	probe func(context.Context, sandbox.Level) error
}

func (f *sandboxFlags) register(flags *pflag.FlagSet) {
	f.probe = zone.Probe
	flags.StringVar(&f.exactly, "sandbox", "", "run programs at this level: strong, reduced or plain (default: the best that this machine reaches)")
	flags.StringVar(&f.least, "require-sandbox", "", "refuse to run programs at a lower level than this")
	flags.BoolVar(&f.unsandboxed, "allow-unsandboxed", false, "accept the level plain, at which programs run with your rights")
}

// level settles the level for all programs of a run, by trying what this
// machine reaches. Nothing changes it afterwards. Where it is not the best, and
// nobody has asked for it, a line on w tells why.
func (f *sandboxFlags) level(ctx context.Context, w io.Writer) (sandbox.Level, error) {
	least := sandbox.Plain
	candidates := sandbox.Levels
	if f.least != "" {
		var err error
		if least, err = sandbox.ParseLevel(f.least); err != nil {
			return 0, usage(fmt.Errorf("--require-sandbox %w", err))
		}
	}
	if f.exactly != "" {
		level, err := sandbox.ParseLevel(f.exactly)
		if err != nil {
			return 0, usage(fmt.Errorf("--sandbox %w", err))
		}
		if level < least {
			return 0, usagef("--sandbox %v is less than --require-sandbox %v", level, least)
		}
		candidates = []sandbox.Level{level}
	}
	return f.best(ctx, w, candidates, least)
}

// best is the first of the candidates that this machine reaches and the flags
// accept. A machine that is merely busy does not get a lower level for it.
func (f *sandboxFlags) best(ctx context.Context, w io.Writer, candidates []sandbox.Level, least sandbox.Level) (sandbox.Level, error) {
	var why error // what keeps this machine from the best
	for _, level := range candidates {
		if level < least {
			break
		}
		err := f.probe(ctx, level)
		if level == sandbox.Plain {
			err = f.plain(why)
		}
		switch {
		case ctx.Err() != nil:
			return 0, errors.New("interrupted; nothing was graded")
		case zone.IsShortage(err):
			return 0, fmt.Errorf("sandbox %v: whether this machine reaches it cannot be told now, for it has run out of something: %w; try again when less runs on it", level, err)
		case err == nil && why != nil:
			fmt.Fprintf(w, "grader: sandbox: %v, since %v does not work here: %v\n", level, candidates[0], why)
			return level, nil
		case err == nil || level == sandbox.Plain:
			return level, err
		}
		if why == nil {
			why = err
		}
	}
	if f.exactly != "" {
		return 0, usagef("--sandbox %s: this machine does not reach it: %w; see: go run ./grader doctor", f.exactly, why)
	}
	return 0, usagef("--require-sandbox %v: this machine does not reach it: %w; see: go run ./grader doctor", least, why)
}

// plain is accepted only where someone has said so.
func (f *sandboxFlags) plain(why error) error {
	switch {
	case f.unsandboxed:
		return nil
	case why == nil:
		return usagef("--sandbox plain: programs would run with your rights; add --allow-unsandboxed where you trust all of them")
	}
	return usagef("no sandbox works on this machine (%w): programs would run with your rights; "+
		"see: go run ./grader doctor, or add --allow-unsandboxed where you trust all of them", why)
}
