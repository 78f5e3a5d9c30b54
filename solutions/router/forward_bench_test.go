package main

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// BenchmarkForward sends packets through the router from cable to cable, and as
// many through a loop that does nothing but copy datagrams from socket to socket,
// in turns. It prints the router's speed as a share of the loop's.
func BenchmarkForward(b *testing.B) {
	const burst = 32 // frames on the way
	in, out := benchSocket(b), benchSocket(b)
	left, right := benchSocket(b), benchSocket(b)
	ports := []*port{
		{name: "eth0", mac: mac{2, 0, 0, 0, 0, 1}, conn: left, remote: addrOf(in)},
		{name: "eth1", mac: mac{2, 0, 0, 0, 0, 2}, conn: right, remote: addrOf(out)},
	}
	interfaces := []*iface{
		{port: ports[0], ip: netip.MustParsePrefix("10.1.0.1/16")},
		{port: ports[1], ip: netip.MustParsePrefix("10.2.0.1/16")},
	}
	r := newRouter(interfaces, nil, time.Hour, io.Discard)
	host := mac{2, 0, 0, 0, 0, 9}
	answer := arpPacket{op: arpReply, senderMAC: host, senderIP: netip.MustParseAddr("10.2.0.9"), targetIP: netip.MustParseAddr("10.2.0.1")}
	r.receive(ports[1], frame{kind: typeARP, payload: answer.pack()})
	var one sync.Mutex
	for _, p := range ports {
		go p.receive(func(f frame) {
			one.Lock()
			defer one.Unlock()
			r.receive(p, f)
		})
	}

	entrance := benchSocket(b)
	go func() {
		buf := make([]byte, 1<<16)
		for {
			n, _, err := entrance.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			if _, err := right.WriteToUDPAddrPort(buf[:n], addrOf(out)); err != nil {
				return
			}
		}
	}()

	p := packet{ttl: 64, protocol: 17, src: netip.MustParseAddr("10.1.0.9"), dst: netip.MustParseAddr("10.2.0.9"), data: make([]byte, 1000)}
	sent := frame{dst: ports[0].mac, src: host, kind: typeIPv4, payload: p.pack()}.pack()
	buf := make([]byte, 1<<16)
	pass := func(to netip.AddrPort) time.Duration {
		started := time.Now()
		for range burst {
			if _, err := in.WriteToUDPAddrPort(sent, to); err != nil {
				b.Fatal(err)
			}
		}
		for range burst {
			if _, err := out.Read(buf); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(started)
	}
	var routed, copied time.Duration
	for b.Loop() {
		routed += pass(addrOf(left))
		copied += pass(addrOf(entrance))
	}
	b.ReportMetric(float64(copied)/float64(routed), "of-the-loop's-speed")
}

func benchSocket(b *testing.B) *net.UDPConn {
	b.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	return conn
}

func addrOf(conn *net.UDPConn) netip.AddrPort {
	return unmapped(conn.LocalAddr().(*net.UDPAddr).AddrPort())
}
