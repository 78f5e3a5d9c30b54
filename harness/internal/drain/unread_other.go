//go:build !linux && !darwin && !freebsd

package drain

import "syscall"

func unread(conn syscall.Conn) (int, error) { return 0, ErrUnknown }
