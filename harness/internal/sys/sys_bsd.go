//go:build unix && !linux

package sys

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// Unread is the request for how many bytes wait to be read: FIONREAD of
// <sys/filio.h>, which is _IOR('f', 127, int).
const Unread = 0x4004667f

// Ioctl asks for a number (ioctl(2)).
func Ioctl(fd int, request uint) (int, error) { return unix.IoctlGetInt(fd, request) }

// Readable reports whether a read or an accept would find something now, or would fail
// (poll(2)).
func Readable(fd int) (bool, error) { return poll(fd, unix.POLLIN) }

// Writable reports whether a write would find room now, or would fail.
func Writable(fd int) (bool, error) { return poll(fd, unix.POLLOUT) }

// poll asks whether something has happened, and does not wait. A signal may end it all
// the same, so it asks again.
func poll(fd int, events int16) (bool, error) {
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, 0)
		if err != unix.EINTR {
			return n > 0, err
		}
	}
}

// AwaitExit begins to watch a child. The function that it returns returns when
// the child has ended, and leaves it to be waited for (kqueue(2); waitid(2) of
// macOS may return when the child is stopped).
func AwaitExit(pid int) (await func(), err error) {
	queue, err := syscall.Kqueue()
	if err != nil {
		return nil, os.NewSyscallError("kqueue", err)
	}
	event := make([]syscall.Kevent_t, 1)
	syscall.SetKevent(&event[0], pid, syscall.EVFILT_PROC, syscall.EV_ADD)
	event[0].Fflags = syscall.NOTE_EXIT
	if _, err = syscall.Kevent(queue, event, nil, nil); err != nil {
		syscall.Close(queue)
		if err == syscall.ESRCH { // it has ended already
			return func() {}, nil
		}
		return nil, os.NewSyscallError("kevent", err)
	}
	return func() {
		defer syscall.Close(queue)
		for {
			if _, err := syscall.Kevent(queue, nil, event, nil); err != syscall.EINTR {
				return
			}
		}
	}, nil
}

// SignalName is a signal's name, as "SIGKILL".
func SignalName(s syscall.Signal) string { return unix.SignalName(s) }
