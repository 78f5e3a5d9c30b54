//go:build linux || darwin

package grade

import (
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// freeBytes returns how many bytes this user may still write in dir.
func freeBytes(dir string) (free uint64, known bool) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}

// mostFiles is how many files this process may have open.
func mostFiles() uint64 {
	var l unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &l) != nil {
		return math.MaxUint64
	}
	return l.Cur
}

// canStart reports whether a program in dir can be started, as far as the system
// tells.
func canStart(dir string) bool {
	file, err := os.CreateTemp(dir, "wirebook-start-")
	if err != nil {
		return true
	}
	defer os.Remove(file.Name())
	defer file.Close()
	return file.Chmod(0o700) != nil || unix.Access(file.Name(), unix.X_OK) == nil
}
