package grade

import (
	"errors"
	"os"
)

// What the machine must have: bytes free for temporary files, which a build and the
// plays of a lesson write, and files that may be open at once.
const (
	leastRoom  = 64 << 20
	leastFiles = 1024
)

var (
	errNoRoom   = errors.New("fewer than 64 MiB are free for temporary files; make room, or name another place for them (TMPDIR, on Windows TMP)")
	errFewFiles = errors.New("the grader may have fewer than 1,024 files open at once; raise the limit (ulimit -n)")
	errNoExec   = errors.New("no program may be started where temporary files are (the file system is mounted noexec); name another place for them (TMPDIR)")
)

// noRoom returns an error where temporary files have no room. A program cannot be
// blamed then for what it could not write.
func noRoom() error {
	if free, known := freeBytes(os.TempDir()); known && free < leastRoom {
		return errNoRoom
	}
	return nil
}

// unfit says why this machine could not play a program, as far as one can see.
func unfit() error {
	switch {
	case noRoom() != nil:
		return errNoRoom
	case mostFiles() < leastFiles:
		return errFewFiles
	case !canStart(os.TempDir()):
		return errNoExec
	}
	return nil
}
