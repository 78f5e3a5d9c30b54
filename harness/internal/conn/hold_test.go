package conn

import (
	"bytes"
	"testing"
	"wirebook/harness/internal/pipe"
)

// pour sends 80 MiB, more than is kept, and closes.
func (p program) pour() {
	block := bytes.Repeat([]byte("x"), 1<<20)
	for range poured / len(block) {
		if _, err := p.Write(block); err != nil {
			p.t.Error(err)
			return
		}
	}
	p.Close()
}

const poured = 80 << 20

// takeAll takes all that comes up to the end.
func takeAll(ours *Conn, changed <-chan struct{}) (taken, most int) {
	for ended := false; !ended; {
		until(changed, func() bool {
			data, end, _ := ours.Pending()
			ended = end && len(data) == 0
			return ended || len(data) > 0
		})
		data, _, _ := ours.Pending()
		most = max(most, len(data))
		taken += len(data)
		ours.Take(len(data))
	}
	return taken, most
}

// Who holds a connection gets more than is kept, and never has much of it.
func TestHold(t *testing.T) {
	ours, theirs, changed := connect(t, 0)
	release := ours.Hold()
	go theirs.pour()
	if taken, most := takeAll(ours, changed); taken != poured || most >= pipe.MostHeld+64<<10 {
		t.Errorf("%d bytes came, want %d; %d of them at a time", taken, poured, most)
	}
	release()
	if _, ended, err := ours.Pending(); !ended || err != nil {
		t.Errorf("ended %v, %v", ended, err)
	}
}

// A flood is the end, unless somebody holds the connection then: nothing is lost.
func TestFlood(t *testing.T) {
	ours, theirs, changed := connect(t, 0)
	go theirs.pour()
	until(changed, func() bool { _, ended, _ := ours.Pending(); return ended })
	if _, _, err := ours.Pending(); err != ErrFlood {
		t.Fatalf("it ended with %v", err)
	}
	defer ours.Hold()()
	if taken, _ := takeAll(ours, changed); taken != poured {
		t.Errorf("%d bytes came, want %d", taken, poured)
	}
}

// Who waits for room ends with the connection.
func TestCloseWhileFull(t *testing.T) {
	ours, theirs, changed := connect(t, 0)
	ours.Hold()
	go theirs.Write(bytes.Repeat([]byte("x"), poured))
	until(changed, func() bool { data, _, _ := ours.Pending(); return len(data) >= pipe.MostHeld })
	ours.Close()
}
