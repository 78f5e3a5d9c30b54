//go:build unix

package conn

import "syscall"

const (
	errRefused = syscall.ECONNREFUSED
	errReset   = syscall.ECONNRESET

	errQueueFull = syscall.EAGAIN
)

var byProgram = []error{
	errRefused, errReset, syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENETUNREACH,
	// Of a Unix socket: it is gone, for others, or of another kind.
	syscall.ENOENT, syscall.EACCES, syscall.EPROTOTYPE,
}
