// Package reset gives a lesson's folder its files as they were handed out, and loses
// nothing: what the student has written stays beside them under another name.
package reset

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wirebook/grader/internal/source"
)

// test is the one test of a lesson, which is no part of its program.
const test = "main_test.go"

// A Kept is a file of the student's and what it is called now.
type Kept struct{ Name, Now string }

// Lesson makes the .go files in dir, but for the lesson's test, those that were
// given. It returns what it has kept of the student's.
func Lesson(dir string, given source.Files) ([]Kept, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var kept []Kept
	for _, e := range entries {
		name := e.Name()
		if filepath.Ext(name) != ".go" || name == test || e.IsDir() {
			continue
		}
		if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil && given[name] != nil && bytes.Equal(text, given[name]) {
			continue
		}
		now, err := Aside(filepath.Join(dir, name))
		if err != nil {
			return kept, err
		}
		kept = append(kept, Kept{name, filepath.Base(now)})
	}
	for _, name := range given.Names() {
		if err := write(filepath.Join(dir, name), given[name]); err != nil {
			return kept, err
		}
	}
	return kept, nil
}

// Aside renames a file to the first of NAME.1, NAME.2 and so on that is free, and
// returns that. Go takes no file of such a name for a part of a program.
func Aside(path string) (string, error) {
	for n := 1; ; n++ {
		now := fmt.Sprintf("%s.%d", path, n)
		// A name is taken by a hard link or not at all: a rename would replace what
		// another has put there since we looked.
		err := os.Link(path, now)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil {
			return now, os.Remove(path)
		}
		if _, there := os.Lstat(now); there == nil {
			continue
		}
		return now, os.Rename(path, now) // a file system without links
	}
}

// write leaves a file alone that is right.
func write(path string, text []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	return os.WriteFile(path, text, 0o666)
}

func (k Kept) String() string { return strings.Join([]string{k.Name, "is now", k.Now}, " ") }
