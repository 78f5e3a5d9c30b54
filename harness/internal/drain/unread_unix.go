//go:build linux || darwin || freebsd

package drain

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

func unread(conn syscall.Conn) (n int, err error) {
	err = control(conn, func(fd int) error {
		n, err = unix.IoctlGetInt(fd, fionread)
		if err != nil {
			return fmt.Errorf("drain: FIONREAD: %w", err)
		}
		return nil
	})
	return n, err
}
