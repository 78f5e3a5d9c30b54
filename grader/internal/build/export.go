package build

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// Exports returns for packages of the standard library, and for all that these
// depend on, the files of their export data, which is what the compiler knows of
// them when it compiles a program. A package that Build has needed is there
// already; others are compiled.
func (t *Toolchain) Exports(ctx context.Context, packages []string) (map[string]string, error) {
	scratch, err := os.MkdirTemp("", "wirebook-go-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	args := append([]string{"list", "-deps", "-export", "-trimpath", "-f", "{{.ImportPath}} {{.Export}}", "--"}, packages...)
	out, err := t.run(ctx, scratch, scratch, args...)
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w: %q", err, out)
	}
	exports := make(map[string]string)
	for line := range strings.Lines(out) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		exports[path] = file
	}
	return exports, nil
}

// standard returns the packages of the standard library, each of them false.
func (t *Toolchain) standard(ctx context.Context) (map[string]bool, error) {
	scratch, err := os.MkdirTemp("", "wirebook-go-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	out, err := t.run(ctx, scratch, scratch, "list", "std")
	if err != nil {
		return nil, fmt.Errorf("go list std: %w: %q", err, out)
	}
	packages := make(map[string]bool)
	for _, path := range strings.Fields(out) {
		packages[path] = false
	}
	return packages, nil
}
