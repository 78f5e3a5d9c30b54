package sandbox

import (
	"maps"

	"golang.org/x/sys/unix"
)

// resources are the limits that are set, by their numbers.
func (l Limits) resources() map[int]uint64 {
	most := map[int]uint64{
		unix.RLIMIT_NPROC:  uint64(l.Processes),
		unix.RLIMIT_CPU:    uint64(l.CPU),
		unix.RLIMIT_DATA:   uint64(l.Data),
		unix.RLIMIT_AS:     uint64(l.Addresses),
		unix.RLIMIT_FSIZE:  uint64(l.FileSize),
		unix.RLIMIT_NOFILE: uint64(l.Files),
	}
	maps.DeleteFunc(most, func(_ int, n uint64) bool { return n == 0 })
	most[unix.RLIMIT_CORE] = 0 // a crash leaves no file
	return most
}

// Bound bounds a process that is in no jail, this one where pid is 0, and those
// that it starts. It does nothing where the system bounds no process so.
func Bound(pid int, l Limits) {
	for resource, most := range l.resources() {
		// It fails only where the process has ended, or is bounded more tightly.
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
}
