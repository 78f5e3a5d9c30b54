//go:build unix

package files

import (
	"syscall"

	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
)

// nonblock keeps an open from waiting for the other end of a pipe.
const nonblock = syscall.O_NONBLOCK

// permissionsKnown says that files have a mode here.
const permissionsKnown = true

// makeFifo makes a named pipe.
func makeFifo(p *play.Play, c *script.Call) error {
	return p.Dir.ReachNew(c.Args[0], func(path string) error { return syscall.Mkfifo(path, 0o600) })
}
