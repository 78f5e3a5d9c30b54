package handout

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"wirebook/grader/internal/reset"
)

// Changes are what a newer handout has changed in a student's copy.
type Changes struct {
	// Replaced is how many files are those of the newer handout now.
	Replaced int
	// Kept are files that the student had changed and that have another name now.
	Kept []string
	// Yours are programs of the student's of which the given file has changed: they
	// stay, and what is given stands in testdata/given.
	Yours []string
	// Again are, by lesson, the scenarios that are new or have changed.
	Again map[string][]string
}

// Update makes the files of the copy in dir those of the handout in newer. What the
// student has written stays: a program as it is, all else that he has changed under
// another name. An update that was interrupted goes on when it is run again.
func Update(dir, newer string) (*Changes, error) {
	before, err := readList(dir)
	if err != nil {
		return nil, err
	}
	after, err := readList(newer)
	if err != nil {
		return nil, err
	}
	c := &Changes{Again: make(map[string][]string)}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		text, err := os.ReadFile(filepath.Join(newer, filepath.FromSlash(name)))
		if err != nil {
			return c, err
		}
		if err := c.replace(dir, name, text, before[name]); err != nil {
			return c, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if after[name] == "" {
			if err := c.remove(dir, name, before[name]); err != nil {
				return c, err
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(newer, listFile))
	if err != nil {
		return c, err
	}
	return c, put(dir, listFile, text)
}

// replace makes a file that of the newer handout. before is the hash of what was
// handed out earlier, "" where there was none.
func (c *Changes) replace(dir, name string, text []byte, before string) error {
	now, there, err := current(dir, name)
	if err != nil {
		return err
	}
	if before != hash(text) {
		c.again(name)
	}
	switch {
	case there && now == hash(text):
		return nil
	case isStudents(name) && (there && now != before || !there && before != ""):
		if before != hash(text) {
			c.Yours = append(c.Yours, name)
		}
		return nil
	case there && now != before:
		if err := c.keep(dir, name); err != nil {
			return err
		}
	}
	c.Replaced++
	return put(dir, name, text)
}

// remove removes a file that is handed out no more. A program may need it.
func (c *Changes) remove(dir, name, before string) error {
	now, there, err := current(dir, name)
	if err != nil || !there || isStudents(name) {
		return err
	}
	if now != before {
		return c.keep(dir, name)
	}
	c.Replaced++
	return os.Remove(filepath.Join(dir, filepath.FromSlash(name)))
}

// current returns the hash of a file in the copy.
func current(dir, name string) (now string, there bool, err error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return "", false, &fs.PathError{Op: "update", Path: name, Err: fs.ErrInvalid}
	}
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	return hash(text), err == nil, err
}

// keep gives a file that the student has changed another name.
func (c *Changes) keep(dir, name string) error {
	now, err := reset.Aside(filepath.Join(dir, filepath.FromSlash(name)))
	if err == nil {
		c.Kept = append(c.Kept, path.Join(path.Dir(name), filepath.Base(now)))
	}
	return err
}

// again notes a scenario that is to be played again.
func (c *Changes) again(name string) {
	at := strings.Split(name, "/")
	if len(at) == 4 && at[0] == "exercises" && at[2] == "testdata" && path.Ext(name) == ".txtar" {
		c.Again[at[1]] = append(c.Again[at[1]], strings.TrimSuffix(at[3], ".txtar"))
	}
}
