// Package build turns a program's files into an executable.
//
// The files may be a stranger's. They are compiled in a folder of their own, in
// a fixed environment that no variable, go.work or go.mod of theirs or of the
// teacher reaches, under limits on processor time, memory and output, and with
// a build cache apart from the user's.
package build

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
)

// A Builder makes a program's files an executable. Its methods are safe for
// concurrent use.
type Builder interface {
	// Build compiles files to the executable target. A program that does not
	// compile is an *Error; every other error is not the program's fault.
	Build(ctx context.Context, files source.Files, target string) error
	// Version tells what has built an executable, as "go1.26.8". Of another one
	// nothing is known.
	Version() string
}

// A Toolchain builds programs in Go.
type Toolchain struct {
	version string
	command string        // the path of go
	root    string        // its GOROOT
	cache   string        // go's build cache
	kept    string        // where programs are kept, empty where they are not
	builds  turns         // as many at once as there are processors
	level   sandbox.Level // at which strangers' files are compiled
	race    bool          // programs look for races in themselves
	ready   ready         // what compiling in a sandbox need not compile
}

// Turns are for so many at a time as the channel has room for. Who waits for one
// waits no longer than its context lasts.
type turns chan struct{}

func (t turns) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turns) leave() { <-t }

// maxWall is the end of a build that is neither done nor at a limit: the
// machine is starved, and nothing can be said about the program.
const maxWall = 5 * time.Minute

// Options say how a toolchain builds.
type Options struct {
	// Level is that of the sandbox in which files are compiled.
	Level sandbox.Level
	// Keep lets Build recall a program that it has built from the same files by
	// the same toolchain. It is for the workbook's own programs: what a stranger
	// wrote is built anew.
	Keep bool
	// Race builds programs that look for data races in themselves. That needs a C
	// compiler.
	Race bool
}

// Find returns the toolchain whose go command the user would start.
func Find(ctx context.Context, o Options) (*Toolchain, error) {
	command, err := exec.LookPath("go")
	if err != nil {
		return nil, fmt.Errorf("building needs Go: %w; install it from https://go.dev/dl and put its bin folder into PATH", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("the build cache has no place: %w", err)
	}
	t := &Toolchain{
		command: command,
		cache:   filepath.Join(cache, "wirebook", "build"),
		builds:  make(turns, runtime.NumCPU()),
		ready:   ready{turn: make(turns, 1)},
		level:   o.Level,
		race:    o.Race,
	}
	if o.Keep {
		t.kept = openKept(filepath.Join(cache, "wirebook", "programs"))
	}
	if err := os.MkdirAll(t.cache, 0o700); err != nil {
		return nil, fmt.Errorf("the build cache: %w", err)
	}
	out, err := t.inScratch(ctx, "env", "GOVERSION", "GOROOT")
	if err != nil {
		return nil, fmt.Errorf("%s env: %w: %q", command, err, out)
	}
	t.version, t.root, _ = strings.Cut(strings.TrimSpace(out), "\n")
	if o.Race {
		return t, t.canFindRaces(ctx)
	}
	return t, nil
}

// Version implements Builder.
func (t *Toolchain) Version() string { return t.version }

// An Error says that the program does not compile.
type Error struct{ Messages []Message }

func (e *Error) Error() string {
	if len(e.Messages) == 0 {
		return "does not compile"
	}
	return "does not compile: " + e.Messages[0].String()
}

// Build implements Builder.
func (t *Toolchain) Build(ctx context.Context, files source.Files, target string) error {
	if t.kept == "" {
		return t.build(ctx, files, target)
	}
	kept := filepath.Join(t.kept, t.key(files))
	if t.recall(kept, target) == nil {
		return nil
	}
	if err := t.build(ctx, files, target); err != nil {
		return err
	}
	// What is not kept is built again.
	_ = os.Link(target, kept)
	return nil
}

// build has go build a program, and say what is wrong with it.
func (t *Toolchain) build(ctx context.Context, files source.Files, target string) error {
	if err := t.builds.take(ctx); err != nil {
		return err
	}
	defer t.builds.leave()
	scratch, err := os.MkdirTemp("", "wirebook-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	tree, made := filepath.Join(scratch, "program"), filepath.Join(scratch, "made.exe")
	if err := t.write(tree, files); err != nil {
		return err
	}
	out, err := t.compile(ctx, files, scratch, tree, slices.Concat([]string{"build"}, t.flags(), []string{"-o", made, "."})...)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return take(made, target)
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &exit):
		return fmt.Errorf("go build: %w", err)
	}
	messages := parse(out, files, strings.NewReplacer(tree+string(filepath.Separator), "", t.root, "$GOROOT"))
	if len(messages) == 0 || slices.ContainsFunc(messages, Message.oursToMend) {
		return fmt.Errorf("go build: %w: %q", err, out)
	}
	return &Error{messages}
}

