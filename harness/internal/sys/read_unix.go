//go:build unix

package sys

import "syscall"

// Read is read(2), again where a signal has interrupted it.
func Read(fd int, buf []byte) (n int, err error) {
	for {
		if n, err = syscall.Read(fd, buf); err != syscall.EINTR {
			return n, err
		}
	}
}
