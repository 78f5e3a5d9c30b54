package drain

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"wirebook/harness/internal/sockdiag"
)

// A pair is both ends of a connection: ours, and the program's.
type pair struct {
	ours, theirs  *net.TCPConn
	local, remote netip.AddrPort
}

func connect(t testing.TB, network, address string) pair {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skip(err)
	}
	defer l.Close()
	p := dial(t, l.Addr().String())
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	p.theirs = s.(*net.TCPConn)
	return p
}

func dial(t testing.TB, address string) pair {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return pair{
		ours:   c.(*net.TCPConn),
		local:  c.LocalAddr().(*net.TCPAddr).AddrPort(),
		remote: c.RemoteAddr().(*net.TCPAddr).AddrPort(),
	}
}

// until looks again and again until the state is as wanted. The test's own
// deadline is the only limit.
func (p pair) until(t testing.TB, wanted func(State) bool) State {
	t.Helper()
	for {
		s, err := TCP(p.local, p.remote)
		if err != nil {
			t.Fatal(err)
		}
		if !wanted(s) {
			runtime.Gosched()
			continue
		}
		return s
	}
}

// received tells how many bytes have reached our end of the connection, read or
// not.
func received(conn *net.TCPConn) (n uint64, err error) {
	err = control(conn, func(fd int) error {
		info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
		if err != nil {
			return err
		}
		n = info.Bytes_received
		if sawEnd(info.State) {
			n = less1(n)
		}
		return nil
	})
	return n, err
}

func untilReceived(t testing.TB, conn *net.TCPConn, want uint64) {
	t.Helper()
	for {
		n, err := received(conn)
		if err != nil {
			t.Fatal(err)
		}
		if n == want {
			return
		}
		runtime.Gosched()
	}
}

