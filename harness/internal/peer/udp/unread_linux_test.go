package udp

import (
	"net"
	"net/netip"
	"testing"
)

// An empty datagram is seen in its receiver's socket, whatever that is bound to, until
// it is read.
func TestUnreadBoundAnywhere(t *testing.T) {
	for _, listen := range []string{"127.0.0.1:0", "[::1]:0", ":0"} {
		conn, err := net.ListenPacket("udp", listen)
		if err != nil {
			t.Logf("%s: %v", listen, err) // no IPv6 here
			continue
		}
		defer conn.Close()
		addr := conn.LocalAddr().(*net.UDPAddr).AddrPort()
		if addr.Addr().IsUnspecified() {
			addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), addr.Port())
		}
		if _, err := conn.WriteTo(nil, net.UDPAddrFromAddrPort(addr)); err != nil {
			t.Fatal(err)
		}
		if n, err := Unread(addr, addr); n == 0 || err != nil {
			t.Errorf("%s: an empty datagram lies there: %d, %v", listen, n, err)
		}
		if _, _, err := conn.ReadFrom(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		if n, err := Unread(addr, addr); n != 0 || err != nil {
			t.Errorf("%s: it was read: %d, %v", listen, n, err)
		}
	}
}

func BenchmarkUnread(b *testing.B) {
	p, err := Listen("127.0.0.1:0", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for b.Loop() {
		if _, err := Unread(p.Addr(), p.Addr()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInFlight(b *testing.B) {
	for b.Loop() {
		if _, known := InFlight(); !known {
			b.Skip("this kernel does not tell")
		}
	}
}
