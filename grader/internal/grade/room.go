package grade

import (
	"errors"
	"os"
	"slices"

	"wirebook/grader/internal/result"
)

// leastRoom is how many bytes must be free for temporary files: a build, and
// what the plays of a lesson write.
const leastRoom = 64 << 20

var errNoRoom = errors.New("fewer than 64 MiB are free for temporary files; make room, or name another place for them (TMPDIR, on Windows TMP)")

// noRoom is errNoRoom where it is so. A program cannot be blamed then for what
// it could not write.
func noRoom() error {
	if free, known := freeBytes(os.TempDir()); known && free < leastRoom {
		return errNoRoom
	}
	return nil
}

// lostSomething reports whether a play may have suffered for want of room.
func lostSomething(s *result.Submission) bool {
	return slices.ContainsFunc(s.Lessons, lost)
}

// lost is the same for one lesson.
func lost(l result.Lesson) bool {
	return l.Status == result.Graded && (l.Score == nil || *l.Score < l.MaxScore)
}
