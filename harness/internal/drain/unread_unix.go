//go:build linux || darwin || freebsd

package drain

import (
	"fmt"
	"syscall"

	"wirebook/harness/internal/sys"
)

func unread(conn syscall.Conn) (n int, err error) {
	err = control(conn, func(fd int) error {
		n, err = sys.Ioctl(fd, sys.Unread)
		if err != nil {
			return fmt.Errorf("drain: FIONREAD: %w", err)
		}
		return nil
	})
	return n, err
}

// control calls f with the descriptor of the connection.
func control(conn syscall.Conn, f func(fd int) error) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}
