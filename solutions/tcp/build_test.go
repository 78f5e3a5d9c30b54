package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/tools/txtar"
)

// given are the files that a variant does not bring along.
var given = []string{"card.go", "clock.go", "main.go", "network.go", "packet.go", "segment.go"}

// buildVariant builds a program of testdata/variants and returns its path.
func buildVariant(t *testing.T, file string) string {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"go.mod": []byte("module variant\n\ngo 1.26\n")}
	for _, name := range given {
		if files[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range archive.Files {
		files[f.Name] = f.Data
	}
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return buildIn(t, dir)
}

// buildIn builds the program of a folder and returns its path.
func buildIn(t *testing.T, dir string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "tcp")
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
