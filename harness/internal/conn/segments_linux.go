package conn

import (
	"encoding/binary"
	"syscall"
	"unsafe"
)

// infoDataSegsIn is the place of tcpi_data_segs_in in struct tcp_info
// (<linux/tcp.h>).
const infoDataSegsIn = 152

// DataSegmentsIn is how many segments with data have arrived.
func (c *Conn) DataSegmentsIn() (n uint32, err error) {
	if c.conn == nil {
		return 0, ErrNoSegments
	}
	raw, err := c.conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var info [232]byte
	size := uint32(len(info))
	var errno syscall.Errno
	err = raw.Control(func(fd uintptr) {
		_, _, errno = syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.IPPROTO_TCP, syscall.TCP_INFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
	})
	switch {
	case err != nil:
		return 0, err
	case errno != 0:
		return 0, errno
	case size < infoDataSegsIn+4:
		return 0, ErrNoSegments
	}
	return binary.NativeEndian.Uint32(info[infoDataSegsIn:]), nil
}
