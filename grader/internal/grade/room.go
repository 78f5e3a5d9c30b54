package grade

import (
	"errors"
	"os"
)

// leastRoom is how many bytes must be free for temporary files: a build, and
// what the plays of a lesson write.
const leastRoom = 64 << 20

var errNoRoom = errors.New("fewer than 64 MiB are free for temporary files; make room, or name another place for them (TMPDIR, on Windows TMP)")

// noRoom returns errNoRoom where less than leastRoom is free: then a program
// cannot be blamed for what it could not write.
func noRoom() error {
	if free, known := freeBytes(os.TempDir()); known && free < leastRoom {
		return errNoRoom
	}
	return nil
}
