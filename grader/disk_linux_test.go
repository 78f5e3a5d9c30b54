package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"wirebook/grader/internal/result"
)

// onDisk runs the rig's grader, with more arguments, where a disk of these options is
// at dir, and returns its exit status and what it said.
func (r *rig) onDisk(dir, options string, more ...string) (status int, said string) {
	cmd, out := r.command()
	// What stands on the disk is gone with the namespace: keep a copy.
	script := `mount -t tmpfs -o ` + options + ` none "$0" || exit 99; "$@"; status=$?; cp -r "$0"/. "$0.copy"; exit $status`
	cmd.Args = slices.Concat([]string{"sh", "-c", script, dir}, cmd.Args, more)
	cmd.Path = "/bin/sh"
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	r.must(os.MkdirAll(dir+".copy", 0o777))
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || cmd.ProcessState.ExitCode() == 99 {
		r.t.Skipf("a disk cannot be mounted here (needs root): %v %s", err, out)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// Where the disk for the results is full, each result is whole or not there,
// and what is there is the truth.
func TestResultsOnFullDisk(t *testing.T) {
	needsAll(t)
	r := newRig(t, "untouched", "no-lesson", "not-compiling", "forbidden-import")
	for _, name := range []string{"b", "c", "d", "e", "f", "g"} {
		r.must(os.CopyFS(filepath.Join(r.class, name), os.DirFS(filepath.Join(r.class, "no-lesson"))))
	}
	r.must(os.Mkdir(r.out, 0o777))
	status, said := r.onDisk(r.out, "size=40k")
	if status != exitIncomplete || !strings.Contains(said, "no space left on device") {
		t.Errorf("exit status %d, said %q; want %d and that there was no space", status, said, exitIncomplete)
	}
	files, err := filepath.Glob(filepath.Join(r.out+".copy", "*", "result.json"))
	r.must(err)
	if len(files) == 0 || len(files) == 10 {
		t.Errorf("%d of 10 results were written; want some, and not all", len(files))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		r.must(err)
		if s, err := result.Decode(data); err != nil || !s.Complete {
			t.Errorf("%s: %v; want a whole result", file, err)
		}
	}
}

// Where the machine is to blame, nobody can be graded, nobody gets a zero for it, and
// a sentence says what to do.
func TestPlaysOnUnfitMachine(t *testing.T) {
	needsAll(t)
	tests := map[string]struct {
		options string
		args    []string
		want    string
	}{
		"full":   {"size=1m", nil, "64 MiB are free"},
		"noexec": {"noexec", []string{"--sandbox", "plain", "--allow-unsandboxed"}, "mounted noexec"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "whole", "no-lesson")
			status, said := r.onDisk(r.scratch, test.options, test.args...)
			if status != exitIncomplete || !strings.Contains(said, "whole  ? of ") {
				t.Errorf("exit status %d, said %q; want %d and no score", status, said, exitIncomplete)
			}
			data, err := os.ReadFile(filepath.Join(r.out, "whole", "result.json"))
			r.must(err)
			s, err := result.Decode(data)
			r.must(err)
			if s.Score != nil || s.Complete || !strings.Contains(s.Lessons[0].Reason, test.want) {
				t.Errorf("result %s; want %q", data, test.want)
			}
		})
	}
}
