package grade

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"wirebook/grader/internal/result"
)

// The files of a folder of results, beside one folder for each submission.
const (
	// classFile holds what the results have in common. It is written before
	// the first of them.
	classFile = "class.json"
	// lockFile is locked by the grader that writes to the folder. The system
	// frees it when that ends, however it ends.
	lockFile = ".lock"
)

// The files of a submission in a folder of results.
const (
	resultFile = "result.json"
	pageFile   = "index.html"
)

// A Manifest is what classFile holds.
type Manifest struct {
	Schema   string   `json:"schema"`
	Workbook string   `json:"workbook"`
	Seed     int64    `json:"seed"`
	Lessons  []string `json:"lessons"`
	// Submissions are the names of all that the folder is to hold a result
	// of, sorted.
	Submissions []string `json:"submissions"`
	// Shard tells which part of a class they are; nil where they are all.
	Shard *Part `json:"shard,omitempty"`
}

const manifestSchema = "wirebook/class/v1"

// A Folder is where the results of a class go: NAME/result.json for each
// submission.
type Folder struct {
	dir      string
	workbook string   // its hash
	replace  bool     // whatever is in it
	old      Manifest // what was found, zero where nothing was
	lock     *flock.Flock
}

// An OtherError says that a folder holds what is not to be overwritten.
type OtherError struct {
	reason string
	// foreign tells that it is no folder of results at all.
	foreign bool
}

func (e *OtherError) Error() string { return e.reason }

func otherf(format string, args ...any) error {
	return &OtherError{reason: fmt.Sprintf(format, args...)}
}

// Reserved are the names of the files that stand beside the results.
var Reserved = []string{classFile, decisionsFile, lockFile, "class.csv", "index.html"}

// OpenFolder opens dir for results of the workbook. A folder that holds
// something else, or results of another workbook, is an *OtherError unless they
// are to be replaced.
func OpenFolder(dir, workbook string, replace bool) (*Folder, error) {
	f := &Folder{dir: dir, workbook: workbook, replace: replace}
	return f, f.look()
}

// look finds out what is in the folder.
func (f *Folder) look() error {
	old, err := readManifest(f.dir)
	var other *OtherError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.As(err, &other) && !other.foreign && f.replace:
		return nil
	case err != nil:
		return err
	case old.Workbook != f.workbook && !f.replace:
		return otherf("%s: its results are of another workbook (%.12s, this one is %.12s); give --regrade to grade all again, or another folder", f.dir, old.Workbook, f.workbook)
	}
	f.old = *old
	return nil
}

// ReadFolder opens a folder of results for reading.
func ReadFolder(dir string) (*Folder, *Manifest, error) {
	m, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, otherf("%s: it is no folder of results: there is no %s in it", dir, classFile)
	}
	if err != nil {
		return nil, nil, err
	}
	return &Folder{dir: dir, workbook: m.Workbook, old: *m}, m, nil
}

// readManifest reads what the results of dir have in common. Where dir is empty
// or not there at all, the error is fs.ErrNotExist.
func readManifest(dir string) (*Manifest, error) {
	path := filepath.Join(dir, classFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		entries, listing := os.ReadDir(dir)
		if listing == nil && slices.ContainsFunc(entries, func(e os.DirEntry) bool {
			return !slices.Contains([]string{lockFile, decisionsFile, classFile + unfinished}, e.Name())
		}) {
			return nil, &OtherError{fmt.Sprintf("%s: it is no folder of results: it holds other files and no %s; name a new folder", dir, classFile), true}
		}
		return nil, cmp.Or(listing, err)
	}
	if err != nil {
		return nil, err
	}
	m := new(Manifest)
	if err := json.Unmarshal(data, m); err != nil || m.Schema != manifestSchema {
		return nil, otherf("%s: it is not readable as %s; give --regrade to grade all again", path, manifestSchema)
	}
	return m, nil
}

// Seed is the one by which the folder's results were made, 0 where it has none.
func (f *Folder) Seed() int64 { return f.old.Seed }

// Lock makes the folder where it is missing and keeps other graders from
// writing to it until Unlock, or until this process ends. Where another has done
// so, that is an error.
func (f *Folder) Lock() error {
	return f.lockBy(func() error {
		locked, err := f.lock.TryLock()
		if err == nil && !locked {
			err = fmt.Errorf("%s: another grader is writing to it; wait for it, or name another folder", f.dir)
		}
		return err
	})
}

