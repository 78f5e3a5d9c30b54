package udp

import (
	"errors"
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
	p := newMailbox(t)
	if _, err := Unread(p.Addr(), p.Addr()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Unread: %v; want %v", err, errors.ErrUnsupported)
	}
	if _, known := InFlight(); known {
		t.Error("InFlight is known")
	}
	if p.Settle() {
		t.Error("Settle is sure")
	}
	p.send(p.Addr(), "hello")
	p.want("hello")
	// What the kernel has queued is there, whether our goroutine has run or not.
	for range 1000 {
		p.send(p.Addr(), "at once")
		p.Settle()
		if _, ok := p.Next(); !ok {
			t.Fatal("a datagram waits for our goroutine")
		}
	}
}
