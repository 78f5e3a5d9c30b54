//go:build linux || darwin

package grade

import "golang.org/x/sys/unix"

// freeBytes returns how many bytes this user may still write in dir.
func freeBytes(dir string) (free uint64, known bool) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
