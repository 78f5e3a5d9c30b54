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

// direct makes the executable of files, which lie in their place. An *Error
// means that go would meet the same limit; every other error leaves the program
// to go.
func (t *Toolchain) direct(ctx context.Context, files source.Files, p place, made string) error {
	r, err := t.recipe(ctx)
	if err != nil {
		return err
	}
	compiled, err := selected(files)
	if err != nil {
		return err
	}
	imports := compiled.Imports()
	ready, err := t.prepare(ctx, imports)
	if err != nil {
		return err
	}
	if err := errors.Join(p.writeImports(ready, imports), p.writeLink(ready, r.info)); err != nil {
		return err
	}
	there := strings.NewReplacer(r.made, made, r.tree, p.tree, "$WORK", p.work) // the first that fits counts
	compile := r.compile.at(there)
	for _, name := range compiled.Names() {
		compile.args = append(compile.args, "."+string(filepath.Separator)+name)
	}
	if err := t.perform(ctx, compile, files, p); err != nil {
		return err
	}
	return t.perform(ctx, r.link.at(there), files, p)
}

// A place is where the tools work on a program.
type place struct {
	scratch string // what the tools write is below it
	tree    string // the program's files
	work    string // what go calls $WORK
}

// place writes a program's files below scratch.
func (t *Toolchain) place(scratch string, files source.Files) (place, error) {
	p := place{scratch: scratch, tree: filepath.Join(scratch, "program"), work: filepath.Join(scratch, "work")}
	return p, t.write(p.tree, files)
}

// selected returns the files that are compiled on this system. Those that go
// might have something to say about are left to it.
func selected(files source.Files) (source.Files, error) {
	compiled, seen := make(source.Files), make(map[string]bool)
	for name, text := range files {
		lower := strings.ToLower(name)
		if seen[lower] || strings.HasSuffix(name, "_test.go") || bytes.Contains(text, []byte("//go:debug")) {
			return nil, errIndirect
		}
		seen[lower] = true
		here, err := IsForHere(name, text)
		if err != nil {
			return nil, err
		}
		if here {
			compiled[name] = text
		}
	}
	if len(compiled) == 0 {
		return nil, errIndirect
	}
	return compiled, nil
}

// IsForHere reports whether a file is part of a program on this system.
func IsForHere(name string, text []byte) (bool, error) {
	system := gobuild.Default
	system.CgoEnabled = false
	system.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	return system.MatchFile("", name)
}

// packageFile is the line that tells a tool where a package is.
func packageFile(path, file string) string { return fmt.Sprintf("packagefile %s=%s\n", path, file) }

// writeImports writes the file that tells the compiler where the packages are
// that a program imports.
func (p place) writeImports(ready map[string]string, imports []string) error {
	var text strings.Builder
	for _, path := range imports {
		if path == "unsafe" {
			continue
		}
		inner := slices.ContainsFunc(strings.Split(path, "/"), func(e string) bool { return e == "internal" || e == "vendor" })
		if ready[path] == "" || inner {
			return errIndirect
		}
		text.WriteString(packageFile(path, ready[path]))
	}
	return p.config("importcfg", text.String())
}

// writeLink writes the file that tells the linker where a program and the
// packages that are ready are.
func (p place) writeLink(ready map[string]string, info string) error {
	text := packageFile(module, filepath.Join(p.work, "b001", "_pkg_.a"))
	for _, path := range slices.Sorted(maps.Keys(ready)) {
		if ready[path] != "" {
			text += packageFile(path, ready[path])
		}
	}
	return p.config("importcfg.link", text+info)
}

// config writes a file that a step of the recipe names.
func (p place) config(name, text string) error {
	dir := filepath.Join(p.work, "b001")
	return errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
}

// perform runs a tool on a stranger's files.
func (t *Toolchain) perform(ctx context.Context, s step, files source.Files, p place) error {
	start := t.within(s.tool, p)
	out, err := t.runIn(ctx, func(ctx context.Context, cmd *exec.Cmd) error {
		cmd.Path, cmd.Args[0] = s.tool, s.tool
		cmd.Env = append(cmd.Env, s.env...)
		return start(ctx, cmd)
	}, p.scratch, p.tree, s.args...)
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
