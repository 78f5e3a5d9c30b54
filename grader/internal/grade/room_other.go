//go:build !linux && !darwin && !windows

package grade

// freeBytes cannot tell here.
func freeBytes(string) (free uint64, known bool) { return 0, false }
