package sockdiag

import (
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
)

// both is a connection over loopback, asked about from the one end and the
// other.
func both(t *testing.T) (one, other Question, sent net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	local, remote := c.LocalAddr().(*net.TCPAddr).AddrPort(), c.RemoteAddr().(*net.TCPAddr).AddrPort()
	one = Question{Protocol: syscall.IPPROTO_TCP, Local: local, Remote: remote}
	other = Question{Protocol: syscall.IPPROTO_TCP, Local: remote, Remote: local}
	return one, other, c
}

func TestStream(t *testing.T) {
	one, other, _ := both(t)
	for _, q := range []Question{one, other} {
		a, found, err := Ask(q)
		if err != nil || !found || a.LocalPort != q.Local.Port() || a.RemotePort != q.Remote.Port() {
			t.Errorf("%v to %v: %+v, %v, %v", q.Local, q.Remote, a, found, err)
		}
		if a.Attribute(2) != nil {
			t.Error("it said more than it was asked for")
		}
	}
	one.Extensions = 1 << (2 - 1) // INET_DIAG_INFO
	if a, _, err := Ask(one); err != nil || len(a.Attribute(2)) < 100 {
		t.Errorf("struct tcp_info: %d bytes, %v", len(a.Attribute(2)), err)
	}
}

func TestNobody(t *testing.T) {
	one, _, _ := both(t)
	one.Protocol = syscall.IPPROTO_UDP
	if a, found, err := Ask(one); found || err != nil {
		t.Errorf("%+v, %v, %v", a, found, err)
	}
}

// TestHeals breaks the netlink socket.
func TestHeals(t *testing.T) {
	one, _, _ := both(t)
	if _, found, err := Ask(one); err != nil || !found {
		t.Fatal(found, err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Dup(int(null.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	null.Close()
	netlink.Lock()
	syscall.Close(netlink.fd)
	netlink.fd = fd
	netlink.Unlock()
	if _, _, err := Ask(one); err == nil {
		t.Error("no error")
	}
	if _, found, err := Ask(one); err != nil || !found {
		t.Error(found, err)
	}
}

func TestManyAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 8 {
		one, _, _ := both(t)
		all.Go(func() {
			for range 200 {
				if a, found, err := Ask(one); err != nil || !found || a.LocalPort != one.Local.Port() {
					t.Errorf("%+v, %v, %v", a, found, err)
					return
				}
			}
		})
	}
	all.Wait()
}
