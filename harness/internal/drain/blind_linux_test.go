package drain

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"testing"

	"wirebook/harness/internal/sys"
)

// TestBlind runs itself in a process in which nothing can be told.
func TestBlind(t *testing.T) {
	if !sys.Blind() {
		cmd := exec.Command(os.Args[0], "-test.run=^TestBlind$")
		cmd.Env = append(os.Environ(), "WIREBOOK_BLIND=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	tcp := conn.(*net.TCPConn)
	_, err1 := TCP(tcp.LocalAddr().(*net.TCPAddr).AddrPort(), tcp.RemoteAddr().(*net.TCPAddr).AddrPort())
	_, err2 := Unread(tcp)
	_, err3 := Outgoing(tcp)
	for _, err := range []error{err1, err2, err3} {
		if !errors.Is(err, ErrUnknown) {
			t.Errorf("%v; want %v", err, ErrUnknown)
		}
	}
}
