package build

import (
	"os"

	"golang.org/x/sys/unix"
)

// limit bounds each process of a build. go inherits it to the compilers, the
// first of which it starts well after this.
func limit(p *os.Process) {
	for resource, most := range map[int]int64{
		unix.RLIMIT_CPU:   bounds.CPU,
		unix.RLIMIT_AS:    bounds.Addresses,
		unix.RLIMIT_FSIZE: bounds.FileSize,
	} {
		// It fails only where go has ended already, or where the bounds are
		// lower still.
		_ = unix.Prlimit(p.Pid, resource, &unix.Rlimit{Cur: uint64(most), Max: uint64(most)}, nil)
	}
}
