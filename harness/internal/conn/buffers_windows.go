package conn

import "syscall"

// setWindow gives a socket buffers of size bytes. The size of its segments
// cannot be chosen here.
func setWindow(raw syscall.RawConn, size int) error {
	var err error
	if ctlErr := raw.Control(func(fd uintptr) {
		for _, option := range []int{syscall.SO_RCVBUF, syscall.SO_SNDBUF} {
			if err == nil {
				err = syscall.SetsockoptInt(syscall.Handle(fd), syscall.SOL_SOCKET, option, size)
			}
		}
	}); ctlErr != nil {
		return ctlErr
	}
	return err
}
