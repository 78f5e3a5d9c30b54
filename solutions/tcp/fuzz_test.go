package main

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"
)

const (
	hostCIDR = "10.0.0.1/24"
	hostMAC  = "02-00-0a-00-00-01"
)

// FuzzHost does to a host what the input says: frames come, of any bytes or nearly right
// ones, lines are typed, time passes. Whatever happens, each frame that leaves is well
// formed, and never more text is under way than the peer has ever had room for.
func FuzzHost(f *testing.F) {
	f.Add([]byte("\x01\x02\x00\x00\x00\x00\x02\x00\xff\x00\x00\x01\x10\x00\x00\xff\x02\x00\x02\x04\x03\x64"))
	f.Add([]byte("\x01\x01\x02\x12\x00\x00\xff\x00\x03\x02\x02\x03\x01\x03\x03\x7f\x02\x11\x00\x00\x01\x05"))
	f.Add([]byte("\x00\x0e\xff\xff\xff\xff\xff\xff\x02\x00\x0a\x00\x00\x02\x08\x00\x03\xff"))
	f.Fuzz(func(t *testing.T, input []byte) {
		if len(input) > 4096 {
			t.Skip("so many connections and so much text take long, and show no more")
		}
		w := &wire{Reader: strings.NewReader(string(input))}
		h := newModel(func(_ mac, kind uint16, payload []byte) { w.check(t, kind, payload) })
		for w.Len() > 0 {
			w.step(h)
			for _, c := range h.tcp.connections {
				if before(c.max, c.nxt) || before(c.nxt, c.una) {
					t.Fatalf("connection %d: una %d, nxt %d, max %d", c.id, c.una, c.nxt, c.max)
				}
			}
		}
	})
}

// A model is a host without a card.
type model struct {
	tcp     *tcp
	network *network
	clock   *clock
}

// newModel makes a host. It knows the MAC of 10.0.0.2 and not that of 10.0.0.3.
func newModel(put func(dst mac, kind uint16, payload []byte)) *model {
	own, err := parseMAC(hostMAC)
	if err != nil {
		panic(err)
	}
	m := &model{clock: &clock{}}
	m.network = newNetwork(netip.MustParsePrefix(hostCIDR), own, put, m.clock)
	m.network.macs[netip.MustParseAddr("10.0.0.2")] = mac{2, 0, 10, 0, 0, 2}
	m.tcp = newTCP(m.network, m.clock, config{iss: 1<<32 - 4, hasISS: true, msl: time.Second}, io.Discard)
	return m
}

// A wire makes events of bytes, and looks at what leaves.
type wire struct{ *strings.Reader }

// next is the next byte, or 0 behind the last.
func (w *wire) next() byte {
	b, _ := w.ReadByte()
	return b
}

func (w *wire) step(m *model) {
	switch w.next() % 4 {
	case 0:
		b := make([]byte, w.next())
		w.Read(b)
		if f, ok := parseFrame(b); ok {
			m.network.receive(f, m.tcp.receive)
		}
	case 1:
		port, id := 80+w.next()%2, 1+w.next()%4
		line := [...]string{
			fmt.Sprintf("listen %d", port),
			fmt.Sprintf("connect 10.0.0.%d 9 %d", 2+w.next()%2, port),
			fmt.Sprintf("send %d %s", id, strings.Repeat("x", 8*int(w.next()))),
			fmt.Sprintf("close %d", id),
			fmt.Sprintf("abort %d", id),
		}[w.next()%5]
		obey(m.tcp, m.network, m.clock, line) // or refuse it
	case 2:
		m.tcp.receive(netip.AddrFrom4([4]byte{10, 0, 0, 2 + w.next()%2}), w.segment(m.tcp))
	case 3:
		m.clock.advance(time.Duration(w.next()) * 50 * time.Millisecond)
	}
}

// segment makes one that is for a connection, if there is one, and has nearly the
// numbers that are next.
func (w *wire) segment(t *tcp) segment {
	s := segment{flags: w.next() & (fin | syn | rst | ack), srcPort: 9, dstPort: 80 + uint16(w.next()%2),
		seq: uint32(int8(w.next())), ack: uint32(int8(w.next())),
		window: uint16(w.next()) * 16, mss: uint16(w.next()), text: make([]byte, w.next()%16)}
	for i := range s.text {
		s.text[i] = '\n' + w.next()%4
	}
	if n := len(t.connections); n > 0 {
		c := t.connections[int(w.next())%n]
		s.dstPort, s.seq, s.ack = c.local, s.seq+c.rcvNxt, s.ack+c.nxt
		if c.state != listen {
			s.srcPort = c.remote.Port()
		}
	}
	return s
}

// check judges a frame that leaves.
func (w *wire) check(t *testing.T, kind uint16, payload []byte) {
	if kind == typeARP {
		if p, ok := parseARP(payload); !ok || p.senderIP != netip.MustParseAddr("10.0.0.1") {
			t.Fatalf("a wrong ARP packet leaves: % x", payload)
		}
		return
	}
	p, ok := parsePacket(payload)
	if !ok || len(payload) > 1500 || p.src != netip.MustParseAddr("10.0.0.1") {
		t.Fatalf("a wrong IPv4 packet leaves: % x", payload)
	}
	s, ok := parseSegment(p.src, p.dst, p.data)
	switch {
	case !ok:
		t.Fatalf("a wrong segment leaves: % x", p.data)
	case s.has(syn) != (s.mss != 0), s.has(syn) && (s.has(fin|rst) || len(s.text) > 0), s.has(rst) && len(s.text) > 0,
		!s.has(ack) && !s.has(syn) && !s.has(rst), !s.has(rst) && s.window < 2920:
		t.Fatalf("this leaves: %+v", s)
	}
}
