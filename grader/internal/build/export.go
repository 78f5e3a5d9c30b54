package build

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
)

// ready are the packages of the standard library that stand compiled in the
// cache.
type ready struct {
	turn turns // of those that find out or compile

	mu    sync.Mutex
	all   map[string]bool   // packages of the standard library; nil before that is known
	files map[string]string // where they are, with all that they depend on
}

// Exports returns the files of the export data, which is what the compiler knows
// of a package when it compiles a program, of packages of the standard library:
// at least of these, and of all that they depend on.
func (t *Toolchain) Exports(ctx context.Context, packages []string) (map[string]string, error) {
	if err := t.prepare(ctx, packages); err != nil {
		return nil, err
	}
	r := &t.ready
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, path := range packages {
		if !r.all[path] {
			return nil, fmt.Errorf("%q: no such package in the standard library", path)
		}
	}
	return maps.Clone(r.files), nil
}

// prepare compiles what is missing of what a program imports of the standard
// library. What it imports besides is for the compiler to complain about.
func (t *Toolchain) prepare(ctx context.Context, imports []string) error {
	r := &t.ready
	imports = append(slices.Clone(imports), "runtime")
	if missing, known := r.missing(imports); known && len(missing) == 0 {
		return nil
	}
	if err := r.turn.take(ctx); err != nil {
		return err
	}
	defer r.turn.leave()
	missing, known := r.missing(imports) // somebody may have been here before
	if !known {
		all, err := t.standard(ctx)
		if err != nil {
			return err
		}
		r.mu.Lock()
		r.all, r.files = all, make(map[string]string)
		r.mu.Unlock()
		missing, _ = r.missing(imports)
	}
	if len(missing) == 0 {
		return nil
	}
	files, err := t.compileStandard(ctx, missing)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.Copy(r.files, files)
	return nil
}

// missing returns which of the packages are not compiled yet, and whether that is
// known.
func (r *ready) missing(imports []string) (missing []string, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, path := range imports {
		if _, compiled := r.files[path]; r.all[path] && !compiled {
			missing = append(missing, path)
		}
	}
	return missing, r.all != nil
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
