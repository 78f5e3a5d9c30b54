//go:build unix

package conn

import "syscall"

// setWindow gives a socket buffers of size bytes and, where a segment of the
// loopback's would be larger than they are, segments of Ethernet's size.
func setWindow(raw syscall.RawConn, size int) error {
	options := []struct{ level, name, value int }{
		{syscall.SOL_SOCKET, syscall.SO_RCVBUF, size},
		{syscall.SOL_SOCKET, syscall.SO_SNDBUF, size},
	}
	if size < loopbackSegment {
		options = append(options, struct{ level, name, value int }{syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, ethernetSegment})
	}
	var err error
	if ctlErr := raw.Control(func(fd uintptr) {
		for _, o := range options {
			if err == nil {
				err = syscall.SetsockoptInt(int(fd), o.level, o.name, o.value)
			}
		}
	}); ctlErr != nil {
		return ctlErr
	}
	return err
}

// The program's kernel allows it so many segments before it must wait for an
// acknowledgement. With those of the loopback, megabytes would be on their way
// to a peer that does not read.
const (
	loopbackSegment = 64 << 10
	ethernetSegment = 1460
)
