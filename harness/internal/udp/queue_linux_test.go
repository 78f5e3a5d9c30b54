package udp

import (
	"net"
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
		port := uint16(conn.LocalAddr().(*net.UDPAddr).Port)
		diag, err := diagSockets(port)
		if err != nil {
			t.Skipf("NETLINK_SOCK_DIAG: %v", err)
		}
		proc, err := procSockets(port)
		if err != nil {
			t.Fatal(err)
		}
		if len(diag) != 1 || len(proc) != 1 || diag[0] != proc[0] || diag[0].unread == 0 {
			t.Errorf("%s: netlink says %+v, /proc %+v", listen, diag, proc)
		}
	}
}

func TestProcEntry(t *testing.T) {
	const line = "  107: 0100007F:1F91 00000000:0000 07 00000000:00000300 00:00000000 00000000  1000        0 4321 2 0000000000000000 5 \n"
	e, port, ok := procEntry(line)
	if !ok || port != 8081 || e.local.String() != "127.0.0.1" && native.String() == "LittleEndian" || e.unread != 0x300 || e.dropped != 5 {
		t.Errorf("procEntry = %+v, port %d, %v", e, port, ok)
	}
	if _, _, ok := procEntry("   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops"); ok {
		t.Error("the heading is taken for a socket")
	}
}

func BenchmarkQueueOf(b *testing.B) {
	p, err := Listen("127.0.0.1:0", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for b.Loop() {
		if _, err := QueueOf(p.Addr()); err != nil {
			b.Fatal(err)
		}
	}
}
