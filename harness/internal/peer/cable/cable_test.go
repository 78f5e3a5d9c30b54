package cable

import (
	"bytes"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"wirebook/harness/internal/peer/udp"
)

// pair returns two ends plugged into each other, and a channel that rings at
// arrivals on the second.
func pair(t *testing.T) (a, b *End, rings chan struct{}) {
	t.Helper()
	rings = make(chan struct{}, 1)
	a = end(t, nil)
	b = end(t, func(udp.Arrival) {
		select {
		case rings <- struct{}{}:
		default:
		}
	})
	a.Plug(b.Addr())
	b.Plug(a.Addr())
	return a, b, rings
}

func end(t *testing.T, arrived func(udp.Arrival)) *End {
	t.Helper()
	e, err := New(arrived)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// next waits for a frame.
func next(t *testing.T, e *End, rings chan struct{}) []byte {
	t.Helper()
	for {
		if f, ok := e.Next(); ok {
			return f.Bytes
		}
		select {
		case <-rings:
		case <-time.After(10 * time.Second):
			t.Fatal("no frame came")
		}
	}
}

func TestFramesArriveInOrder(t *testing.T) {
	a, b, rings := pair(t)
	for i := range 100 {
		if err := a.Send(fmt.Appendf(nil, "frame %d", i)); err != nil {
			t.Fatal(err)
		}
		if want, got := fmt.Sprintf("frame %d", i), next(t, b, rings); string(got) != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	if n := b.Len(); n != 0 {
		t.Errorf("%d frames are left", n)
	}
}

func TestSettleTakesAllThatWasSent(t *testing.T) {
	a, b, _ := pair(t)
	for range 50 {
		for range 20 {
			if err := a.Send(make([]byte, 64)); err != nil {
				t.Fatal(err)
			}
		}
		if known := b.Settle(); !known {
			t.Skip("this system cannot tell")
		}
		if n := b.Len(); n != 20 {
			t.Fatalf("%d frames after Settle, want 20", n)
		}
		for range 20 {
			b.Next()
		}
	}
}

func TestLongestFrame(t *testing.T) {
	a, b, rings := pair(t)
	long := bytes.Repeat([]byte{0xa5}, 1518)
	if err := a.Send(long); err != nil {
		t.Fatal(err)
	}
	if got := next(t, b, rings); !bytes.Equal(got, long) {
		t.Errorf("%d bytes came, want %d", len(got), len(long))
	}
}

func TestUnplugged(t *testing.T) {
	a := end(t, nil)
	if err := a.Send(make([]byte, 60)); err != ErrUnplugged {
		t.Errorf("Send: %v, want %v", err, ErrUnplugged)
	}
	if _, ok := a.Next(); ok || a.Len() != 0 {
		t.Error("a frame came out of nowhere")
	}
}

// What comes before the other end is known is kept, and what comes from
// elsewhere is told apart.
func TestPlugSorts(t *testing.T) {
	a, eve, b := end(t, nil), end(t, nil), end(t, nil)
	a.Plug(b.Addr())
	eve.Plug(b.Addr())
	for i, e := range []*End{a, eve, a} {
		if err := e.Send([]byte{byte(i)}); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { b.Settle(); return b.peer.Len() > i })
	}
	if _, ok := b.Next(); ok {
		t.Fatal("a frame was given before its end was known")
	}
	b.Plug(a.Addr())
	for _, want := range []byte{0, 2} {
		if f, ok := b.Next(); !ok || f.Bytes[0] != want {
			t.Fatalf("frame %v, %t; want %d", f.Bytes, ok, want)
		}
	}
	s, ok := b.NextStray()
	if !ok || s.From != eve.Addr() || s.Bytes[0] != 1 {
		t.Errorf("stray %v, %t", s, ok)
	}
	if _, ok := b.NextStray(); ok {
		t.Error("a second stray")
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("nothing came")
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	a, b, _ := pair(t)
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			for range 50 {
				a.Send(make([]byte, 100))
				b.Len()
				b.Settle()
				b.Plug(a.Addr())
				b.Other()
			}
		})
	}
	senders.Wait()
	waitFor(t, func() bool { b.Settle(); return b.Len() == 200 })
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		e, err := New(nil)
		if err != nil {
			t.Fatal(err)
		}
		addr := e.Addr()
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		if addr == (netip.AddrPort{}) {
			t.Error("no address")
		}
	}
	waitFor(t, func() bool { return runtime.NumGoroutine() <= before })
}
