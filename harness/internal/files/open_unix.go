//go:build unix

package files

import "syscall"

// nonblock keeps an open from waiting for the other end of a pipe.
const nonblock = syscall.O_NONBLOCK

// permissionsKnown says that files have a mode here.
const permissionsKnown = true

// mkfifo makes a named pipe. Whatever stands at its path is left alone.
func mkfifo(path string) error { return syscall.Mkfifo(path, 0o600) }
