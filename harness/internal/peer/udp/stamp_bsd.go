//go:build unix && !linux

package udp

import (
	"syscall"
	"time"
)

// stamp is done on Linux alone.
func stamp(uintptr) {}

// receive takes a datagram off the kernel's queue, if there is one.
func receive(fd int, buf []byte) (n int, from syscall.Sockaddr, at time.Time, err error) {
	n, from, err = syscall.Recvfrom(fd, buf, syscall.MSG_DONTWAIT)
	return n, from, at, err
}
