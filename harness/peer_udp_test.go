package harness

import (
	"net/netip"
	"testing"

	"wirebook/harness/internal/peer/udp"
)

// A datagram is told as of the program that was started with the address that
// it came to, and not of the newest.
func TestSender(t *testing.T) {
	listen := func() *socket {
		peer, err := udp.Listen("127.0.0.1:0", func() {})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { peer.Close() })
		return &socket{Peer: peer}
	}
	desk, clock := listen(), listen()
	p := &play{programs: []*program{
		{name: "ann", args: []string{"client", desk.Addr().String()}},
		{name: "idle", args: []string{"client", clock.Addr().String()}},
	}}
	ann, idle := netip.MustParseAddrPort("127.0.0.1:1"), netip.MustParseAddrPort("127.0.0.1:2")
	for range 2 {
		if got := p.sender(clock, idle); got != "idle" {
			t.Errorf("the clock hears %q, want idle", got)
		}
		if got := p.sender(desk, ann); got != "ann" {
			t.Errorf("the desk hears %q, want ann", got)
		}
	}
	if got := p.owner(ann.String()); got != "ann" {
		t.Errorf("what goes back goes to %q, want ann", got)
	}
}
