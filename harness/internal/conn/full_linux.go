package conn

import (
	"errors"
	"syscall"
)

// A FullListener is a Unix socket and the connections that wait in its queue.
type FullListener []int

// ListenFull makes a Unix socket at path that has no room for one more connection.
func ListenFull(path string) (l FullListener, err error) {
	defer func() {
		if err != nil {
			l.Close()
		}
	}()
	addr := &syscall.SockaddrUnix{Name: path}
	fd, err := l.socket()
	if err != nil {
		return l, err
	}
	if err := errors.Join(syscall.Bind(fd, addr), syscall.Listen(fd, 0)); err != nil {
		return l, err
	}
	for {
		fd, err := l.socket()
		if err != nil {
			return l, err
		}
		switch err := syscall.Connect(fd, addr); err {
		case nil:
		case errQueueFull:
			return l, nil
		default:
			return l, err
		}
	}
}

// socket makes another one.
func (l *FullListener) socket() (fd int, err error) {
	fd, err = syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err == nil {
		*l = append(*l, fd)
	}
	return fd, err
}

// Close lets them go. It may be called again.
func (l *FullListener) Close() {
	for _, fd := range *l {
		syscall.Close(fd)
	}
	*l = nil
}
