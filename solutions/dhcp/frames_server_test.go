package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// lenderFlags are the command line of the servers that are compared. Of the pool, six
// addresses can be lent.
var lenderFlags = strings.Fields("-ip 10.0.0.1/24 -mac 02-00-0a-00-00-01 -pool 10.0.0.1-10.0.0.9 -router 10.0.0.2 -dns 10.0.0.3 -lease 90s")

// The model program and every variant lend the same addresses to the same clients.
func TestVariantsLendTheSame(t *testing.T) {
	machines := startAll(t, append([]string{"server"}, lenderFlags...)...)
	l := newLender(t)
	for range *frameCount {
		d, b := l.tick(), l.frame()
		compare(t, machines, fmt.Sprintf("tick %v\n% x", d, b), func(m *machine) []string {
			m.types("tick " + d.String())
			m.Send(0, b)
			return append(m.taken(l.s.ip.Addr()), m.types("leases")...)
		})
	}
}

// A lender is a server of our own, of which we know what it knows. What it sends is lost.
type lender struct {
	writer
	s *server
}

func newLender(t *testing.T) *lender {
	t.Helper()
	config, plug := parseServerFlags(append([]string{"-cable", "127.0.0.1:0,127.0.0.1:9"}, lenderFlags...))
	card := loopCard(t)
	card.mac, card.ip, card.remote = plug.mac, config.ip.Addr(), unread(t)
	return &lender{writer{rand.New(rand.NewPCG(1, 2))}, newServer(config, card, io.Discard)}
}

// unread is the address of a socket of which nobody reads.
func unread(t *testing.T) netip.AddrPort {
	t.Helper()
	nowhere, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nowhere.Close() })
	return unmapped(nowhere.LocalAddr().(*net.UDPAddr).AddrPort())
}

// tick lets time pass, to a moment at which nothing begins that would end together with
// something else: which of the two is lent first is free.
func (l *lender) tick() time.Duration {
	d := time.Duration(l.IntN(1+one(l.writer, 500, 5_000, 40_000))) * time.Millisecond
	if r := l.record(); r != nil && r.ends > l.s.now && l.IntN(4) == 0 {
		d = r.ends - l.s.now - time.Duration(l.IntN(2)) // it ends right now, or is about to
	}
	for l.ends(l.s.now+d+offerTime) || l.ends(l.s.now+d+l.s.lease) {
		d += time.Millisecond
	}
	l.s.advance(d)
	return d
}

// ends tells whether a record ends at a time.
func (l *lender) ends(at time.Duration) bool {
	for _, r := range l.s.records {
		if r.ends == at {
			return true
		}
	}
	return false
}

// record is that of some address, or nil.
func (l *lender) record() *record { return l.s.records[l.address()] }

// client is who speaks: by his MAC alone, by a name, also where two have one MAC, where he
// has two, or where the name is somebody's MAC.
func (l *lender) client() (mac, []byte) {
	n := byte(l.IntN(10))
	switch {
	case n < 5:
		return mac{2, 0, 0, 0, 0, n}, nil
	case n == 9:
		return mac{2, 0, 0, 0, 0, 9}, []byte{2, 0, 0, 0, 0, 1}
	}
	return mac{2, 0, 0, 0, 0, n/2 + byte(l.IntN(2))}, []byte{'n', n}
}

// frame makes a frame that the server takes, if all servers must do the same with it.
func (l *lender) frame() []byte {
	for {
		chaddr, id := l.client()
		m := message{op: one[byte](l.writer, 1, 1, 1, 1, 1, 1, 2), xid: l.Uint32(), flags: one[uint16](l.writer, 0, 0, broadcastBit, 1, 0xffff), chaddr: chaddr}
		if l.IntN(6) == 0 {
			m.ciaddr = l.address()
		}
		kind := one[byte](l.writer, typeDiscover, typeDiscover, typeDiscover, typeRequest, typeRequest, typeRequest, typeRequest, typeDecline, typeRelease, 9, 0)
		list := []option{{optionType, []byte{kind}}, {optionList, []byte{1, 3, 6}}}
		add := func(code byte, value []byte) { list = append(list, option{code, value}) }
		if id != nil {
			add(optionID, id)
		}
		ip := l.address()
		if r := l.s.own[clientOf(m, options{optionID: id})]; r != nil && l.IntN(4) > 0 {
			ip = r.ip
		}
		if kind == typeRelease || kind == typeRequest && l.IntN(4) == 0 {
			m.ciaddr = ip
		} else if l.IntN(4) > 0 {
			add(optionRequested, ip.AsSlice())
		}
		if kind != typeDiscover && l.IntN(4) > 0 {
			add(optionServer, []byte{10, 0, 0, one[byte](l.writer, 1, 1, 1, 1, 7)})
		}
		if l.IntN(4) == 0 {
			add(optionLease, []byte{0, 0, 0, 9}) // whatever is wished
		}
		m.options = l.pack(list...)
		d := datagram{src: nobody, dst: one(l.writer, everybody, l.s.ip.Addr()), srcPort: clientPort, dstPort: one[uint16](l.writer, serverPort, serverPort, serverPort, serverPort, clientPort), data: m.pack()}
		f := frame{dst: one(l.writer, broadcast, l.s.card.mac, l.s.card.mac, mac{2, 0, 0, 0, 0, 7}), src: one(l.writer, chaddr, mac{2, 0, 0, 0, 0, 8}), kind: typeIPv4, payload: d.pack()}
		b := append(f.pack(), make([]byte, l.IntN(10))...)
		if l.IntN(6) == 0 {
			b = l.damaged(b)
		}
		if l.take(b) {
			return b
		}
	}
}

// take has our own server take a frame, if all must do the same with it.
func (l *lender) take(b []byte) bool {
	f, ok := parseFrame(b)
	if !ok || f.dst != l.s.card.mac && f.dst != broadcast {
		return true
	}
	if f.kind == typeIPv4 && len(f.payload) > 7 && f.payload[6]&0x3f|f.payload[7] != 0 {
		return false // a fragment
	}
	d, ok := parseDatagram(f.payload)
	if ok && d.dst != l.s.ip.Addr() && d.dst != everybody {
		return false
	}
	m, ok := l.s.card.unpack(f, serverPort)
	if !ok || m.op != opRequest {
		return true
	}
	if !l.allowed(m, parseOptions(m.options)) {
		return false
	}
	l.s.receive(f.src, m)
	return true
}

// allowed tells whether it is fixed what a message does.
func (l *lender) allowed(m message, o options) bool {
	r := l.s.own[clientOf(m, o)]
	wanted, hasWanted := o.ip(optionRequested)
	server, hasServer := o.ip(optionServer)
	ours := hasServer && server == l.s.ip.Addr()
	if m.giaddr != nobody {
		return false
	}
	switch o.kind() {
	case typeRequest:
		switch {
		case hasServer && !ours:
			return r == nil || r.state == offered && !l.ends(l.s.now)
		case hasServer && r == nil:
			return hasWanted && !(l.s.lends(wanted) && l.s.isFree(wanted))
		}
		return hasWanted || !hasServer && m.ciaddr != nobody
	case typeDecline:
		return hasServer && hasWanted && (r == nil || !ours || r.ip != wanted || !l.s.isOver(r))
	case typeRelease:
		return hasServer && (r == nil || !ours || r.ip != m.ciaddr || !l.s.isOver(r) && !l.ends(l.s.now))
	}
	return true
}
