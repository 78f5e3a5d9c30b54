package main

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// FuzzNAT hands the router frames of any bytes and lets time pass. Whatever comes,
// what it sends is well formed, nothing of the house is told to the world, and its two
// ways of finding a mapping agree. When enough time has passed, only the forwards are
// left.
func FuzzNAT(f *testing.F) {
	m := newModel(f)
	for range 30 {
		f.Add(m.frame(0), m.frame(1), m.frame(m.IntN(2)), uint8(m.IntN(8)), uint32(m.IntN(400_000)))
	}
	sockets := []*net.UDPConn{newLoop(f), newLoop(f)}
	f.Fuzz(func(t *testing.T, first, second, third []byte, by uint8, ms uint32) {
		m := newModelOn(sockets...)
		for i, b := range [][]byte{first, second, third, first, second} {
			m.take(int(by>>(i%3)&1), b)
			checkSent(t, m, sockets)
			checkTable(t, m.n.table)
			m.n.clock.advance(time.Duration(ms) * time.Millisecond)
			checkSent(t, m, sockets)
		}
		m.n.clock.advance(establishedLife)
		m.n.table.forgetEnded()
		if got, want := len(m.n.table.byPort), len(m.n.table.rules.forwards); got != want {
			t.Errorf("%d mappings are left, of which %d are forwards", got, want)
		}
		checkSent(t, m, sockets)
	})
}

// newLoop makes a cable that is a loop: what is sent into it is read from it.
func newLoop(f *testing.F) *net.UDPConn {
	f.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { socket.Close() })
	return socket
}

// sent returns the frames that were sent into a loop.
func sent(t *testing.T, loop *net.UDPConn) (frames []frame) {
	t.Helper()
	// On loopback a datagram is there when the write returns. The last one is
	// our own, to mark the end.
	end := []byte("end")
	if _, err := loop.WriteToUDPAddrPort(end, loop.LocalAddr().(*net.UDPAddr).AddrPort()); err != nil {
		t.Fatal(err)
	}
	if err := loop.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<16)
	for {
		n, err := loop.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(buf[:n], end) {
			return frames
		}
		f, ok := parseFrame(buf[:n])
		if !ok {
			t.Fatalf("no frame: % x", buf[:n])
		}
		frames = append(frames, f)
	}
}

func checkSent(t *testing.T, m *model, sockets []*net.UDPConn) {
	t.Helper()
	for port, socket := range sockets {
		for _, f := range sent(t, socket) {
			checkFrame(t, m, port, f)
		}
	}
}

func checkFrame(t *testing.T, m *model, port int, f frame) {
	t.Helper()
	s := m.side(port)
	if f.src != s.port.mac {
		t.Fatalf("%s: a frame from %v", s.port.name, f.src)
	}
	if f.kind == typeARP {
		if p, ok := parseARP(f.payload); !ok || p.senderMAC != s.port.mac || p.senderIP != s.addr() {
			t.Fatalf("%s: a wrong ARP packet: % x", s.port.name, f.payload)
		}
		return
	}
	p, ok := parsePacket(f.payload)
	if !ok || p.headerLen()+len(p.data) != len(f.payload) {
		t.Fatalf("%s: a wrong packet: % x", s.port.name, f.payload)
	}
	if port == 0 {
		if !m.n.inside.ip.Contains(p.dst) {
			t.Fatalf("inside: a packet for %v", p.dst)
		}
		return
	}
	if p.src != m.n.outside.addr() || m.n.inside.ip.Contains(p.dst) || p.ttl == 0 {
		t.Fatalf("outside: a packet from %v for %v with a TTL of %d", p.src, p.dst, p.ttl)
	}
	if msg, ok := messageOf(p); ok && msg.isError() {
		if q, ok := msg.quote(); !ok || q.dst != m.n.outside.addr() {
			t.Fatalf("outside: an error that quotes a packet for %v", q.dst)
		}
	}
}

func checkTable(t *testing.T, table *table) {
	t.Helper()
	if len(table.byPort) != len(table.byInside) {
		t.Fatalf("%d mappings by port, %d by inside ends", len(table.byPort), len(table.byInside))
	}
	for k, m := range table.byPort {
		inRange := table.rules.firstPort <= m.port && m.port <= table.rules.lastPort
		if k != m.key() || table.byInside[m.inside] != m || !m.forward && !inRange {
			t.Fatalf("%v is found as %v", m, k)
		}
	}
}

