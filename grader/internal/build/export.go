package build

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// ready are the packages of the standard library that stand compiled in the
// cache.
type ready struct {
	turn  turns
	all   map[string]bool   // packages of the standard library; nil before that is known
	files map[string]string // where they are, with all that they depend on
}

// Exports returns the files of the export data, which is what the compiler knows
// of a package when it compiles a program, of packages of the standard library:
// at least of these, and of all that they depend on.
func (t *Toolchain) Exports(ctx context.Context, packages []string) (map[string]string, error) {
	files, err := t.prepare(ctx, packages)
	if err != nil {
		return nil, err
	}
	for _, path := range packages {
		if _, ok := files[path]; !ok {
			return nil, fmt.Errorf("%q: no such package in the standard library", path)
		}
	}
	return files, nil
}

// prepare compiles what is missing of what a program imports of the standard
// library, and returns the files of all that is ready. What it imports besides is
// for the compiler to complain about.
func (t *Toolchain) prepare(ctx context.Context, imports []string) (files map[string]string, err error) {
	r := &t.ready
	if err := r.turn.take(ctx); err != nil {
		return nil, err
	}
	defer r.turn.leave()
	if r.all == nil {
		if r.all, err = t.standard(ctx); err != nil {
			return nil, err
		}
		r.files = make(map[string]string)
	}
	var missing []string
	for _, path := range append(slices.Clone(imports), "runtime") {
		if _, compiled := r.files[path]; r.all[path] && !compiled {
			missing = append(missing, path)
		}
	}
	if len(missing) > 0 {
		compiled, err := t.compileStandard(ctx, missing)
		if err != nil {
			return nil, err
		}
		maps.Copy(r.files, compiled)
	}
	return maps.Clone(r.files), nil
}

// compileStandard compiles packages of the standard library, and returns the
// files of these and of all that they depend on.
func (t *Toolchain) compileStandard(ctx context.Context, packages []string) (map[string]string, error) {
	args := append([]string{"list", "-deps", "-export", "-trimpath", "-f", "{{.ImportPath}} {{.Export}}", "--"}, packages...)
	out, err := t.inScratch(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w: %q", err, out)
	}
	files := make(map[string]string)
	for line := range strings.Lines(out) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file // "" for unsafe, which has none
	}
	return files, nil
}

// standard returns the packages of the standard library.
func (t *Toolchain) standard(ctx context.Context) (map[string]bool, error) {
	out, err := t.inScratch(ctx, "list", "std")
	if err != nil {
		return nil, fmt.Errorf("go list std: %w: %q", err, out)
	}
	packages := make(map[string]bool)
	for _, path := range strings.Fields(out) {
		packages[path] = true
	}
	return packages, nil
}

// inScratch runs go in a new folder.
func (t *Toolchain) inScratch(ctx context.Context, args ...string) (string, error) {
	scratch, err := os.MkdirTemp("", "wirebook-go-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	return t.run(ctx, scratch, scratch, args...)
}
