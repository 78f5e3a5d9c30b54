package grade

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/result"
)

// classFile holds what the results of a folder have in common. It is written
// before the first of them.
const classFile = "class.json"

// A Manifest is what classFile holds.
type Manifest struct {
	Schema   string   `json:"schema"`
	Workbook string   `json:"workbook"`
	Seed     int64    `json:"seed"`
	Lessons  []string `json:"lessons"`
}

const manifestSchema = "wirebook/class/v1"

// A Folder is where the results of a class go: NAME/result.json for each
// submission, NAME/timing.json beside it.
type Folder struct{ dir string }

// An OtherError says that a folder holds what is not to be overwritten.
type OtherError struct{ reason string }

func (e *OtherError) Error() string { return e.reason }

// Reserved reports whether a submission's name is one of a file that stands
// beside the results.
func Reserved(name string) bool {
	return slices.Contains([]string{classFile, "class.csv", "index.html"}, name)
}

// OpenFolder makes dir ready for results of the workbook, and says by which
// seed its results were made, 0 where it has none. A folder that holds
// something else, or results of another workbook, is an *OtherError unless they
// are to be replaced.
func OpenFolder(dir, workbook string, replace bool) (*Folder, int64, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && len(entries) == 0) {
		return &Folder{dir}, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	data, err := os.ReadFile(filepath.Join(dir, classFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, &OtherError{fmt.Sprintf("%s: not a folder of results: it holds other files and no %s; name a new folder", dir, classFile)}
	}
	if err != nil {
		return nil, 0, err
	}
	var m Manifest
	err = json.Unmarshal(data, &m)
	switch {
	case replace:
		return &Folder{dir}, m.Seed, nil
	case err != nil || m.Schema != manifestSchema:
		return nil, 0, &OtherError{fmt.Sprintf("%s: it is not readable as %s; give --regrade to grade all again", filepath.Join(dir, classFile), manifestSchema)}
	case m.Workbook != workbook:
		return nil, 0, &OtherError{fmt.Sprintf("%s: its results are of another workbook (%.12s, this one is %.12s); give --regrade to grade all again, or another folder", dir, m.Workbook, workbook)}
	}
	return &Folder{dir}, m.Seed, nil
}

// Begin makes the folder and writes what all results have in common.
func (f *Folder) Begin(workbook string, seed int64, lessons []string) error {
	if err := os.MkdirAll(f.dir, 0o777); err != nil {
		return err
	}
	data, err := json.MarshalIndent(Manifest{manifestSchema, workbook, seed, lessons}, "", "  ")
	if err != nil {
		return err
	}
	return f.Write(classFile, append(data, '\n'))
}

// Write writes a file of the folder whole or not at all.
func (f *Folder) Write(name string, data []byte) error {
	return writeFile(filepath.Join(f.dir, name), data)
}

// Read returns a submission's result.
func (f *Folder) Read(name string) (*result.Submission, error) {
	path := filepath.Join(f.dir, name, "result.json")
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := result.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// kept returns the result that an earlier run left, if it is what this grader
// would find again.
func (f *Folder) kept(g *Grader, s *intake.Submission) *result.Submission {
	old, err := f.Read(s.Name)
	if err != nil {
		return nil // none, or cut: graded again
	}
	same := old.Known() && old.Submission == s.Name && old.Digest == s.Digest() && old.Workbook == g.workbook &&
		old.Toolchain == g.tools.Version && old.Seed == g.seed && old.Sandbox == sandbox &&
		slices.EqualFunc(old.Lessons, g.graded, func(l result.Lesson, name string) bool { return l.Lesson == name })
	if !same {
		return nil
	}
	return old
}

// save writes a submission's result: last, for it says that all is there.
func (f *Folder) save(s *result.Submission, t *Timing) error {
	if err := os.MkdirAll(filepath.Join(f.dir, s.Submission), 0o777); err != nil {
		return err
	}
	if t != nil {
		data, err := json.MarshalIndent(t, "", "  ")
		if err != nil {
			return err
		}
		if err := f.Write(filepath.Join(s.Submission, "timing.json"), append(data, '\n')); err != nil {
			return err
		}
	}
	data, err := s.Encode()
	if err != nil {
		return err
	}
	return f.Write(filepath.Join(s.Submission, "result.json"), data)
}

// A Class is a folder of submissions on their way into a folder of results.
type Class struct {
	Grader  *Grader
	Entries []intake.Entry
	Folder  *Folder
	// Jobs is how many submissions are in work at once, 0 for a good many:
	// one that hangs waits most of the time.
	Jobs int
	// Regrade grades again what an earlier run has graded.
	Regrade bool
	// Done, where it is not nil, is told of each result in turn, and whether
	// it was kept from an earlier run.
	Done func(s *result.Submission, kept bool)
}

// Grade grades every entry. What goes wrong with one is a result that says so
// and stops no other; an error means that a result could not be written, or
// that ctx ended.
func (c *Class) Grade(ctx context.Context) error {
	jobs := c.Jobs
	if jobs <= 0 {
		jobs = 2 * runtime.NumCPU()
	}
	entries := make(chan intake.Entry)
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		errs []error
	)
	for range min(jobs, len(c.Entries)) {
		wait.Go(func() {
			for e := range entries {
				s, kept, err := c.entry(ctx, e)
				mu.Lock()
				switch {
				case err != nil && ctx.Err() == nil:
					errs = append(errs, fmt.Errorf("%s: %w", e.Name, err))
				case err == nil && c.Done != nil:
					c.Done(s, kept)
				}
				mu.Unlock()
			}
		})
	}
feed:
	for _, e := range c.Entries {
		select {
		case entries <- e:
		case <-ctx.Done():
			break feed
		}
	}
	close(entries)
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	return errors.Join(errs...)
}

// entry gives one entry its result and writes it.
func (c *Class) entry(ctx context.Context, e intake.Entry) (s *result.Submission, kept bool, err error) {
	submission, err := e.Open(c.Grader.known, c.Grader.graded)
	if err != nil {
		s = c.Grader.unknown(e.Name, err)
		return s, false, c.Folder.save(s, nil)
	}
	return c.Folder.Grade(ctx, c.Grader, submission, c.Regrade)
}

// Grade gives a submission its result: the kept one, unless it is to be graded
// again, or a new one, which is written.
func (f *Folder) Grade(ctx context.Context, g *Grader, submission *intake.Submission, again bool) (s *result.Submission, kept bool, err error) {
	if !again {
		if s = f.kept(g, submission); s != nil {
			return s, true, nil
		}
	}
	s, timing, err := g.Grade(ctx, submission)
	if err != nil {
		return nil, false, err
	}
	return s, false, f.save(s, timing)
}