// FuzzEnds writes another end into packets and quotes. A checksum that is right stays so,
// one that is wrong stays wrong, and all is as it was when the old end is written back.
func FuzzEnds(f *testing.F) {
	m := newModel(f)
	for range 30 {
		p := m.packet(m.IntN(2))
		if at := layouts[p.protocol].sum; len(p.data) >= layouts[p.protocol].size {
			binary.BigEndian.PutUint16(p.data[at:], 0)
			binary.BigEndian.PutUint16(p.data[at:], ^onesSum(p))
		}
		f.Add(p.pack(), m.Uint32(), uint16(m.Uint32()), m.IntN(2) == 0)
	}
	f.Fuzz(func(t *testing.T, b []byte, addr uint32, number uint16, atSource bool) {
		p, ok := parseHeader(b)
		if _, known := layouts[p.protocol]; !ok || !known || len(p.data) < quotedLen {
			return
		}
		at := destination
		if atSource {
			at = source
		}
		p.data = bytes.Clone(p.data)
		before := bytes.Clone(p.data)
		was, old := onesSum(p), p.end(at)
		p.setEnd(at, end{p.protocol, netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, addr))), number})
		if sum := layouts[p.protocol].sum; len(p.data) >= sum+2 && hasSum(before, p.protocol) && onesSum(p) != was {
			t.Errorf("% x\nbecomes % x: the sum over it is %04x and was %04x", before, p.data, onesSum(p), was)
		}
		p.setEnd(at, old)
		if !bytes.Equal(withOneForm(p.data, p.protocol), withOneForm(before, p.protocol)) {
			t.Errorf("% x\nis % x when its end is written back", before, p.data)
		}
	})
}

// hasSum tells whether what a packet carries has a checksum.
func hasSum(b []byte, protocol uint8) bool {
	return protocol != protocolUDP || b[6] != 0 || b[7] != 0
}

// withOneForm is what a packet carries, with a checksum of ffff written as 0: both are
// zero in ones' complement. Of UDP 0 is none, and stays apart.
func withOneForm(b []byte, protocol uint8) []byte {
	b = bytes.Clone(b)
	if at := layouts[protocol].sum; protocol != protocolUDP && len(b) >= at+2 && b[at] == 0xff && b[at+1] == 0xff {
		b[at], b[at+1] = 0, 0
	}
	return b
}

// onesSum is the sum in ones' complement of all that the packet's checksum covers, and of
// the checksum itself: ffff where that is right.
func onesSum(p packet) uint16 {
	b := bytes.Clone(p.data)
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	if layouts[p.protocol].addresses {
		src, dst := p.src.As4(), p.dst.As4()
		b = append(append(b, src[:]...), dst[:]...)
		b = append(b, 0, p.protocol, byte(len(p.data)>>8), byte(len(p.data)))
	}
	if sum := ^checksum(b); sum != 0 {
		return sum
	}
	return 0xffff
}

// FuzzPackets packs what was parsed: it must be the same again.
func FuzzPackets(f *testing.F) {
	m := newModel(f)
	for range 10 {
		f.Add(m.packet(m.IntN(2)).pack())
	}
	f.Add(m.introductions()[0].frame)
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
		if f, ok := parseFrame(b); ok && !bytes.Equal(f.pack(), b) {
			t.Errorf("% x\nbecomes % x", b, f.pack())
		}
	})
}

// All ports of one protocol are given away, and all come back.
func TestAllPorts(t *testing.T) {
	n := newNAT(&side{}, &side{}, rules{firstPort: 1, lastPort: 65535}, &clock{}, io.Discard)
	host := netip.MustParseAddr("10.0.0.2")
	for round := range 2 {
		for number := range 65536 {
			m := n.table.add(end{protocolUDP, host, uint16(number)})
			if number == 0 {
				if m == nil || m.port != 1 {
					t.Fatalf("round %d: 0 got %v", round, m)
				}
				delete(n.table.byPort, m.key())
				delete(n.table.byInside, m.inside)
			} else if m == nil || int(m.port) != number {
				t.Fatalf("round %d: %d got %v", round, number, m)
			}
		}
		if m := n.table.add(end{protocolUDP, host.Next(), 7}); m != nil {
			t.Fatalf("round %d: one port too many: %v", round, m)
		}
		n.clock.advance(udpLife)
		n.table.forgetEnded()
		if got := len(n.table.byPort) + len(n.table.byInside); got != 0 {
			t.Fatalf("round %d: %d are left", round, got)
		}
	}
}
