//go:build unix && !linux

package sys

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// Unread is the request for how many bytes wait to be read: FIONREAD of
// <sys/filio.h>, which is _IOR('f', 127, int).
const Unread = 0x4004667f

// Ioctl asks for a number (ioctl(2)).
func Ioctl(fd int, request uint) (int, error) { return unix.IoctlGetInt(fd, request) }

// Writable reports whether a write would find room now, or would fail (poll(2)).
func Writable(fd int) (bool, error) {
	poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	n, err := unix.Poll(poll, 0)
	return n > 0, err
}

// SignalName is a signal's name, as "SIGKILL".
func SignalName(s syscall.Signal) string { return unix.SignalName(s) }
