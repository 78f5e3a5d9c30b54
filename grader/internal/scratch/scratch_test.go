package scratch

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

// place makes an empty folder the place for temporary files.
func place(t *testing.T) string {
	dir := t.TempDir()
	for _, name := range variables {
		t.Setenv(name, dir)
	}
	return dir
}

func names(t *testing.T, dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestRun(t *testing.T) {
	dir := place(t)
	r, err := Begin()
	if err != nil {
		t.Fatal(err)
	}
	below, err := os.MkdirTemp("", "x-")
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(filepath.Dir(below)) != dir || !strings.HasPrefix(filepath.Base(filepath.Dir(below)), prefix) {
		t.Errorf("a temporary folder stands at %s; want it in a folder %s* of %s", below, prefix, dir)
	}
	r.End()
	if left := names(t, dir); len(left) > 0 {
		t.Errorf("after the end there are %q; want nothing", left)
	}
	if os.TempDir() != dir {
		t.Errorf("temporary files go to %s; want %s again", os.TempDir(), dir)
	}
}

// The folder of a dead run goes, with a folder in it that a program has closed
// and one that was being removed; that of a living one and what is not ours
// stay.
func TestSweep(t *testing.T) {
	dir := place(t)
	for _, made := range []string{prefix + "1/wirebook-2/closed/in", prefix + "2", prefix + "3" + dead + "/x", "other"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(made)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, prefix+"1", "wirebook-2", "closed"), 0); err != nil {
		t.Fatal(err)
	}
	outside := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, prefix+"link")); err != nil {
		t.Logf("without a link: %v", err)
	}
	living, err := begin(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer bury(living.dir, living.lock)
	sweep(dir)
	for _, name := range names(t, dir) {
		if name != "other" && name != prefix+"link" && name != filepath.Base(living.dir) {
			t.Errorf("%s is still there", name)
		}
	}
	if _, err := os.Stat(filepath.Join(living.dir, lockName)); err != nil {
		t.Errorf("the folder of the living run: %v", err)
	}
	if left := names(t, outside); len(left) > 0 {
		t.Errorf("behind a link there are %q now; want nothing", left)
	}
}

// Runs that begin and end at once take nothing from each other.
func TestManyRuns(t *testing.T) {
	dir := place(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				sweep(dir)
				r, err := begin(dir)
				if err != nil {
					t.Error(err)
					return
				}
				if err := os.WriteFile(filepath.Join(r.dir, "file"), nil, 0o600); err != nil {
					t.Errorf("the folder of a living run: %v", err)
				}
				other := flock.New(r.lock.Path())
				if locked, err := other.TryLock(); locked || err != nil {
					t.Errorf("the lock of a living run was free: %v, %v", locked, err)
				}
				bury(r.dir, r.lock)
			}
		})
	}
	wait.Wait()
	sweep(dir)
	if left := names(t, dir); len(left) > 0 {
		t.Errorf("at the end there are %q; want nothing", left)
	}
}
