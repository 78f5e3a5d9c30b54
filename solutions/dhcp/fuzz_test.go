package main

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// loopCard is a card whose cable ends at itself: what it sends, we read from the same
// socket.
func loopCard(t testing.TB) *card {
	t.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return &card{mac: mac{2, 0, 10, 0, 0, 1}, conn: socket, remote: unmapped(socket.LocalAddr().(*net.UDPAddr).AddrPort())}
}

// sent returns the messages that were sent into the loop.
func sent(t testing.TB, c *card) (messages []message) {
	t.Helper()
	// On loopback a datagram is there when the write returns. The last one is
	// our own, to mark the end.
	end := []byte("end")
	if _, err := c.conn.WriteToUDPAddrPort(end, c.remote); err != nil {
		t.Fatal(err)
	}
	if err := c.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<16)
	for {
		n, err := c.conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(buf[:n], end) {
			return messages
		}
		f, _ := parseFrame(buf[:n])
		d, ok := parseDatagram(f.payload)
		m, isMessage := parseMessage(d.data)
		if !ok || !isMessage || f.src != c.mac {
			t.Fatalf("no message of ours: % x", buf[:n])
		}
		messages = append(messages, m)
	}
}

// FuzzDevices hands both devices messages with any options and lets time pass.
// Whatever comes, what they send is well formed, the server lends what its pool has,
// and no address to two.
func FuzzDevices(f *testing.F) {
	f.Add([]byte{53, 1, 1, 255}, []byte{53, 1, 3, 54, 4, 10, 0, 0, 1, 50, 4, 10, 0, 0, 100}, uint16(1))
	f.Add([]byte{0, 53, 1, 2, 54, 4, 10, 0, 0, 1}, []byte{53, 1, 5, 54, 4, 10, 0, 0, 1, 51, 4, 0, 0, 0, 9}, uint16(5))
	f.Add([]byte{53}, []byte{53, 9, 1}, uint16(900))
	card := loopCard(f)
	config := serverConfig{
		ip:    netip.MustParsePrefix("10.0.0.1/24"),
		first: netip.MustParseAddr("10.0.0.100"), last: netip.MustParseAddr("10.0.0.101"),
		lease: time.Minute,
	}
	f.Fuzz(func(t *testing.T, first, second []byte, seconds uint16) {
		s, c := newServer(config, card, io.Discard), newClient(card, io.Discard)
		if err := c.advance(0); err != nil {
			t.Fatal(err)
		}
		for i, options := range [][]byte{first, second, first, second, second, first} {
			s.receive(card.mac, message{op: opRequest, chaddr: mac{2, 0, 0, 0, 0, byte(i % 3)}, ciaddr: nobody, giaddr: nobody, options: options})
			c.receive(card.mac, message{op: opReply, xid: c.xid, chaddr: card.mac, yiaddr: netip.MustParseAddr("10.0.0.7"), options: options})
			d := time.Duration(seconds) * time.Second
			s.advance(d)
			c.advance(d)
			for _, m := range sent(t, card) {
				o := parseOptions(m.options)
				if o.kind() == 0 {
					t.Fatalf("a message without a type: %+v", m)
				}
				lends := o.kind() == typeOffer || o.kind() == typeACK
				if lends && !s.lends(m.yiaddr) {
					t.Fatalf("lent is %v", m.yiaddr)
				}
			}
			for client, r := range s.own {
				if r.client != client || s.records[r.ip] != r {
					t.Fatalf("%v is the record of two", r.ip)
				}
			}
		}
	})
}

// FuzzPackets packs what was parsed: it must be the same again.
func FuzzPackets(f *testing.F) {
	m := message{op: opRequest, xid: 7, chaddr: mac{2}, ciaddr: nobody, options: []byte{53, 1, 1, 255}}
	f.Add(m.pack())
	f.Add(datagram{src: nobody, dst: everybody, srcPort: 68, dstPort: 67, data: m.pack()}.pack())
	f.Fuzz(func(t *testing.T, b []byte) {
		parseOptions(b)
		if m, ok := parseMessage(b); ok {
			again, ok := parseMessage(m.pack())
			if !ok || again.op != m.op || again.xid != m.xid || again.chaddr != m.chaddr || again.ciaddr != m.ciaddr ||
				!bytes.HasPrefix(again.options, m.options) {
				t.Errorf("%+v\nbecomes %+v", m, again)
			}
		}
		if d, ok := parseDatagram(b); ok {
			again, ok := parseDatagram(d.pack())
			if !ok || again.src != d.src || again.dst != d.dst || again.srcPort != d.srcPort || again.dstPort != d.dstPort || !bytes.Equal(again.data, d.data) {
				t.Errorf("%+v\nbecomes %+v", d, again)
			}
		}
	})
}
