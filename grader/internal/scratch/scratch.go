// Package scratch gives a run of the grader one folder for all that it and the
// programs that it starts write for themselves, and clears away what runs left
// that were killed.
//
// The folder stands where the system keeps temporary files and becomes the
// place for them while the run lasts, so that nobody needs to be told of it. A
// lock that the system takes back when the process ends, however it ends, tells
// a run that lives from one that is dead.
package scratch

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	prefix   = "wirebook-run-"
	lockName = "lock"
	// dead ends the name of a folder that is being removed.
	dead = ".dead"
)

// variables name the place for temporary files, on one system or another.
var variables = []string{"TMPDIR", "TMP", "TEMP"}

// A Run is the folder of a run that lives.
type Run struct {
	dir  string
	lock *flock.Flock
	old  map[string]string // what the variables said before, by name
}

// Begin makes the folder, makes it the place for temporary files, and removes
// the folders of runs that are dead.
func Begin() (*Run, error) {
	parent := os.TempDir()
	sweep(parent)
	r, err := begin(parent)
	if err != nil {
		return nil, fmt.Errorf("a folder for temporary files: %w; the variable %s names where", err, strings.Join(variables, " or "))
	}
	r.old = make(map[string]string)
	for _, name := range variables {
		if value, ok := os.LookupEnv(name); ok {
			r.old[name] = value
		}
		if err := os.Setenv(name, r.dir); err != nil {
			r.End()
			return nil, err
		}
	}
	return r, nil
}

// attempts is how often begin tries again when another run has taken a folder
// that has just been made for that of a dead one.
const attempts = 100

func begin(parent string) (*Run, error) {
	for range attempts {
		dir, err := os.MkdirTemp(parent, prefix)
		if err != nil {
			return nil, err
		}
		lock := flock.New(filepath.Join(dir, lockName))
		locked, err := lock.TryLock()
		if _, gone := os.Stat(lock.Path()); locked && gone == nil {
			// Strangers' programs may run as another user, who has to come
			// through to the place that is his.
			return &Run{dir: dir, lock: lock}, os.Chmod(dir, 0o711)
		}
		// It fails only where the folder is gone, or is about to go.
		_ = lock.Unlock()
		if _, gone := os.Stat(dir); err != nil && gone == nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: other runs removed each of %d new folders", parent, attempts)
}

// End removes the folder with all that is in it, and makes the place for
// temporary files what it was before.
func (r *Run) End() {
	for _, name := range variables {
		// Neither fails for a name that could be set.
		if value, ok := r.old[name]; ok {
			_ = os.Setenv(name, value)
		} else {
			_ = os.Unsetenv(name)
		}
	}
	bury(r.dir, r.lock)
}

// sweep removes the folders of dead runs. What cannot be removed, such as
// another user's, stays.
func sweep(parent string) {
	folders, err := filepath.Glob(filepath.Join(parent, prefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range folders {
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
			continue
		}
		lock := flock.New(filepath.Join(dir, lockName))
		if locked, err := lock.TryLock(); err != nil || !locked {
			continue
		}
		bury(dir, lock)
	}
}

// Keep makes a folder for files that outlive a run, and removes those that
// nobody has used for so long.
func Keep(dir string, unused time.Duration) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > unused {
			_ = os.Remove(filepath.Join(dir, e.Name())) // it is tried again at the next time
		}
	}
	return err
}

// bury removes a folder whose lock we hold. It is moved aside first, so that
// nobody finds the lock free in a folder that is on its way out.
func bury(dir string, lock *flock.Flock) {
	if !strings.HasSuffix(dir, dead) && os.Rename(dir, dir+dead) == nil {
		dir += dead
	}
	removeAll(dir)
	// Some systems remove no file that is open.
	_ = lock.Unlock()
	removeAll(dir)
}

// removeAll removes dir, also where a program has closed a folder in it.
func removeAll(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	_ = os.RemoveAll(dir)
}
