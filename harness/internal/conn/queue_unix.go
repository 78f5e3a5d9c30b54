//go:build unix

package conn

import "wirebook/harness/internal/sys"

// queued reports whether the kernel holds a connection that was not accepted.
func queued(l listening) (waits bool) {
	raw, err := l.SyscallConn()
	if err != nil {
		return false
	}
	if err := raw.Control(func(fd uintptr) { waits, _ = sys.Readable(int(fd)) }); err != nil {
		return false // it is closed
	}
	return waits
}