// flags are the same for every program.
func (t *Toolchain) flags() []string {
	if t.race {
		return []string{"-trimpath", "-buildvcs=false", "-race"}
	}
	return []string{"-trimpath", "-buildvcs=false", "-ldflags=-s -w"}
}

// module is the path that programs are built under.
const module = "wirebook/program"

func (t *Toolchain) write(tree string, files source.Files) error {
	if err := os.Mkdir(tree, 0o700); err != nil {
		return err
	}
	mod := fmt.Sprintf("module %s\n\ngo %s\n", module, strings.TrimPrefix(version.Lang(t.version), "go"))
	if err := os.WriteFile(filepath.Join(tree, "go.mod"), []byte(mod), 0o600); err != nil {
		return err
	}
	for _, name := range files.Names() {
		if filepath.Base(name) != name {
			return fmt.Errorf("%q is not the name of a file in a lesson's folder", name)
		}
		if err := os.WriteFile(filepath.Join(tree, name), files[name], 0o600); err != nil {
			return err
		}
	}
	return nil
}

// run runs go with these arguments in dir, with scratch for its own files, and
// returns what it prints.
func (t *Toolchain) run(ctx context.Context, scratch, dir string, args ...string) (string, error) {
	return t.runIn(ctx, freely, scratch, dir, args...)
}

// runIn is run with a function that starts the command and waits for its end.
func (t *Toolchain) runIn(ctx context.Context, start func(context.Context, *exec.Cmd) error, scratch, dir string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, maxWall, errors.New("the machine is too busy: go was not done after "+maxWall.String()))
	defer cancel()
	cmd := exec.CommandContext(ctx, t.command, args...)
	cmd.Dir = dir
	cmd.Env = t.environment(scratch)
	out := &sandbox.Buffer{Max: 64 << 10}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = time.Second
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	err := start(ctx, cmd)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	return out.String(), err
}

// freely runs a command that works on nothing of a stranger's, or where there
// is no sandbox.
func freely(_ context.Context, cmd *exec.Cmd) error {
	err := cmd.Start()
	if err == nil {
		sandbox.Bound(cmd.Process.Pid, bounds)
		err = cmd.Wait()
	}
	return err
}

func (t *Toolchain) environment(scratch string) []string {
	cgo, path := "CGO_ENABLED=0", "PATH="+filepath.Dir(t.command)
	if t.race {
		cgo, path = "CGO_ENABLED=1", path+string(filepath.ListSeparator)+os.Getenv("PATH")
	}
	return []string{
		"GOENV=off", "GOPROXY=off", "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local",
		// A compiler lives shorter than its garbage collector needs to pay.
		"GOGC=off", "GOMEMLIMIT=1GiB",
		"GO111MODULE=on", "GOSUMDB=off", "GOVCS=*:off", cgo,
		"GOROOT=" + t.root, "GOCACHE=" + t.cache,
		"GOPATH=" + filepath.Join(scratch, "gopath"),
		"TMPDIR=" + scratch, "TMP=" + scratch, "TEMP=" + scratch,
		path,
	}
}
