package play

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// A scratch is a folder for what a play needs: the script, the folder that
// testscript makes for it, and in that, made anew for each play, the working
// directory of its programs.
//
// To make and to remove folders is a good part of what a short play costs. So a
// scratch is kept for another play, as long as any is under way.
type scratch struct{ dir string }

// scriptFile is the name of every script, so that testscript's folder has one
// name, too.
const (
	scriptFile   = "play.txtar"
	scriptFolder = "script-play"
)

var scratches struct {
	sync.Mutex
	plays int             // under way
	free  []*scratch      // nobody's now
	all   map[string]bool // the folders of all
}

// takeScratch returns a scratch for one play.
func takeScratch() (*scratch, error) {
	scratches.Lock()
	defer scratches.Unlock()
	s, err := freeScratch()
	if err == nil {
		scratches.plays++
	}
	return s, err
}

func freeScratch() (*scratch, error) {
	if last := len(scratches.free) - 1; last >= 0 {
		s := scratches.free[last]
		scratches.free = scratches.free[:last]
		return s, nil
	}
	dir, err := os.MkdirTemp("", "wirebook-")
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	if scratches.all == nil {
		scratches.all = make(map[string]bool)
	}
	scratches.all[dir] = true
	return &scratch{dir}, nil
}

// giveBack removes what the play's programs have left.
func (s *scratch) giveBack() {
	err := removeTree(filepath.Join(s.dir, scriptFolder, programDir))
	scratches.Lock()
	defer scratches.Unlock()
	if scratches.plays--; scratches.plays > 0 && err == nil {
		scratches.free = append(scratches.free, s)
		return
	}
	s.remove()
	if scratches.plays == 0 {
		for _, s := range scratches.free {
			s.remove()
		}
		scratches.free = nil
	}
}

func (s *scratch) remove() {
	_ = removeTree(s.dir) // what stays is in a temporary folder
	delete(scratches.all, s.dir)
}

// removeTree removes a folder, also where a program has taken from one of its
// own the permission to write.
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

// RemoveScratches removes all folders, when the process has to end in the middle
// of plays.
func RemoveScratches() {
	scratches.Lock()
	defer scratches.Unlock()
	for dir := range scratches.all {
		_ = removeTree(dir)
	}
}