// AwaitLock is Lock that waits for the other, unless ctx ends before.
func (f *Folder) AwaitLock(ctx context.Context) error {
	return f.lockBy(func() error {
		done := make(chan error, 1)
		go func() { done <- f.lock.Lock() }()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// lockBy locks and looks once more: the other may have written until now.
func (f *Folder) lockBy(lock func() error) error {
	if err := os.MkdirAll(f.dir, 0o777); err != nil {
		return err
	}
	f.lock = flock.New(filepath.Join(f.dir, lockFile))
	if err := lock(); err != nil {
		return err
	}
	return f.look()
}

// Unlock lets others write to the folder.
func (f *Folder) Unlock() {
	if f.lock != nil {
		_ = f.lock.Unlock() // the process's end does the same
	}
}

// Begin makes the folder and writes what all results have in common. Results
// of another part of the class are an *OtherError, unless they are to be
// replaced.
func (f *Folder) Begin(m Manifest) error {
	if old := f.old; m.Shard != nil && len(old.Submissions) > 0 && !f.replace && (old.Shard == nil || *old.Shard != *m.Shard) {
		return otherf("%s: its results are of %s, not of %s; name a folder of its own for each shard", f.dir, old.Shard, m.Shard)
	}
	if err := os.MkdirAll(f.dir, 0o777); err != nil {
		return err
	}
	m.Schema = manifestSchema
	data, err := encode(m)
	if err != nil {
		return err
	}
	// A summary of results that are about to change would lie.
	for _, summary := range []string{"class.csv", "index.html"} {
		if err := ignoreMissing(os.Remove(filepath.Join(f.dir, summary))); err != nil {
			return err
		}
	}
	return f.write(classFile, data)
}

// encode writes a value as a file of the folder holds it.
func encode(value any) ([]byte, error) {
	data, err := json.MarshalIndent(value, "", "  ")
	return append(data, '\n'), err
}

func (f *Folder) write(name string, data []byte) error {
	return f.Write(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Write writes a file of the folder whole or not at all.
func (f *Folder) Write(name string, write func(io.Writer) error) error {
	return WriteWhole(filepath.Join(f.dir, name), write)
}

// WritePage writes a submission's page, where it has a result and the page is
// another one than there is. It can be made anew from the result at any time, so
// that nothing waits for the disk.
func (f *Folder) WritePage(submission string, page []byte) error {
	path := filepath.Join(f.dir, submission, pageFile)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, page) {
		return nil
	}
	err := os.WriteFile(path+unfinished, page, 0o644)
	if err == nil {
		err = os.Rename(path+unfinished, path)
	}
	return ignoreMissing(err)
}

// Read returns a submission's result.
func (f *Folder) Read(name string) (*result.Submission, error) {
	path := filepath.Join(f.dir, name, resultFile)
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

// Result returns a submission's result as one of the manifest's, and an error
// where there is none or one of another grading.
func (f *Folder) Result(m *Manifest, name string) (*result.Submission, error) {
	s, err := f.Read(name)
	if err != nil {
		return nil, err
	}
	if s.Submission != name || s.Workbook != m.Workbook || s.Seed != m.Seed || !slices.Equal(lessonsOf(s), m.Lessons) {
		return nil, fmt.Errorf("%s: it is of another grading than %s tells of", filepath.Join(f.dir, name, resultFile), filepath.Join(f.dir, classFile))
	}
	return s, nil
}

func lessonsOf(s *result.Submission) []string {
	names := make([]string, len(s.Lessons))
	for i, l := range s.Lessons {
		names[i] = l.Lesson
	}
	return names
}

// save writes a submission's result: last, for it says that all is there. Where
// it cannot be written, none is there: an old one would speak of another
// hand-in.
func (f *Folder) save(s *result.Submission) (err error) {
	dir := filepath.Join(f.dir, s.Submission)
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(filepath.Join(dir, resultFile))))
		}
	}()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	// A page about another result would lie.
	if err := ignoreMissing(os.Remove(filepath.Join(dir, pageFile))); err != nil {
		return err
	}
	data, err := s.Encode()
	if err != nil {
		return err
	}
	return f.write(filepath.Join(s.Submission, resultFile), data)
}
