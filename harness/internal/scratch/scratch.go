// Package scratch lends folders to plays, and removes what their programs leave in
// them. To make and to remove folders is a good part of what a short play costs: so a
// folder is kept for another play, as long as any is under way.
package scratch

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// A Folder belongs to one play at a time.
type Folder struct{ Path string }

var folders struct {
	sync.Mutex
	lent int             // to plays
	free []*Folder       // nobody's now
	all  map[string]bool // the paths of all
}

// Take returns a folder for one play. What former plays have kept in it may still be
// there.
func Take() (*Folder, error) {
	folders.Lock()
	defer folders.Unlock()
	f, err := takeFree()
	if err == nil {
		folders.lent++
	}
	return f, err
}

func takeFree() (*Folder, error) {
	if last := len(folders.free) - 1; last >= 0 {
		f := folders.free[last]
		folders.free = folders.free[:last]
		return f, nil
	}
	dir, err := os.MkdirTemp("", "wirebook-")
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	if folders.all == nil {
		folders.all = make(map[string]bool)
	}
	folders.all[dir] = true
	return &Folder{dir}, nil
}

// GiveBack ends a play's use of the folder, and removes what its programs have left
// below dir.
func (f *Folder) GiveBack(dir string) {
	err := removeTree(dir)
	folders.Lock()
	defer folders.Unlock()
	if folders.lent--; folders.lent > 0 && err == nil {
		folders.free = append(folders.free, f)
		return
	}
	f.remove()
	if folders.lent == 0 {
		for _, f := range folders.free {
			f.remove()
		}
		folders.free = nil
	}
}

func (f *Folder) remove() {
	_ = removeTree(f.Path) // what stays is in a temporary folder
	delete(folders.all, f.Path)
}

// removeTree removes a folder, also where a program has taken from one of its own the
// permission to write.
func removeTree(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// RemoveAll removes all folders, when the process has to end in the middle of plays.
func RemoveAll() {
	folders.Lock()
	defer folders.Unlock()
	for dir := range folders.all {
		_ = removeTree(dir)
	}
}
