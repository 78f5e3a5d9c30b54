package udp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
)

// Both ways of looking see the same, where both are there.
func TestProcAgreesWithDiag(t *testing.T) {
	for _, listen := range []string{"127.0.0.1:0", "[::1]:0", ":0"} {
		conn, err := net.ListenPacket("udp", listen)
		if err != nil {
			t.Logf("%s: %v", listen, err) // no IPv6 here
			continue
		}
		defer conn.Close()
		if _, err := conn.WriteTo([]byte("to myself"), conn.LocalAddr()); err != nil {
			t.Fatal(err)
		}
		addr := conn.LocalAddr().(*net.UDPAddr).AddrPort()
		if addr.Addr().IsUnspecified() {
			addr = netip.AddrPortFrom(netip.IPv6Loopback(), addr.Port())
		}
		diag, err := diagUnread(addr, addr)
		if err != nil {
			t.Skipf("NETLINK_SOCK_DIAG: %v", err)
		}
		proc, err := procUnread(addr)
		if err != nil {
			t.Fatal(err)
		}
		if diag != proc || diag == 0 {
			t.Errorf("%s: netlink says %d, /proc %d", listen, diag, proc)
		}
	}
}

func TestProcEntry(t *testing.T) {
	const line = "  107: 0100007F:1F91 00000000:0000 07 00000000:00000300 00:00000000 00000000  1000        0 4321 2 0000000000000000 5 \n"
	local, unread, ok := procEntry(line)
	if !ok || local.Port() != 8081 || local.Addr().String() != "127.0.0.1" && binary.NativeEndian.String() == "LittleEndian" || unread != 0x300 {
		t.Errorf("procEntry = %v, %d, %v", local, unread, ok)
	}
	if _, _, ok := procEntry("   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops"); ok {
		t.Error("the heading is taken for a socket")
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
