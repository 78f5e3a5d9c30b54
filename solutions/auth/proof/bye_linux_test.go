package proof

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
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

// segments returns how many segments with data the connection has received.
func segments(t *testing.T, conn *net.TCPConn) uint32 {
	t.Helper()
	raw, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var info *unix.TCPInfo
	var failed error
	if err := raw.Control(func(fd uintptr) {
		info, failed = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	}); err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	return info.Data_segs_in
}
