package grade

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"wirebook/grader/internal/result"
)

// What the grader holds in memory does not grow with the class: a hand-in is
// opened when its turn comes, and a result is written and forgotten.
func TestMemoryIsFlat(t *testing.T) {
	const size, few, grain = 1000, 200, 64 << 10
	class := t.TempDir()
	// 20 KB a hand-in: those that are played behind the first few are more than the
	// grain. All results are, too.
	padding := "// " + strings.Repeat("x", 20_000) + "\n"
	for i := range size {
		text := given // an untouched stub
		switch {
		case i%50 == 0: // built and played, each anew
			text = greeter + fmt.Sprintf("\nvar number = %d\n", i) + padding
		case i%50 == 25: // the same, and it fails
			text = strings.Replace(greeter, "hello", fmt.Sprint("hello ", i), 1) + padding
		case i%2 == 1:
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
	entries := entriesOf(t, class)
	folder := &Folder{dir: filepath.Join(t.TempDir(), "out")}
	var done int
	var after [2]uint64 // the first few, and all
	c := &Class{Grader: newGrader(t, newBook(t, nil)), Entries: entries, Folder: folder, Jobs: 1, Done: func(s *result.Submission, _ bool) {
		if graded := done%25 == 0; graded != (s.Lessons[0].Status == result.Graded) {
			t.Errorf("%s: %s; it is to be played: %v", s.Submission, s.Lessons[0].Status, graded)
		}
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
	runtime.GC() // what pools held
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
