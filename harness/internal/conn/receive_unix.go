//go:build unix

package conn

import (
	"io"
	"os"
	"syscall"

	"wirebook/harness/internal/sys"
)

// receive waits for what comes, and keeps it: a byte is in the kernel's buffer or among
// those kept, never on its way.
func (c *Conn) receive(buf []byte) (n int, err error) {
	raw, err := c.conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		n, failed = c.receiveNow(fd, buf)
		return failed != syscall.EAGAIN
	})
	switch {
	case err != nil:
		return 0, err
	case failed != nil:
		return 0, os.NewSyscallError("read", failed)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

func (c *Conn) receiveNow(fd uintptr, buf []byte) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, err = sys.Read(int(fd), buf)
	if n > 0 {
		c.keep(buf[:n])
	}
	return n, err
}
