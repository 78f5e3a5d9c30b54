package build

import (
	"os"

	"golang.org/x/sys/unix"
)

// limit bounds each process of a build. go inherits it to the compilers, the
// first of which it starts well after this.
func limit(p *os.Process) {
	for resource, most := range map[int]uint64{
		unix.RLIMIT_CPU:   60, // seconds
		unix.RLIMIT_AS:    4 << 30,
		unix.RLIMIT_FSIZE: 512 << 20,
	} {
		// It fails only where go has ended already, or where the bounds are
		// lower still.
		_ = unix.Prlimit(p.Pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
}
