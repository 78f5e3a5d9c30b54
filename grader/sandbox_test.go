package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"wirebook/grader/internal/sandbox"
)

// reaching is a machine that reaches these levels.
func reaching(levels ...sandbox.Level) func(context.Context, sandbox.Level) error {
	return func(_ context.Context, level sandbox.Level) error {
		for _, l := range levels {
			if l == level {
				return nil
			}
		}
		return errors.New("the kernel said no")
	}
}

// A grading runs at the level that was asked for, or at the best that there is
// and that is accepted, or not at all.
func TestSandboxLevel(t *testing.T) {
	all := reaching(sandbox.Strong, sandbox.Reduced, sandbox.Plain)
	docker := reaching(sandbox.Reduced, sandbox.Plain)
	bare := reaching(sandbox.Plain)
	tests := []struct {
		name  string
		probe func(context.Context, sandbox.Level) error
		flags sandboxFlags
		want  string // the level, or words of the error
	}{
		{"the best", all, sandboxFlags{}, "strong"},
		{"the best also where less is accepted", all, sandboxFlags{unsandboxed: true, least: "reduced"}, "strong"},
		{"the best that there is", docker, sandboxFlags{}, "reduced"},
		{"exactly", all, sandboxFlags{exactly: "reduced"}, "reduced"},
		{"exactly plain", all, sandboxFlags{exactly: "plain", unsandboxed: true}, "plain"},
		{"plain where nothing better works", bare, sandboxFlags{unsandboxed: true}, "plain"},
		{"plain unasked", bare, sandboxFlags{}, "no sandbox works on this machine (the kernel said no)"},
		{"plain asked, but not accepted", all, sandboxFlags{exactly: "plain"}, "add --allow-unsandboxed"},
		{"exactly what is not reached", docker, sandboxFlags{exactly: "strong", unsandboxed: true}, "--sandbox strong: this machine does not reach it: the kernel said no"},
		{"too little", docker, sandboxFlags{least: "strong", unsandboxed: true}, "--require-sandbox strong: this machine does not reach it: the kernel said no"},
		{"too little of a bare machine", bare, sandboxFlags{least: "reduced", unsandboxed: true}, "--require-sandbox reduced: this machine does not reach it"},
		{"a contradiction", all, sandboxFlags{exactly: "plain", least: "strong", unsandboxed: true}, "--sandbox plain is less than --require-sandbox strong"},
		{"no level", all, sandboxFlags{exactly: "best"}, `--sandbox "best": no such level; the levels are strong, reduced and plain`},
		{"no least level", all, sandboxFlags{least: "some"}, `--require-sandbox "some": no such level`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.flags.probe = test.probe
			var said bytes.Buffer
			level, err := test.flags.level(t.Context(), &said)
			if err == nil {
				if level.String() != test.want {
					t.Errorf("level %v; want %s", level, test.want)
				}
				if unasked := test.flags.exactly == "" && level != sandbox.Strong; unasked != (said.Len() > 0) {
					t.Errorf("level %v; it said %q", level, &said)
				}
				return
			}
			var status *statusError
			if !errors.As(err, &status) || status.status != exitUsage || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q; want one line of exit status %d with %q", err, exitUsage, test.want)
			}
		})
	}
}

// A machine that has run out of something, or a teacher who interrupts, gets no lower
// level for it.
func TestSandboxLevelIsNotLowered(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, test := range []struct {
		name string
		ctx  context.Context
		err  error
		want string
	}{
		{"short of memory", t.Context(), fmt.Errorf("zone: %w", syscall.ENOMEM), "try again"},
		{"interrupted", stopped, errors.New("signal: killed"), "interrupted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var said bytes.Buffer
			flags := sandboxFlags{unsandboxed: true, probe: func(_ context.Context, level sandbox.Level) error {
				if level == sandbox.Strong {
					return test.err
				}
				return nil
			}}
			if level, err := flags.level(test.ctx, &said); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("level %v, %v; want no level and %q", level, err, test.want)
			}
		})
	}
}

// oldAtReduced is a kernel on which reduced works, and not all that lessons ask for.
func oldAtReduced(level sandbox.Level) []error {
	if level == sandbox.Reduced {
		return []error{errors.New("an old kernel")}
	}
	return nil
}

func TestDoctor(t *testing.T) {
	tests := []struct {
		name  string
		probe func(context.Context, sandbox.Level) error
		want  []string
		not   string
	}{
		{"all", reaching(sandbox.Strong, sandbox.Reduced, sandbox.Plain),
			[]string{"strong: works", "reduced: works", "plain: works", "at the level strong"}, "failed"},
		{"docker", reaching(sandbox.Reduced, sandbox.Plain),
			[]string{"strong: does not work", "tried, and failed: the kernel said no", "what helps: ", "reduced: works", "NOT isolated", "but an old kernel", "at the level reduced"}, "only with"},
		{"short of something", func(context.Context, sandbox.Level) error { return syscall.EAGAIN },
			[]string{"tried, and failed: resource temporarily unavailable", "try again when less runs"}, "AppArmor"},
		{"bare", reaching(sandbox.Plain),
			[]string{"strong: does not work", "reduced: does not work", "at the level plain, and only with --allow-unsandboxed"}, "an old kernel"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			diagnose(t.Context(), &out, test.probe, oldAtReduced)
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in:\n%s", want, &out)
				}
			}
			if test.not != "" && strings.Contains(out.String(), test.not) {
				t.Errorf("%q in:\n%s", test.not, &out)
			}
		})
	}
}
