package conn

import (
	"io"
	"runtime"
	"syscall"
	"testing"
)

// atEnd reports whether the program's next read would find the end of the stream.
func (p program) atEnd() (end bool) {
	p.t.Helper()
	raw, err := p.SyscallConn()
	if err != nil {
		p.t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		n, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		end = n == 0 && err == nil
	})
	return end
}

func settle(c *Conn) {
	for !c.Settled() {
		runtime.Gosched()
	}
}

// TestSettledMeansThatOurEndIsThere ends many connections on which we do not
// read, for our end is mostly there before anybody can ask.
func TestSettledMeansThatOurEndIsThere(t *testing.T) {
	for name, end := range map[string]func(*Conn){
		"shut":   (*Conn).Shut,
		"closed": (*Conn).Close,
		"sent":   func(c *Conn) { c.Write([]byte("last")); c.Shut() },
	} {
		early := 0
		for range 300 {
			ours, theirs, _ := connect(t, 0)
			ours.Stall()
			end(ours)
			settle(ours)
			if name == "sent" {
				theirs.wants(4, "last")
			}
			if !theirs.atEnd() {
				early++
			}
			ours.Close()
			theirs.Close()
		}
		if early > 0 {
			t.Errorf("%s: settled before our end had come on %d of 300 connections", name, early)
		}
	}
}

// TestSettledWithoutRoom sends more than there is room for to a program that
// waits for us to read.
func TestSettledWithoutRoom(t *testing.T) {
	t.Run("one write", func(t *testing.T) { testSettledWithoutRoom(t, 64<<20, 1) })
	t.Run("many writes", func(t *testing.T) { testSettledWithoutRoom(t, 1<<20, 64) })
}

func testSettledWithoutRoom(t *testing.T, size, times int) {
	ours, theirs, changed := connect(t, 0)
	ours.Stall()
	ours.WriteTimes(make([]byte, size), times)
	ours.Shut()
	settle(ours)
	if state, err := ours.Drain(); err != nil || state.Queue == 0 || state.End {
		t.Errorf("with no room: %+v, %v; want a queue and no end", state, err)
	}
	if all, _ := ours.Written(); all {
		t.Error("the kernel had room for 64 MiB: this test shows nothing")
	}
	if n, err := io.Copy(io.Discard, theirs); n != 64<<20 || err != nil {
		t.Errorf("the program read %d bytes, %v; want 64 MiB", n, err)
	}
	settle(ours)
	until(changed, func() bool { all, _ := ours.Written(); return all })
	if !theirs.atEnd() {
		t.Error("settled before our end had come")
	}
}
