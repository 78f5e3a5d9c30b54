package conn

import (
	"encoding/binary"
	"syscall"
	"unsafe"

	"wirebook/harness/internal/sys"
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
	info, size, err := infoOf(raw)
	switch {
	case err != nil:
		return 0, err
	case size < infoDataSegsIn+4:
		return 0, ErrNoSegments
	}
	return binary.NativeEndian.Uint32(info[infoDataSegsIn:]), nil
}

// infoOf is what the kernel knows of a TCP socket, struct tcp_info, as far as it does.
func infoOf(raw syscall.RawConn) (info [232]byte, size uint32, err error) {
	size = uint32(len(info))
	var errno syscall.Errno
	err = raw.Control(func(fd uintptr) {
		_, _, errno = syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.IPPROTO_TCP, syscall.TCP_INFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
	})
	if err == nil && errno != 0 {
		err = errno
	}
	return info, size, err
}

// synSent is TCP_SYN_SENT (<net/tcp_states.h>), in tcpi_state, the first byte of struct
// tcp_info.
const synSent = 2

// unanswered reports whether a SYN has left that nobody has answered.
func unanswered(raw syscall.RawConn) bool {
	if sys.Blind() {
		return true
	}
	info, size, err := infoOf(raw)
	return err == nil && size > 0 && info[0] == synSent
}
