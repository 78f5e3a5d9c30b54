package main

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// FuzzHost hands the host frames of any bytes and lets time pass. Whatever
// comes, what it sends is well formed, it sends IPv4 to MACs of its table
// only, and it asks for nobody twice within a second.
func FuzzHost(f *testing.F) {
	request := arpPacket{op: arpRequest, senderMAC: mac{2, 0, 0, 0, 0, 2}, senderIP: netip.MustParseAddr("10.0.0.2"), targetIP: netip.MustParseAddr("10.0.0.1")}
	ping := echo{src: netip.MustParseAddr("10.0.0.3"), dst: netip.MustParseAddr("10.0.0.1"), kind: echoRequest, data: []byte("hello")}
	own, err := parseMAC(hostMAC)
	if err != nil {
		f.Fatal(err)
	}
	asks := frame{dst: broadcast, src: request.senderMAC, kind: typeARP, payload: request.pack()}.pack()
	pings := frame{dst: own, src: mac{2, 0, 0, 0, 0, 3}, kind: typeIPv4, payload: ping.pack()}.pack()
	f.Add(asks, pings, uint16(1000))
	f.Add(pings, pings, uint16(500))
	f.Add(asks[:40], []byte{}, uint16(0))

	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		f.Fatal(err)
	}
	defer socket.Close()
	// The card's cable is a loop: what it sends, we read from the same socket.
	loop := &card{own, socket, socket.LocalAddr().(*net.UDPAddr).AddrPort()}

	f.Fuzz(func(t *testing.T, first, second []byte, ms uint16) {
		h := newHost(netip.MustParsePrefix(hostCIDR), loop, time.Second, io.Discard)
		asked := make(map[netip.Addr]time.Duration)
		check := func() {
			for _, b := range sent(t, loop) {
				checkSent(t, h, b, asked)
			}
		}
		for _, b := range [][]byte{first, second, first, second} {
			if f, ok := parseFrame(b); ok {
				if err := take(h, f); err != nil {
					t.Fatal(err)
				}
				check()
			}
			if err := h.ping(netip.MustParseAddr("10.0.0.2")); err != nil {
				t.Fatal(err)
			}
			check()
			// What is due is done one by one, so that the clock is right when we
			// look.
			for end := h.clock + time.Duration(ms)*time.Millisecond; h.clock < end; {
				next := end
				if len(h.timers) > 0 {
					next = min(next, h.timers[0].due)
				}
				if err := h.advance(next - h.clock); err != nil {
					t.Fatal(err)
				}
				check()
			}
		}
	})
}

// sent returns the frames that were sent into the loop.
func sent(t *testing.T, loop *card) [][]byte {
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

func checkSent(t *testing.T, h *host, b []byte, asked map[netip.Addr]time.Duration) {
	t.Helper()
	f, ok := parseFrame(b)
	if !ok || f.src != h.card.mac {
		t.Fatalf("no frame of the host's: % x", b)
	}
	switch f.kind {
	case typeARP:
		p, ok := parseARP(f.payload)
		if !ok || p.senderMAC != h.card.mac || p.senderIP != h.ip.Addr() {
			t.Fatalf("wrong ARP packet: %s", describe(b))
		}
		if p.op != arpRequest {
			return
		}
		if f.dst != broadcast || p.targetMAC != (mac{}) {
			t.Fatalf("wrong request: %s", describe(b))
		}
		if last, ok := asked[p.targetIP]; ok && h.clock-last < time.Second {
			t.Fatalf("asked again after %v: %s", h.clock-last, describe(b))
		}
		asked[p.targetIP] = h.clock
	case typeIPv4:
		e, ok := parseEcho(f.payload)
		if !ok || e.src != h.ip.Addr() {
			t.Fatalf("wrong packet: %s", describe(b))
		}
		if want, ok := h.table.lookup(e.dst, h.clock); !ok || f.dst != want {
			t.Fatalf("sent to %v, and the table has %v, %t: %s", f.dst, want, ok, describe(b))
		}
	default:
		t.Fatalf("a frame of type %04x", f.kind)
	}
}

// FuzzPackets packs what was parsed: it must be the same again.
func FuzzPackets(f *testing.F) {
	f.Add([]byte{0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1})
	f.Add(echo{src: netip.MustParseAddr("10.0.0.3"), dst: netip.MustParseAddr("10.0.0.1"), kind: echoRequest, data: []byte("odd")}.pack())
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, ok := parseARP(b); ok && !bytes.Equal(p.pack(), b[:arpLen]) {
			t.Errorf("% x\nbecomes % x", b, p.pack())
		}
		if e, ok := parseEcho(b); ok {
			again, ok := parseEcho(e.pack())
			if !ok || again.src != e.src || again.dst != e.dst || again.kind != e.kind || again.id != e.id || again.seq != e.seq || !bytes.Equal(again.data, e.data) {
				t.Errorf("%+v\nbecomes %+v, %t", e, again, ok)
			}
		}
	})
}
