package drain

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// between makes a connection between Unix sockets: our end and the program's.
func between(t *testing.T) (ours, theirs *net.UnixConn) {
	t.Helper()
	addr := &net.UnixAddr{Name: filepath.Join(t.TempDir(), "s"), Net: "unix"}
	l, err := net.ListenUnix("unix", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if ours, err = net.DialUnix("unix", nil, addr); err != nil {
		t.Fatal(err)
	}
	if theirs, err = l.AcceptUnix(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	return ours, theirs
}

func TestUnix(t *testing.T) {
	ours, theirs := between(t)
	look := func(when string, want State) {
		t.Helper()
		got, err := Unix(ours)
		if got.Queue = min(got.Queue, 1); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", when, got, err, want)
		}
	}
	look("at first", State{Found: true, Room: true})
	for range 1000 {
		ours.Write([]byte("abc"))
		if s, _ := Unix(ours); s.Drained(3) {
			t.Fatal("drained, and nothing is read")
		}
		theirs.Read(make([]byte, 2))
		if s, _ := Unix(ours); s.Drained(3) {
			t.Fatal("drained, and a byte is not read")
		}
		theirs.Read(make([]byte, 2))
		if s, _ := Unix(ours); !s.Drained(3) {
			t.Fatal("not drained, and all is read")
		}
	}
	theirs.SetReadBuffer(1 << 10)
	for full := false; !full; {
		if _, err := ours.Write([]byte(strings.Repeat("x", 100))); err != nil {
			t.Fatal(err)
		}
		s, _ := Unix(ours)
		full = !s.Room
	}
	look("full", State{Queue: 1, Found: true})
	theirs.CloseWrite()
	look("their end", State{Queue: 1, Found: true, Shut: true})
	theirs.Close()
	if s, err := Unix(ours); err != nil || s.Found {
		t.Errorf("after their close: %+v, %v; want nothing found", s, err)
	}
}
