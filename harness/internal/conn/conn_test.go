package conn

import (
	"bytes"
	"errors"
	"io"
	"net"
	"runtime"
	"testing"
	"time"
)

// A program is the other end of a Conn: a socket that does what a test says.
type program struct {
	*net.TCPConn
	t *testing.T
}

// connect gives both ends of a connection. changed receives a token after every
// change of ours.
func connect(t *testing.T, window int) (ours *Conn, theirs program, changed <-chan struct{}) {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	bell := make(chan struct{}, 1)
	ours, err = new(Attempt).Dial(t.Context(), l.Addr().String(), window, func(Change) {
		select {
		case bell <- struct{}{}:
		default:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ours.Close)
	c, err := l.AcceptTCP()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return ours, program{c, t}, bell
}

// until waits for changes of a Conn until it is as it should be. What never
// comes ends with the test's own deadline.
func until(changed <-chan struct{}, is func() bool) {
	for !is() {
		<-changed
	}
}

func (p program) write(data string) {
	p.t.Helper()
	if _, err := p.Write([]byte(data)); err != nil {
		p.t.Fatal(err)
	}
}

// read returns the next n bytes, n < 0 for all up to the end.
func (p program) read(n int) (string, error) {
	if n < 0 {
		data, err := io.ReadAll(p)
		return string(data), err
	}
	data := make([]byte, n)
	_, err := io.ReadFull(p, data)
	return string(data), err
}

func (p program) wants(n int, want string) {
	p.t.Helper()
	if got, err := p.read(n); got != want || err != nil {
		p.t.Errorf("the program read %q, %v; want %q", got, err, want)
	}
}

// received reports whether exactly these bytes have come and not been taken.
func received(c *Conn, want string) func() bool {
	return func() bool {
		got, _, _ := c.Pending()
		return string(got) == want
	}
}

func TestWhatComesIsKeptUntilItIsTaken(t *testing.T) {
	ours, theirs, changed := connect(t, 0)
	theirs.write("one")
	until(changed, received(ours, "one"))
	theirs.write("two")
	until(changed, received(ours, "onetwo"))
	ours.Take(4)
	if got, ended, err := ours.Pending(); string(got) != "wo" || ended || err != nil {
		t.Errorf("pending after Take(4): %q, %v, %v", got, ended, err)
	}
}

func TestEndOfStreamComesBehindTheBytes(t *testing.T) {
	ours, theirs, changed := connect(t, 0)
	theirs.write("last")
	theirs.Close()
	until(changed, func() bool { _, ended, _ := ours.Pending(); return ended })
	if got, _, err := ours.Pending(); string(got) != "last" || err != nil {
		t.Errorf("at the end: %q, %v; want %q, nil", got, err, "last")
	}
}

func TestWritesArriveInOrder(t *testing.T) {
	ours, theirs, changed := connect(t, 0)
	ours.Write([]byte("one "))
	ours.Write([]byte("two"))
	theirs.wants(7, "one two")
	until(changed, func() bool { all, _ := ours.Written(); return all })
	if n := ours.Sent(); n != 7 {
		t.Errorf("sent %d bytes; want 7", n)
	}
}

func TestShutEndsOneDirection(t *testing.T) {
	ours, theirs, changed := connect(t, 0)
	ours.Write([]byte("question"))
	ours.Shut()
	ours.Write([]byte("too late"))
	theirs.wants(-1, "question")
	theirs.write("answer")
	until(changed, received(ours, "answer"))
}

func TestResetIsSeenAsOne(t *testing.T) {
	ours, theirs, _ := connect(t, 0)
	ours.Write([]byte("lost or not"))
	ours.Reset()
	if _, err := theirs.read(-1); !errors.Is(err, errReset) {
		t.Errorf("after a reset the program's read said %v; want ECONNRESET", err)
	}
}

func TestTheirResetIsTold(t *testing.T) {
	ours, theirs, changed := connect(t, 0)
	theirs.SetLinger(0)
	theirs.Close()
	until(changed, func() bool { _, ended, _ := ours.Pending(); return ended })
	if _, _, err := ours.Pending(); !errors.Is(err, errReset) {
		t.Errorf("ended with %v; want ECONNRESET", err)
	}
}

// TestStalledConnStopsTheProgram lets the program send until it must wait. With
// small segments that is soon; how soon is the kernel's business.
func TestStalledConnStopsTheProgram(t *testing.T) {
	ours, theirs, changed := connect(t, 4096)
	ours.Stall()
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<18)
	sent := make(chan error, 1)
	go func() {
		_, err := theirs.Write(big)
		theirs.CloseWrite()
		sent <- err
	}()
	ours.Write([]byte("still heard"))
	theirs.wants(11, "still heard")
	if got, _, _ := ours.Pending(); len(got) > 0 {
		t.Errorf("%d bytes arrived at a stalled connection", len(got))
	}
	select {
	case err := <-sent:
		t.Fatalf("4 MiB were sent to a peer that does not read (%v)", err)
	default:
	}
	ours.Resume()
	until(changed, func() bool { _, ended, _ := ours.Pending(); return ended })
	if got, _, err := ours.Pending(); !bytes.Equal(got, big) || err != nil {
		t.Errorf("after Resume %d bytes came, %v; want %d", len(got), err, len(big))
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

func TestSettledMeansThatAllIsRead(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what the other end has read")
	}
	ours, theirs, changed := connect(t, 0)
	ours.Write([]byte("unread"))
	until(changed, func() bool { all, _ := ours.Written(); return all })
	// The loopback delivers before the write returns.
	if state, err := ours.Drain(); err != nil || state.Queue != 6 {
		t.Errorf("unread at the program: %+v, %v; want a queue of 6", state, err)
	}
	theirs.wants(6, "unread")
	if state, err := ours.Drain(); err != nil || state.Queue != 0 || state.Received != 6 {
		t.Errorf("after the program read: %+v, %v", state, err)
	}
	if !ours.Settled() {
		t.Error("not settled although all was read and nothing sent")
	}
	theirs.write("news")
	until(changed, received(ours, "news"))
	if !ours.Settled() {
		t.Error("not settled although the program's bytes are here")
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		ours, theirs, _ := connect(t, 0)
		ours.Write(make([]byte, 1<<20)) // nobody reads it
		ours.Close()
		ours.Close()
		theirs.Close()
	}
	// One that is left is left for good, and go test says so when it has waited long
	// enough. One of net's is there for an instant after its Dial.
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
}

func TestListenerHandsOutInOrder(t *testing.T) {
	bell := make(chan struct{}, 10)
	l, err := Listen("127.0.0.1:0", 0, func() { bell <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var dialed []net.Conn
	for _, name := range []string{"a", "b"} {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, name); err != nil {
			t.Fatal(err)
		}
		dialed = append(dialed, c)
		<-bell
	}
	if n, err := l.Waiting(); n != 2 || err != nil {
		t.Errorf("%d connections wait; want 2", n)
	}
	if n := l.Unread(); runtime.GOOS == "linux" && n != 2 {
		t.Errorf("%d bytes came unasked; want 2", n)
	}
	changed := make(chan struct{}, 10)
	for i, want := range []string{"a", "b"} {
		c, ok := l.Accept(func(Change) { changed <- struct{}{} }, false)
		if !ok {
			t.Fatalf("connection %d is gone", i)
		}
		defer c.Close()
		if c.Remote().String() != dialed[i].LocalAddr().String() {
			t.Errorf("connection %d is %v's; want %v's", i, c.Remote(), dialed[i].LocalAddr())
		}
		until(changed, received(c, want))
	}
	if _, ok := l.Accept(nil, false); ok {
		t.Error("a third connection was handed out of two")
	}
}

func TestClosedListenerDropsWhoWaits(t *testing.T) {
	bell := make(chan struct{}, 1)
	l, err := Listen("127.0.0.1:0", 0, func() { bell <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	<-bell
	l.Close()
	if _, err := io.ReadAll(c); err != nil && !errors.Is(err, errReset) {
		t.Errorf("who waited read %v; want the end", err)
	}
	if _, err := net.DialTimeout("tcp", l.Addr().String(), time.Minute); !errors.Is(err, errRefused) {
		t.Errorf("dialing a closed listener: %v; want ECONNREFUSED", err)
	}
}

// TestNobodyAnswersForWhoVanished connects to a peer that has gone, while
// others ask for ports until they would have been given its own.
func TestNobodyAnswersForWhoVanished(t *testing.T) {
	l, err := Listen("127.0.0.1:0", 0, func() {})
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Vanish(); err != nil {
		t.Fatal(err)
	}
	if c, err := net.Dial("tcp", addr); !errors.Is(err, errRefused) {
		t.Errorf("dialing who vanished: %v, %v; want ECONNREFUSED", c, err)
	}
	if runtime.GOOS == "linux" { // elsewhere ports are given out in turn
		for range 100_000 {
			other, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			other.Close()
			if other.Addr().String() == addr {
				t.Fatal("another listener was given the port")
			}
		}
	}
	l.Close()
	again, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal("after Close the port is not free:", err)
	}
	again.Close()
}
