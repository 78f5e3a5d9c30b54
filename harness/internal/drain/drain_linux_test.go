package drain

import (
	"io"
	"net"
	"net/netip"
	"runtime"
	"testing"
)

// connect gives both ends of a connection: ours, and the program's.
func connect(t testing.TB, network, address string) (ours, theirs *net.TCPConn, local, remote netip.AddrPort) {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skip(err)
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
	ours, theirs = c.(*net.TCPConn), s.(*net.TCPConn)
	return ours, theirs, ours.LocalAddr().(*net.TCPAddr).AddrPort(), ours.RemoteAddr().(*net.TCPAddr).AddrPort()
}

// until looks again and again until the state is as wanted. The test's own
// deadline is the only limit.
func until(t testing.TB, local, remote netip.AddrPort, wanted func(State) bool) State {
	t.Helper()
	for {
		s, err := TCP(local, remote)
		if err != nil {
			t.Fatal(err)
		}
		if wanted(s) {
			return s
		}
		runtime.Gosched()
	}
}

func TestFamilies(t *testing.T) {
	for _, test := range []struct{ name, network, address string }{
		{"IPv4", "tcp4", "127.0.0.1:0"},
		{"IPv6", "tcp6", "[::1]:0"},
		{"IPv4 on a socket for all", "tcp", "[::]:0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ours, theirs, local, remote := connect(t, test.network, test.address)
			ours.Write([]byte("hello"))
			s := until(t, local, remote, func(s State) bool { return s.Received == 5 })
			if !s.Found || !s.Exact || !s.Owned || s.Queue != 5 || s.Drained(5) {
				t.Errorf("unread: %+v", s)
			}
			io.ReadFull(theirs, make([]byte, 5))
			s, err := TCP(local, remote)
			if err != nil || !s.Drained(5) {
				t.Errorf("read: %+v, %v", s, err)
			}
			theirs.Write([]byte("answer"))
			until(t, local, remote, func(s State) bool { return s.Sent == 6 })
			for {
				if n, err := Received(ours); err != nil {
					t.Fatal(err)
				} else if n == 6 {
					break
				}
			}
			if n, err := Unread(ours); n != 6 || err != nil {
				t.Errorf("unread %d, %v", n, err)
			}
		})
	}
}

func TestV4Mapped(t *testing.T) {
	l, err := net.Listen("tcp", "[::]:0")
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp4", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), l.Addr().(*net.TCPAddr).AddrPort().Port()).String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	local := c.LocalAddr().(*net.TCPAddr).AddrPort()
	remote := c.RemoteAddr().(*net.TCPAddr).AddrPort()
	c.Write([]byte("abc"))
	// Not accepted yet, and found all the same.
	s := until(t, local, remote, func(s State) bool { return s.Received == 3 })
	if !s.Found || s.Owned || s.Queue != 3 {
		t.Errorf("not accepted: %+v", s)
	}
	f, err := readProc(local, remote)
	if p := f.asState(); err != nil || !p.Found || p.Queue != 3 || p.Owned {
		t.Errorf("/proc: %+v, %v", p, err)
	}
}

func BenchmarkTCP(b *testing.B) {
	_, _, local, remote := connect(b, "tcp", "127.0.0.1:0")
	for b.Loop() {
		if s, err := TCP(local, remote); err != nil || !s.Found {
			b.Fatal(s, err)
		}
	}
}

func BenchmarkProc(b *testing.B) {
	_, _, local, remote := connect(b, "tcp", "127.0.0.1:0")
	for b.Loop() {
		if s, err := readProc(local, remote); err != nil || s.gone() {
			b.Fatal(s, err)
		}
	}
}
