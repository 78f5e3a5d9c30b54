//go:build !linux

package conn

import "syscall"

// DataSegmentsIn cannot be told here.
func (*Conn) DataSegmentsIn() (uint32, error) { return 0, ErrNoSegments }

// unanswered cannot be told here.
func unanswered(syscall.RawConn) bool { return true }
