//go:build unix && !linux

package process

import (
	"syscall"
	"testing"
)

// awaitDeath waits until there is no such process.
func awaitDeath(t *testing.T, pid int) {
	t.Helper()
	await(func() bool { return syscall.Kill(pid, 0) == syscall.ESRCH })
}
