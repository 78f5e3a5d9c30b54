package main

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// FuzzRouter hands the router frames of any bytes and lets time pass. Whatever
// comes, what it sends is well formed: frames of its own MAC, IPv4 packets with a
// TTL and a right checksum to MACs of its tables only, requests for nobody twice
// within a second. What it remembers is bounded.
func FuzzRouter(f *testing.F) {
	own := mac{2, 0, 10, 1, 0, 1}
	request := arpPacket{op: arpRequest, senderMAC: mac{2, 0, 10, 1, 0, 9}, senderIP: netip.MustParseAddr("10.1.0.9"), targetIP: netip.MustParseAddr("10.1.0.1")}
	asks := frame{dst: broadcast, src: request.senderMAC, kind: typeARP, payload: request.pack()}
	ping := message{kind: echoRequest, data: []byte("hello")}
	far := packet{ttl: 64, protocol: protocolICMP, src: request.senderIP, dst: netip.MustParseAddr("10.2.0.9"), data: ping.pack()}
	near, old := far, far
	near.dst = request.targetIP
	old.ttl, old.dst, old.options = 1, netip.MustParseAddr("8.8.8.8"), make([]byte, 4)
	packed := func(p packet) []byte {
		return frame{dst: own, src: request.senderMAC, kind: typeIPv4, payload: p.pack()}.pack()
	}
	tagged := asks
	tagged.vid = 10
	f.Add(asks.pack(), packed(far), uint16(1000))
	f.Add(packed(near), packed(old), uint16(500))
	f.Add(tagged.pack(), packed(far)[:40], uint16(0))

	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		f.Fatal(err)
	}
	defer socket.Close()
	// The port's cable is a loop: what it sends, we read from the same socket.
	loop := &port{name: "eth0", mac: own, conn: socket, remote: unmapped(socket.LocalAddr().(*net.UDPAddr).AddrPort())}

	f.Fuzz(func(t *testing.T, first, second []byte, ms uint16) {
		r := newRouter([]*iface{
			{port: loop, ip: netip.MustParsePrefix("10.1.0.1/16")},
			{port: loop, vid: 10, ip: netip.MustParsePrefix("10.2.0.1/16")},
		}, []staticRoute{{netip.MustParsePrefix("8.0.0.0/8"), netip.MustParseAddr("10.2.0.2")}}, time.Second, io.Discard)
		asked := make(map[string]time.Duration)
		for _, b := range [][]byte{first, second, first, second} {
			if f, ok := parseFrame(b); ok {
				r.receive(loop, f)
				checkSent(t, r, sent(t, loop), asked)
			}
			// What is due is done one by one, so that the clock is right when we
			// look.
			for end := r.clock.now + time.Duration(ms)*time.Millisecond; r.clock.now < end; {
				next := end
				if len(r.clock.events) > 0 {
					next = min(next, r.clock.events[0].due)
				}
				r.advance(next - r.clock.now)
				checkSent(t, r, sent(t, loop), asked)
			}
		}
	})
}

// sent returns the frames that were sent into the loop.
func sent(t *testing.T, loop *port) [][]byte {
	t.Helper()
	// On loopback a datagram is there when the write returns. The last one is
	// our own, to mark the end.
	end := []byte("end")
	if _, err := loop.conn.WriteToUDPAddrPort(end, loop.remote); err != nil {
		t.Fatal(err)
	}
	if err := loop.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var frames [][]byte
	buf := make([]byte, 1<<16)
	for {
		n, err := loop.conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(buf[:n], end) {
			return frames
		}
		frames = append(frames, bytes.Clone(buf[:n]))
	}
}

