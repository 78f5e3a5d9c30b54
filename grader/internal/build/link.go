package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	gobuild "go/build"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
)

// Most of what go does for a program of one package is to find out what there
// is to do, and that is the same for all of them. So it is asked once, and each
// program is compiled and linked by the tools themselves, in the same sandbox
// under the same limits, to the same executable but for its build ID.
//
// Only what succeeds that way counts. Whatever does not is built by go, which
// has the last word on what is wrong with a program and says it as it does at
// home.

// errIndirect says that a program is one for go.
var errIndirect = errors.New("not built by the tools themselves")

// direct makes the executable of files, which lie in tree below scratch. An
// *Error means that go would meet the same limit; every other error leaves the
// program to go.
func (t *Toolchain) direct(ctx context.Context, files source.Files, scratch, tree, made string) error {
	r, err := t.recipe(ctx)
	if err != nil {
		return err
	}
	compiled, err := selected(files)
	if err != nil {
		return err
	}
	imports := compiled.Imports()
	if err := t.prepare(ctx, imports); err != nil {
		return err
	}
	work := filepath.Join(scratch, "work")
	if err := t.ready.write(filepath.Join(work, "b001"), imports, r.info); err != nil {
		return err
	}
	var names []string
	for _, name := range compiled.Names() {
		names = append(names, "."+string(filepath.Separator)+name)
	}
	// The first that fits counts.
	there := strings.NewReplacer(r.made, made, r.tree, tree, "$WORK", work)
	for _, s := range []step{r.compile.with(names...), r.link} {
		if err := t.perform(ctx, s.at(there), files, scratch, tree); err != nil {
			return err
		}
	}
	return nil
}

// selected returns the files that are compiled on this system. Those that go
// might have something to say about are left to it.
func selected(files source.Files) (source.Files, error) {
	system := gobuild.Default
	system.CgoEnabled = false
	system.OpenFile = func(path string) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(files[filepath.Base(path)])), nil
	}
	compiled, seen := make(source.Files), make(map[string]bool)
	for name, text := range files {
		lower := strings.ToLower(name)
		if seen[lower] || strings.HasSuffix(name, "_test.go") || bytes.Contains(text, []byte("//go:debug")) {
			return nil, errIndirect
		}
		seen[lower] = true
		matches, err := system.MatchFile("", name)
		if err != nil {
			return nil, err
		}
		if matches {
			compiled[name] = text
		}
	}
	if len(compiled) == 0 {
		return nil, errIndirect
	}
	return compiled, nil
}

// write writes the files that tell the tools where packages are: the compiler
// those that the program imports, the linker all.
func (r *ready) write(dir string, imports []string, info string) error {
	r.mu.Lock()
	files := maps.Clone(r.files)
	r.mu.Unlock()
	line := func(path string) string { return fmt.Sprintf("packagefile %s=%s\n", path, files[path]) }
	var theirs, all strings.Builder
	for _, path := range imports {
		if path == "unsafe" {
			continue
		}
		inner := slices.ContainsFunc(strings.Split(path, "/"), func(e string) bool { return e == "internal" || e == "vendor" })
		if files[path] == "" || inner {
			return errIndirect
		}
		theirs.WriteString(line(path))
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if files[path] != "" {
			all.WriteString(line(path))
		}
	}
	program := "packagefile " + module + "=" + filepath.Join(dir, "_pkg_.a") + "\n"
	return errors.Join(
		os.MkdirAll(dir, 0o700),
		os.WriteFile(filepath.Join(dir, "importcfg"), []byte(theirs.String()), 0o600),
		os.WriteFile(filepath.Join(dir, "importcfg.link"), []byte(program+all.String()+info), 0o600))
}

// perform runs a tool on a stranger's files.
func (t *Toolchain) perform(ctx context.Context, s step, files source.Files, scratch, tree string) error {
	start := freely
	if t.level != sandbox.Plain {
		jail := sandbox.Tool(t.level, s.tool, tree, []string{t.root, t.cache}, []string{scratch}, bounds)
		start = func(ctx context.Context, cmd *exec.Cmd) error { return confined(ctx, jail, cmd) }
	}
	out, err := t.runIn(ctx, func(ctx context.Context, cmd *exec.Cmd) error {
		cmd.Path, cmd.Args[0] = s.tool, s.tool
		cmd.Env = append(cmd.Env, s.env...)
		return start(ctx, cmd)
	}, scratch, tree, s.args...)
	var exit *exec.ExitError
	if errors.As(err, &exit) && ctx.Err() == nil {
		// As go would say it.
		messages := parse(fmt.Sprintf("%s\n%s: %v\n", out, s.tool, err), files, strings.NewReplacer())
		if len(messages) == 1 && messages[0].Text == tooMuch {
			return &Error{messages}
		}
	}
	return err
}
