// Package devicetest runs the programs of a device's lesson in tests: the solution and
// its variants, each with our ends of its cables. What is typed, sent and received is
// bytes; what they mean is the lesson's. A test is run in the folder of a solution.
package devicetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// A Program is the solution or a variant, compiled.
type Program struct {
	Name string // "solution", or the variant's
	Path string
}

// Programs compiles the solution and then its variants. A variant without a main.go of
// its own has the lesson's given files.
func Programs(t testing.TB, given ...string) []Program {
	t.Helper()
	files, err := filepath.Glob("testdata/variants/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all := []Program{{"solution", Build(t, ".")}}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		all = append(all, Program{name, buildVariant(t, file, given)})
	}
	return all
}

// Build compiles the program in a folder and returns its path.
func Build(t testing.TB, dir string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "device")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

func buildVariant(t testing.TB, file string, given []string) string {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", []byte("module variant\n\ngo 1.26\n"))
	if !slices.ContainsFunc(archive.Files, func(f txtar.File) bool { return f.Name == "main.go" }) {
		for _, name := range given {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			write(name, data)
		}
	}
	for _, f := range archive.Files {
		write(f.Name, f.Data)
	}
	return Build(t, dir)
}
