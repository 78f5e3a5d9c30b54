package lint

import "golang.org/x/sys/unix"

// limitSelf bounds this process, its processor time in seconds. A limit that the system does not take leaves
// the one of the time that the parent waits.
func limitSelf(seconds uint64) {
	for resource, most := range map[int]uint64{
		unix.RLIMIT_CPU:  seconds,
		unix.RLIMIT_DATA: maxMemory,
		unix.RLIMIT_CORE: 0,
	} {
		_ = unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most})
	}
}