func checkSent(t *testing.T, r *router, frames [][]byte, asked map[string]time.Duration) {
	t.Helper()
	for _, b := range frames {
		f, ok := parseFrame(b)
		if !ok || f.src != r.sides[0].port.mac {
			t.Fatalf("no frame of the router's: % x", b)
		}
		s := r.sides[0]
		if f.vid != s.vid {
			s = r.sides[1]
		}
		switch f.kind {
		case typeARP:
			p, ok := parseARP(f.payload)
			if !ok || p.senderMAC != s.port.mac || p.senderIP != s.ip.Addr() {
				t.Fatalf("a wrong ARP packet: % x", b)
			}
			if p.op != arpRequest {
				continue
			}
			name := s.name() + p.targetIP.String()
			if last, ok := asked[name]; ok && r.clock.now-last < time.Second {
				t.Fatalf("asked again after %v: % x", r.clock.now-last, b)
			}
			asked[name] = r.clock.now
		case typeIPv4:
			p, ok := parsePacket(f.payload)
			if !ok || p.ttl == 0 || len(p.data)+p.headerLen() != len(f.payload) {
				t.Fatalf("a wrong packet: % x", b)
			}
			known := false
			for _, n := range s.neighbours {
				known = known || s.isLive(n) && n.mac == f.dst
			}
			if !known {
				t.Fatalf("sent to %v, who is in no table: % x", f.dst, b)
			}
		default:
			t.Fatalf("a frame of type %04x", f.kind)
		}
	}
}

// FuzzPackets packs what was parsed: it must be the same again.
func FuzzPackets(f *testing.F) {
	ping := message{kind: echoRequest, data: []byte("odd")}
	p := packet{ttl: 64, protocol: protocolICMP, src: netip.MustParseAddr("10.1.0.9"), dst: netip.MustParseAddr("10.2.0.9"), options: make([]byte, 8), data: ping.pack()}
	f.Add(p.pack())
	f.Add(arpPacket{op: arpRequest, senderIP: p.src, targetIP: p.dst}.pack())
	f.Add(frame{vid: 10, kind: typeIPv4, payload: p.pack()}.pack())
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, ok := parsePacket(b); ok {
			// Of a checksum of zeros there are two forms, and we make one.
			got, want := p.pack(), bytes.Clone(b[:p.headerLen()+len(p.data)])
			copy(want[10:12], got[10:12])
			if !bytes.Equal(got, want) || checksum(got[:p.headerLen()]) != 0 {
				t.Errorf("% x\nbecomes % x", want, got)
			}
			if m, ok := parseMessage(p.data); ok && !bytes.Equal(m.pack()[4:], p.data[4:]) {
				t.Errorf("% x\nbecomes % x", p.data, m.pack())
			}
		}
		if p, ok := parseARP(b); ok && !bytes.Equal(p.pack(), b[:arpLen]) {
			t.Errorf("% x\nbecomes % x", b, p.pack())
		}
		if f, ok := parseFrame(b); ok {
			again, ok := parseFrame(f.pack())
			if !ok || again.vid != f.vid || again.kind != f.kind || !bytes.Equal(again.payload, f.payload) {
				t.Errorf("%+v\nbecomes %+v", f, again)
			}
		}
	})
}

// A scan of a network does not eat the memory: what a side remembers is bounded,
// and when the searches have ended there is room again.
func TestScanIsBounded(t *testing.T) {
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	p := &port{name: "eth0", conn: socket, remote: unmapped(socket.LocalAddr().(*net.UDPAddr).AddrPort())}
	r := newRouter([]*iface{{port: p, ip: netip.MustParsePrefix("10.0.0.1/8")}}, nil, time.Minute, io.Discard)
	to := netip.MustParseAddr("10.0.0.2")
	for range 10 * maxNeighbours {
		scan := packet{ttl: 64, src: netip.MustParseAddr("10.0.0.9"), dst: to}
		r.receive(p, frame{dst: p.mac, kind: typeIPv4, payload: scan.pack()})
		to = to.Next()
	}
	if got := len(r.sides[0].neighbours); got > maxNeighbours {
		t.Errorf("it remembers %d neighbours", got)
	}
	r.advance(time.Minute)
	r.sides[0].learn(to, mac{2})
	if !r.sides[0].isLive(r.sides[0].neighbours[to]) {
		t.Error("there is no room after the searches have ended")
	}
	if got := len(r.clock.events); got != 0 {
		t.Errorf("%d things are still to be done", got)
	}
}
