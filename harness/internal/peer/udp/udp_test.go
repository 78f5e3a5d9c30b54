package udp

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const patience = 10 * time.Second // a backstop: no test waits for it

// mailbox is a peer and the channel that tells of its arrivals.
type mailbox struct {
	*Peer
	t     *testing.T
	arrow chan struct{}
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	return newMailboxAt(t, "127.0.0.1:0")
}

func newMailboxAt(t *testing.T, addr string) *mailbox {
	t.Helper()
	m := &mailbox{t: t, arrow: make(chan struct{}, 1)}
	peer, err := Listen(addr, func(Arrival) {
		select {
		case m.arrow <- struct{}{}:
		default:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { peer.Close() })
	m.Peer = peer
	return m
}

func (m *mailbox) next() Datagram {
	m.t.Helper()
	late := time.After(patience)
	for {
		if d, ok := m.Next(); ok {
			return d
		}
		select {
		case <-m.arrow:
		case <-late:
			m.t.Fatal("nothing arrived")
		}
	}
}

func (m *mailbox) send(to netip.AddrPort, text string) {
	m.t.Helper()
	if err := m.Send(to, []byte(text)); err != nil {
		m.t.Fatal(err)
	}
}

func (m *mailbox) want(texts ...string) {
	m.t.Helper()
	for _, text := range texts {
		if d := m.next(); string(d.Data) != text {
			m.t.Fatalf("received %q, want %q", d.Data, text)
		}
	}
}

func TestPeerKeepsWhatArrives(t *testing.T) {
	ann, bob := newMailbox(t), newMailbox(t)
	sizes := []int{0, 1, 1200, 2000, 8192, 65507}
	for _, size := range sizes {
		ann.send(bob.Addr(), strings.Repeat("x", size))
		d := bob.next()
		if len(d.Data) != size {
			t.Errorf("%d of %d bytes arrived", len(d.Data), size)
		}
		if d.From != ann.Addr() {
			t.Errorf("from %v, want %v", d.From, ann.Addr())
		}
	}
	if err := ann.Send(bob.Addr(), make([]byte, 65508)); err == nil {
		t.Error("a datagram of 65,508 bytes was sent")
	}
}

func TestPeerLosesNothing(t *testing.T) {
	ann, bob := newMailbox(t), newMailbox(t)
	const count = 500
	for i := range count {
		data := bytes.Repeat([]byte{byte(i)}, 65507)
		if err := ann.Send(bob.Addr(), data); err != nil {
			t.Fatal(err)
		}
		if _, known := bob.Pending(); !known {
			bob.next() // where the queue cannot be seen, one at a time
		}
	}
	if n, known := bob.Pending(); known && n != count {
		t.Errorf("%d datagrams of %d arrived", n, count)
	}
	for i := range bob.Len() {
		if d := bob.next(); len(d.Data) != 65507 || d.Data[0] != byte(i) || d.Data[65506] != byte(i) {
			t.Fatalf("datagram %d is damaged or out of order", i)
		}
	}
}

// What Settle says is a fact, however the collecting goroutine is scheduled.
func TestSettleIsExact(t *testing.T) {
	ann, bob := newMailbox(t), newMailbox(t)
	if _, known := bob.Pending(); !known {
		t.Skip("the kernel's queue cannot be seen on " + runtime.GOOS)
	}
	for i := range 2000 {
		ann.send(bob.Addr(), "")
		if n, _ := bob.Pending(); n != 1 {
			t.Fatalf("round %d: %d datagrams are pending, want 1", i, n)
		}
		bob.Next()
	}
}

// What Send has sent lies in the receiver's queue, before that is looked at by
// anybody, whichever threads and processors are busy.
func TestSendDelivers(t *testing.T) {
	var stop atomic.Bool
	var busy sync.WaitGroup
	for range 2 * runtime.NumCPU() { // others who send over loopback all the time
		a, b := newMailbox(t), newMailbox(t)
		busy.Go(func() {
			for !stop.Load() {
				if err := a.Send(b.Addr(), []byte("noise")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	defer busy.Wait()
	defer stop.Store(true)
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	addr := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	ann := newMailbox(t)
	buf := make([]byte, 10)
	for i := range 200 {
		ann.send(addr, "")
		n, err := Unread(ann.Addr(), addr)
		if errors.Is(err, errors.ErrUnsupported) {
			t.Skip("other programs' queues cannot be seen on " + runtime.GOOS)
		}
		if err != nil || n == 0 {
			t.Fatalf("round %d: %d bytes, %v", i, n, err)
		}
		conn.Read(buf)
	}
}

func BenchmarkSend(b *testing.B) {
	p, err := Listen("127.0.0.1:0", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for b.Loop() {
		if err := p.Send(p.Addr(), []byte("to myself")); err != nil {
			b.Fatal(err)
		}
		p.Next()
	}
}

func TestClosedPeerRefuses(t *testing.T) {
	bob := newMailbox(t)
	conn, err := net.Dial("udp", bob.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("kept")); err != nil {
		t.Fatal(err)
	}
	bob.next()
	if _, err := conn.Write([]byte("arrived")); err != nil {
		t.Fatal(err)
	}
	if _, known := bob.Pending(); known {
		defer bob.want("arrived") // also after Close
	}
	if err := bob.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("refused")); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		return // it reports in other words
	}
	conn.SetReadDeadline(time.Now().Add(patience))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("read from a vanished peer: %v, want ECONNREFUSED", err)
	}
	again, err := Listen(bob.Addr().String(), nil)
	if err != nil {
		t.Fatalf("the port is not free after Close: %v", err)
	}
	again.Close()
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		p, err := Listen("127.0.0.1:0", nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewRelay(p.Addr(), Script{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Send(r.Addr(), []byte("x")); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(r.Close(), p.Close()); err != nil {
			t.Fatal(err)
		}
	}
	late := time.Now().Add(patience)
	for runtime.NumGoroutine() > before { // one that has reported its end may still be on the way out
		if time.Now().After(late) {
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		}
		runtime.Gosched()
	}
}

func TestUnread(t *testing.T) {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	addr := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	ann := newMailbox(t)
	look := func() int {
		t.Helper()
		n, err := Unread(ann.Addr(), addr)
		if errors.Is(err, errors.ErrUnsupported) {
			t.Skip("other programs' queues cannot be seen on " + runtime.GOOS)
		}
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	buf := make([]byte, 1<<16)
	for _, size := range []int{0, 1, 1200, 65507} {
		if n := look(); n != 0 {
			t.Errorf("before %d bytes: %d", size, n)
		}
		ann.send(addr, strings.Repeat("x", size))
		ann.send(addr, "")
		for range 2 {
			if look() == 0 {
				t.Errorf("a datagram of %d bytes is not seen", size)
			}
			conn.Read(buf)
		}
	}
	ann.send(addr, "for nobody")
	conn.Close()
	if n := look(); n != 0 {
		t.Errorf("closed: %d", n)
	}
}

// What somebody else sends to a socket that is connected does not reach it.
func TestUnreadConnected(t *testing.T) {
	ann, bob := newMailbox(t), newMailbox(t)
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(ann.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	addr := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	ann.send(addr, "hello")
	bob.send(addr, "hello")
	for _, from := range []*mailbox{ann, bob} {
		n, err := Unread(from.Addr(), addr)
		if errors.Is(err, errors.ErrUnsupported) {
			t.Skip("other programs' queues cannot be seen on " + runtime.GOOS)
		}
		if err != nil || (n > 0) != (from == ann) {
			t.Errorf("from %v: %d bytes, %v", from.Addr(), n, err)
		}
	}
}

func TestUnreadWildcard(t *testing.T) {
	for _, listen := range []string{":0", "0.0.0.0:0"} {
		addr, err := net.ResolveUDPAddr("udp", listen)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.ListenUDP("udp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		port := conn.LocalAddr().(*net.UDPAddr).AddrPort().Port()
		to := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port)
		ann := newMailbox(t)
		ann.send(to, "")
		n, err := Unread(ann.Addr(), to)
		if errors.Is(err, errors.ErrUnsupported) {
			t.Skip("other programs' queues cannot be seen on " + runtime.GOOS)
		}
		if err != nil || n == 0 {
			t.Errorf("bound to %s: %d bytes, %v", listen, n, err)
		}
	}
}

// played sends count datagrams through an order and tells what comes out.
func played(t *testing.T, script string, count int) (out string, kept []int) {
	t.Helper()
	s, err := ParseScript(strings.Fields(script))
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	o := newOrder(s, func(n int) { words = append(words, fmt.Sprint(n)) })
	for n := range count {
		o.add(n + 1)
	}
	return strings.Join(words, " "), o.kept()
}

func TestScript(t *testing.T) {
	for _, test := range []struct {
		script string
		count  int
		out    string
		kept   []int
	}{
		{"", 3, "1 2 3", nil},
		{"drop 1", 3, "2 3", nil},
		{"drop 1 drop 3", 3, "2", nil},
		{"dup 3", 3, "1 2 3 3", nil},
		{"swap 2 3", 4, "1 3 2 4", nil},
		{"swap 2 3", 2, "1", []int{2}},
		{"swap 1 4", 5, "4 2 3 1 5", nil},
		{"swap 1 4", 3, "", []int{1, 2, 3}},
		{"swap 1 2 swap 3 4", 4, "2 1 4 3", nil},
		{"hold 2 until 4", 5, "1 3 4 2 5", nil},
		{"hold 2 until 4", 3, "1 3", []int{2}},
		{"hold 3 until 4 hold 1 until 4", 5, "2 4 1 3 5", nil},
		{"hold 1 until 2 hold 2 until 4", 5, "3 4 2 1 5", nil},
		{"hold 1 until 3 dup 3", 4, "2 3 3 1 4", nil},
		{"hold 1 until 2 swap 2 3", 4, "3 2 1 4", nil},
		{"drop 1 dup 3 swap 4 5 hold 2 until 6", 7, "3 3 5 4 6 2 7", nil},
	} {
		out, kept := played(t, test.script, test.count)
		if out != test.out || !slices.Equal(kept, test.kept) {
			t.Errorf("%q with %d: %q, kept %v; want %q, kept %v",
				test.script, test.count, out, kept, test.out, test.kept)
		}
	}
}

func TestScriptErrors(t *testing.T) {
	for script, want := range map[string]string{
		"lose 1":                "unknown rule",
		"drop":                  "lacks a word",
		"drop 0":                "not the number",
		"drop x":                "not the number",
		"swap 1":                "lacks a word",
		"swap 2 2":              "does not come later",
		"swap 3 2":              "does not come later",
		"hold 1 after 3":        "until was expected",
		"hold 3 until 1":        "does not come later",
		"drop 1 dup 1":          "two rules",
		"swap 1 2 swap 2 3":     "two rules",
		"hold 1 until 2 drop 2": "is dropped",
	} {
		if _, err := ParseScript(strings.Fields(script)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", script, err, want)
		}
	}
}

func newRelay(t *testing.T, server netip.AddrPort, script string) *Relay {
	t.Helper()
	s, err := ParseScript(strings.Fields(script))
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRelay(server, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestRelayPlaysItsScript(t *testing.T) {
	ann, server := newMailbox(t), newMailbox(t)
	r := newRelay(t, server.Addr(), "drop 1 dup 3 swap 4 5 hold 2 until 6")
	for n := range 7 {
		ann.send(r.Addr(), fmt.Sprint(n+1))
	}
	server.want("3", "3", "5", "4", "6", "2", "7")
	if r.Settle() {
		if n, _ := server.Pending(); n != 0 {
			t.Errorf("%d more arrived", n)
		}
	}
	if kept := r.Kept(); len(kept) != 0 {
		t.Errorf("kept %v", kept)
	}
}

func TestRelayTakesAnswersHome(t *testing.T) {
	ann, bob, server, eve := newMailbox(t), newMailbox(t), newMailbox(t), newMailbox(t)
	r := newRelay(t, server.Addr(), "swap 1 2")
	ann.send(r.Addr(), "from ann")
	r.Settle()
	bob.send(r.Addr(), strings.Repeat("b", 65507)) // numbered across all clients
	toBob := server.next()
	toAnn := server.next()
	if len(toBob.Data) != 65507 || string(toAnn.Data) != "from ann" {
		t.Fatalf("received %d bytes, then %q", len(toBob.Data), toAnn.Data)
	}
	if toBob.From == toAnn.From {
		t.Error("the server cannot tell the clients apart")
	}
	eve.send(toAnn.From, "not from the server")
	server.send(toAnn.From, "to ann")
	server.send(toBob.From, "")
	server.send(toBob.From, strings.Repeat("B", 65507))
	ann.want("to ann")
	bob.want("")
	d := bob.next()
	if len(d.Data) != 65507 || d.From != r.Addr() {
		t.Errorf("received %d bytes from %v, want the relay's %v", len(d.Data), d.From, r.Addr())
	}
}

// A server that is not there ends nothing: the relay goes on.
func TestRelayWithoutServer(t *testing.T) {
	ann, server := newMailbox(t), newMailbox(t)
	r := newRelay(t, server.Addr(), "")
	server.Close()
	for range 3 {
		ann.send(r.Addr(), "lost")
		r.Settle()
	}
	again := newMailboxAt(t, server.Addr().String())
	ann.send(r.Addr(), "found")
	again.want("found")
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestNobodyAnswersForWhoVanished sends to a peer that has gone, while others
// ask for ports until they would have been given its own.
func TestNobodyAnswersForWhoVanished(t *testing.T) {
	p, err := Listen("127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	addr := net.UDPAddrFromAddrPort(p.Addr())
	if err := p.Vanish(); err != nil {
		t.Fatal(err)
	}
	c, err := net.DialUDP("udp4", nil, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("anybody there?")); err != nil {
		t.Fatal(err)
	}
	c.SetReadDeadline(time.Now().Add(patience))
	if n, err := c.Read(make([]byte, 100)); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("after a datagram to who vanished: %d, %v; want ECONNREFUSED", n, err)
	}
	if _, ok := p.Next(); ok {
		t.Error("who vanished has received it")
	}
	if runtime.GOOS == "linux" { // elsewhere ports are given out in turn
		for range 100_000 {
			other, err := net.ListenUDP("udp4", &net.UDPAddr{IP: addr.IP})
			if err != nil {
				t.Fatal(err)
			}
			other.Close()
			if other.LocalAddr().String() == addr.String() {
				t.Fatal("another socket was given the port")
			}
		}
	}
	p.Close()
	again, err := Listen(addr.String(), nil)
	if err != nil {
		t.Fatal("after Close the port is not free:", err)
	}
	again.Close()
}
