package grade

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/result"
)

// What the grader holds in memory does not grow with the class: a hand-in is
// opened when its turn comes, and a result is written and forgotten.
func TestMemoryIsFlat(t *testing.T) {
	const size, few, grain = 1000, 10, 64 << 10
	class := t.TempDir()
	// 20 KB a hand-in: a few of them are more than the grain. All results are, too.
	padding := "// " + strings.Repeat("x", 20_000) + "\n"
	for i := range size {
		text := given // an untouched stub
		if i%2 == 1 {
			text = "package main\n\nimport _ \"net\"\n\nfunc main() {}\n" + padding // refused
		}
		dir := filepath.Join(class, fmt.Sprintf("student-%04d", i), "greet")
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	entries, _, err := intake.Class(class)
	if err != nil {
		t.Fatal(err)
	}
	folder := &Folder{dir: filepath.Join(t.TempDir(), "out")}
	var done int
	var after [2]uint64 // the first few, and all
	c := &Class{Grader: newGrader(t, newBook(t, nil)), Entries: entries, Folder: folder, Jobs: 1, Done: func(s *result.Submission, _ bool) {
		switch done++; done {
		case few:
			after[0] = inUse()
		case size:
			after[1] = inUse()
		}
	}}
	if err := c.Grade(t.Context()); err != nil {
		t.Fatal(err)
	}
	if done != size || after[1] > after[0]+grain {
		t.Errorf("%d submissions; after %d of them %d bytes are in use, after the last %d; want at most %d more", done, few, after[0], after[1], grain)
	}
	read := 0
	for _, err := range c.Results() {
		if err != nil {
			t.Fatal(err)
		}
		read++
	}
	if now := inUse(); read != size || now > after[0]+grain {
		t.Errorf("%d results read, %d bytes in use; want %d and at most %d more than %d", read, now, size, grain, after[0])
	}
}

// inUse returns how many bytes are held.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
