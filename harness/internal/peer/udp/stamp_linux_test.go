package udp

import (
	"testing"
	"time"
)

// The kernel tells when a datagram came, however late it is read.
func TestStamp(t *testing.T) {
	p := newMailbox(t)
	for range 1000 { // it begins to stamp a moment after it is asked to
		p.sock.mu.Lock() // nobody reads
		before := time.Now()
		p.send(p.Addr(), "hello")
		after := time.Now()
		for time.Since(after) < 100*time.Microsecond {
		}
		p.sock.mu.Unlock()
		at := p.next().At
		if at.IsZero() {
			continue
		}
		if wall := at.Round(0); wall.Before(before.Round(0)) || wall.After(after.Round(0)) {
			t.Errorf("it came at %v, but was sent between %v and %v", wall, before, after)
		}
		return
	}
	t.Error("the kernel told of none when it came")
}