func TestFamilies(t *testing.T) {
	for _, test := range []struct{ name, network, address string }{
		{"IPv4", "tcp4", "127.0.0.1:0"},
		{"IPv6", "tcp6", "[::1]:0"},
		{"a socket for both", "tcp", ":0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := connect(t, test.network, test.address)
			p.exchange(t)
		})
	}
	t.Run("IPv4 on a socket for both", func(t *testing.T) {
		l, err := net.Listen("tcp", "[::]:0")
		if err != nil {
			t.Skip(err)
		}
		defer l.Close()
		p := dial(t, netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port(l)).String())
		s, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		p.theirs = s.(*net.TCPConn)
		p.exchange(t)
		// The same, told with mapped addresses.
		p.local = netip.AddrPortFrom(netip.AddrFrom16(p.local.Addr().As16()), p.local.Port())
		if s, err := TCP(p.local, p.remote); err != nil || !s.Found {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func port(l net.Listener) uint16 { return l.Addr().(*net.TCPAddr).AddrPort().Port() }

func (p pair) exchange(t *testing.T) {
	p.ours.Write([]byte("hello"))
	s := p.until(t, func(s State) bool { return s.Received == 5 })
	if !s.Found || !s.Exact || !s.Owned || s.Queue != 5 || s.Drained(5) {
		t.Errorf("unread: %+v", s)
	}
	if n, err := Unread(p.theirs); n != 5 || err != nil {
		t.Errorf("unread: %d, %v", n, err)
	}
	io.ReadFull(p.theirs, make([]byte, 2))
	s = p.until(t, func(s State) bool { return true })
	if s.Queue != 3 || s.Received != 5 || s.Drained(5) {
		t.Errorf("half read: %+v", s)
	}
	io.ReadFull(p.theirs, make([]byte, 3))
	s = p.until(t, func(s State) bool { return true })
	if !s.Drained(5) || s.Drained(6) {
		t.Errorf("read: %+v", s)
	}
	p.theirs.Write([]byte("answer"))
	s = p.until(t, func(s State) bool { return true })
	if s.Sent != 6 {
		t.Errorf("answered: %+v", s)
	}
	untilReceived(t, p.ours, 6)
	if n, err := Unread(p.ours); n != 6 || err != nil {
		t.Errorf("unread: %d, %v", n, err)
	}
}

func TestNotAccepted(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := dial(t, l.Addr().String())
	p.ours.Write([]byte("abc"))
	s := p.until(t, func(s State) bool { return s.Received == 3 })
	if !s.Found || s.Owned || s.Queue != 3 || s.Drained(3) {
		t.Errorf("not accepted: %+v", s)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if s := p.until(t, func(s State) bool { return true }); !s.Owned || s.Queue != 3 {
		t.Errorf("accepted: %+v", s)
	}
}

// TestListener asks for a connection that there is not, on the port of a
// listener that there is.
func TestListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := pair{
		local:  netip.MustParseAddrPort("127.0.0.1:1"),
		remote: l.Addr().(*net.TCPAddr).AddrPort(),
	}
	if s := p.until(t, func(State) bool { return true }); s.Found {
		t.Errorf("found %+v", s)
	}
}

// TestOurEnd ends our stream: the end is a byte to the kernel and none to us.
func TestOurEnd(t *testing.T) {
	p := connect(t, "tcp", "127.0.0.1:0")
	p.ours.Write([]byte("hello"))
	p.ours.CloseWrite()
	s := p.until(t, func(s State) bool { return s.End })
	if s.Queue != 5 || s.Received != 5 {
		t.Errorf("unread: %+v", s)
	}
	io.ReadFull(p.theirs, make([]byte, 5))
	s = p.until(t, func(s State) bool { return true })
	if s.Queue != 0 || s.Received != 5 || !s.Drained(5) {
		t.Errorf("read, but for the end: %+v", s)
	}
	if n, err := p.theirs.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Fatal(n, err)
	}
	s = p.until(t, func(s State) bool { return true })
	if s.Queue != 0 || s.Received != 5 {
		t.Errorf("read: %+v", s)
	}
	p.theirs.Write([]byte("thanks"))
	untilReceived(t, p.ours, 6)
}

// TestTheirEnd ends the program's stream.
func TestTheirEnd(t *testing.T) {
	p := connect(t, "tcp", "127.0.0.1:0")
	p.theirs.Write([]byte("bye"))
	p.theirs.CloseWrite()
	p.until(t, func(s State) bool { return s.Sent == 3 && s.Unsent == 0 })
	untilReceived(t, p.ours, 3)
	if n, err := Unread(p.ours); n != 3 || err != nil {
		t.Errorf("unread: %d, %v", n, err)
	}
	io.ReadAll(p.ours)
	untilReceived(t, p.ours, 3)
	p.theirs.Close()
	s := p.until(t, func(s State) bool { return !s.Owned })
	if s.Queue != 0 {
		t.Errorf("closed: %+v", s)
	}
	p.ours.CloseWrite()
	p.until(t, func(s State) bool { return !s.Found })
}

// TestStalled lets the program write and end more than we take.
func TestStalled(t *testing.T) {
	p := connect(t, "tcp", "127.0.0.1:0")
	p.theirs.SetWriteBuffer(4 << 20)
	const size = 150_000
	p.theirs.Write(make([]byte, size))
	s := p.until(t, func(s State) bool { return s.Sent == size })
	if s.Unsent == 0 {
		t.Errorf("written: %+v", s)
	}
	// Nobody reads, so acknowledgements end while there is something to send.
	if s = p.until(t, func(s State) bool { return !s.Moving }); s.Unsent == 0 {
		t.Errorf("standing still: %+v", s)
	}
	p.theirs.CloseWrite()
	s = p.until(t, func(s State) bool { return true })
	if s.Sent != size || s.Unsent == 0 || s.Unsent >= size {
		t.Errorf("ended: %+v", s)
	}
	if n, err := io.Copy(io.Discard, p.ours); n != size || err != nil {
		t.Error(n, err)
	}
	p.until(t, func(s State) bool { return s.Sent == size && s.Unsent == 0 })
	untilReceived(t, p.ours, size)
}

// TestReset closes the program's socket with something unread in it.
func TestReset(t *testing.T) {
	p := connect(t, "tcp", "127.0.0.1:0")
	p.ours.Write([]byte("hello"))
	p.until(t, func(s State) bool { return s.Queue == 5 })
	p.theirs.Close()
	if s := p.until(t, func(s State) bool { return !s.Found }); s.Drained(5) {
		t.Errorf("reset: %+v", s)
	}
}

// TestMultipath refuses to say anything of a connection whose queue it cannot
// see.
func TestMultipath(t *testing.T) {
	for _, listens := range []bool{true, false} {
		var lc net.ListenConfig
		lc.SetMultipathTCP(listens)
		l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		var d net.Dialer
		d.SetMultipathTCP(true)
		c, err := d.Dial("tcp", l.Addr().String()) // the program's
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		s, err := l.Accept() // ours
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if used, err := s.(*net.TCPConn).MultipathTCP(); listens && (err != nil || !used) {
			t.Skip("no multipath here:", err)
		}
		state, err := TCP(c.RemoteAddr().(*net.TCPAddr).AddrPort(), c.LocalAddr().(*net.TCPAddr).AddrPort())
		if !errors.Is(err, ErrUnknown) {
			t.Errorf("listener %v: %+v, %v", listens, state, err)
		}
	}
}

// TestRefused plays a system that does not let us ask, the first time or the
// second.
func TestRefused(t *testing.T) {
	p := connect(t, "tcp", "127.0.0.1:0")
	for allowed := range 2 {
		asked := 0
		before := ask
		ask = func(q sockdiag.Question) (sockdiag.Answer, bool, error) {
			if asked++; asked > allowed {
				return sockdiag.Answer{}, false, syscall.EPERM
			}
			return before(q)
		}
		_, err := TCP(p.local, p.remote)
		ask = before
		if !errors.Is(err, ErrUnknown) || !errors.Is(err, syscall.EPERM) {
			t.Errorf("refused after %d questions: %v", allowed, err)
		}
	}
}

func TestOutgoing(t *testing.T) {
	l, err := net.Listen("unix", t.TempDir()+"/socket")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ours, err := net.Dial("unix", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	theirs, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	for _, step := range []struct {
		does func()
		zero bool
	}{
		{func() {}, true},
		{func() { ours.Write([]byte("hello")) }, false},
		{func() { theirs.Read(make([]byte, 2)) }, false},
		{func() { theirs.Read(make([]byte, 3)) }, true},
	} {
		step.does()
		if n, err := Outgoing(ours.(*net.UnixConn)); err != nil || (n == 0) != step.zero {
			t.Errorf("%d, %v", n, err)
		}
	}

	p := connect(t, "tcp", "127.0.0.1:0")
	p.ours.Write([]byte("hello"))
	for {
		if n, err := Outgoing(p.ours); err != nil {
			t.Fatal(err)
		} else if n == 0 {
			break
		}
		runtime.Gosched()
	}
}

func TestUnreadDatagram(t *testing.T) {
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.WriteTo([]byte("abcd"), c.LocalAddr())
	c.WriteTo([]byte("ef"), c.LocalAddr())
	if n, err := Unread(c); n != 4 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	c.Close()
	if _, err := Unread(c); err == nil {
		t.Error("no error for a closed socket")
	}
}

// TestManyAtOnce shares the netlink socket.
func TestManyAtOnce(t *testing.T) {
	var askers sync.WaitGroup
	for i := range 8 {
		p := connect(t, "tcp", "127.0.0.1:0")
		p.ours.Write(make([]byte, i+1))
		askers.Go(func() {
			for range 200 {
				s, err := TCP(p.local, p.remote)
				if err != nil || s.Queue > i+1 {
					t.Errorf("%+v, %v", s, err)
					return
				}
			}
		})
	}
	askers.Wait()
}

// TestNeverTooSoon reads all the time while the barrier looks: what it says is
// read must have been read.
func TestNeverTooSoon(t *testing.T) {
	p := connect(t, "tcp", "127.0.0.1:0")
	taken := make(chan int, 1)
	go func() {
		b := make([]byte, 64)
		for {
			n, err := p.theirs.Read(b)
			if err != nil {
				close(taken)
				return
			}
			taken <- n
		}
	}()
	sent := uint64(0)
	for range 3000 {
		p.ours.Write([]byte("ab"))
		sent += 2
		for {
			s, err := TCP(p.local, p.remote)
			if err != nil {
				t.Fatal(err)
			}
			if s.Drained(sent) {
				break
			}
		}
		p.ours.Write([]byte("c"))
		sent++
		if n := <-taken; n != 2 {
			t.Fatalf("read %d bytes at once", n)
		}
		if n := <-taken; n != 1 {
			t.Fatalf("read %d bytes at once", n)
		}
	}
	p.ours.Close()
	<-taken
}

func BenchmarkTCP(b *testing.B) {
	p := connect(b, "tcp", "127.0.0.1:0")
	b.ReportAllocs()
	for b.Loop() {
		if s, err := TCP(p.local, p.remote); err != nil || !s.Found {
			b.Fatal(s, err)
		}
	}
}

// A handshake is under way until the program's socket has seen all of it, and no
// longer than that takes. Here the kernel is told to wait for data as well.
func TestOpening(t *testing.T) {
	lc := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		if failed := raw.Control(func(fd uintptr) {
			err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 5)
		}); failed != nil {
			return failed
		}
		return err
	}}
	lc.SetMultipathTCP(false)
	l, err := lc.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	local, remote := conn.LocalAddr().(*net.TCPAddr).AddrPort(), conn.RemoteAddr().(*net.TCPAddr).AddrPort()
	for {
		state, err := TCP(local, remote)
		if err != nil {
			t.Fatal(err)
		}
		if !state.Found || state.Received != 0 || state.Queue != 0 {
			t.Fatalf("before any data: %+v", state)
		}
		if !state.Opening {
			break
		}
		runtime.Gosched()
	}
	for _, fresh := range []bool{true, false} {
		if st := (socket{state: newSynRecv, info: true, fresh: fresh}).asState(); st.Opening != fresh {
			t.Errorf("fresh %v: %+v", fresh, st)
		}
		if st := (socket{state: established, info: true, fresh: fresh}).asState(); st.Opening {
			t.Errorf("established: %+v", st)
		}
	}
}
