package proof

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"
)

// TestByeComesWithFail counts the segments in which FAIL and BYE arrive: the
// server writes them at once, so that no client asks for a name in between.
func TestByeComesWithFail(t *testing.T) {
	exe := buildAuth(t)
	file := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, address := startServer(t, exe, "-users", file, "-attempts", "1", "-iterations", "1")
	for range 20 {
		v := visit(t, address)
		before := segments(t, v.conn.(*net.TCPConn))
		answer := v.try(t, "ann", "wrong")
		rest, err := io.ReadAll(v.lines)
		if answer != "FAIL 用户名或密码错误" || string(rest) != "BYE\n" || err != nil {
			t.Fatalf("the server answers %q, %q, %v", answer, rest, err)
		}
		if got := segments(t, v.conn.(*net.TCPConn)) - before; got != 1 {
			t.Fatalf("FAIL and BYE came in %d segments", got)
		}
	}
}

// segments returns how many segments with data the connection has received:
// tcpi_data_segs_in of struct tcp_info.
func segments(t *testing.T, conn *net.TCPConn) uint32 {
	t.Helper()
	const offset = 152
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var info [256]byte
	size := uint32(len(info))
	var errno syscall.Errno
	err = raw.Control(func(fd uintptr) {
		_, _, errno = syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.IPPROTO_TCP, syscall.TCP_INFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
	})
	if err != nil || errno != 0 {
		t.Fatal(err, errno)
	}
	if size < offset+4 {
		t.Skip("this kernel does not count segments")
	}
	return binary.NativeEndian.Uint32(info[offset:])
}
