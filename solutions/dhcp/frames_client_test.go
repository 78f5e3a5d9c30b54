package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
)

// borrowerMAC is the MAC of the clients that are compared.
var borrowerMAC = mac{2, 0, 0, 0, 0, 2}

// The model program and every variant borrow alike: they send and print the same when they
// are told the same, and when the same time passes.
func TestVariantsBorrowTheSame(t *testing.T) {
	b := newBorrower(t)
	machines := startAll(t, "client", "-mac", borrowerMAC.String())
	for _, m := range machines {
		m.sent() // it begins at once
	}
	for frames := 0; frames < *frameCount; {
		e := b.event()
		frames += 1 + len(e.strangers)
		compare(t, machines, e, func(m *machine) []string {
			return append(e.play(m), m.types("state")...)
		})
	}
}

// An event is what happens to a client: messages come that mean nothing to it, then one
// that it answers, or a line is typed.
type event struct {
	w         *borrower
	strangers []told
	damaged   []byte
	message   *told
	address   netip.Addr // that it has then, not valid if it has none
	line      string
}

// told is a message to a client. Its xid is what is added to the client's own.
type told struct {
	message
	from mac
	to   netip.Addr
	port uint16
}

func (e event) String() string {
	text := fmt.Sprintf("    % x\n", e.damaged)
	for _, s := range e.strangers {
		text += fmt.Sprintf("    % x\n", s.pack(&machine{}))
	}
	if e.message != nil {
		text += fmt.Sprintf("then\n    % x\n", e.message.pack(&machine{}))
	}
	return text + "then typed: " + e.line
}

func (e event) play(m *machine) (done []string) {
	if e.damaged != nil {
		m.Send(0, e.damaged)
	}
	for _, s := range e.strangers {
		m.Send(0, s.pack(m))
	}
	if e.message != nil {
		m.Send(0, e.message.pack(m))
	}
	switch {
	case e.address.IsValid():
		done = m.taken(e.address)
	case e.message != nil:
		done = m.until(func(frame) bool { return true })
	}
	if e.line != "" {
		done = append(done, m.types(e.line)...)
	}
	return append(done, m.sent()...)
}

func (t told) pack(m *machine) []byte {
	msg := t.message
	msg.xid += m.xid
	d := datagram{src: netip.AddrFrom4([4]byte{10, 0, 0, t.from[5]}), dst: t.to, srcPort: serverPort, dstPort: t.port, data: msg.pack()}
	dst := msg.chaddr
	if t.to == everybody {
		dst = broadcast
	}
	return frame{dst: dst, src: t.from, kind: typeIPv4, payload: d.pack()}.pack()
}

// A borrower is a client of our own, of which we know what it knows. What it sends is lost.
type borrower struct {
	writer
	c *client
}

func newBorrower(t *testing.T) *borrower {
	t.Helper()
	card := loopCard(t)
	card.mac, card.remote = borrowerMAC, unread(t)
	b := &borrower{writer{rand.New(rand.NewPCG(3, 4))}, newClient(card, io.Discard)}
	b.c.advance(0)
	return b
}

func (b *borrower) event() event {
	e := event{w: b}
	for range b.IntN(3) {
		e.strangers = append(e.strangers, b.stranger())
	}
	if b.IntN(4) == 0 {
		e.damaged = b.noMessage()
	}
	if b.IntN(2) == 0 {
		if t, ok := b.meant(); ok {
			e.message = &t
			b.c.receive(t.from, message{op: t.op, xid: b.c.xid, yiaddr: t.yiaddr, chaddr: t.chaddr, options: t.options})
		}
	}
	if b.c.hasAddress() {
		e.address = b.c.lease.ip
	}
	if e.message == nil {
		e.line = b.line()
	}
	return e
}

// line is something to type, that our own client obeys.
func (b *borrower) line() string {
	switch n := b.IntN(12); {
	case n == 0 && !(b.c.state == bound && b.c.lease.ends == never):
		if b.c.state == bound || b.c.state == initial {
			b.c.renew()
		}
		return "renew"
	case n == 1:
		if b.c.hasAddress() {
			b.c.release()
		}
		return "release"
	}
	d := time.Duration(b.IntN(1+one(b.writer, 1000, 3_000, 60_000, 400_000))) * time.Millisecond
	if due := one(b.writer, b.c.again, b.c.leave); b.IntN(2) == 0 && due != never {
		d = due - b.c.now - time.Duration(b.IntN(2)) // right when it is due, or just before
	}
	b.c.advance(d)
	return "tick " + d.String()
}

// stranger is a message that means nothing to the client as it is.
func (b *borrower) stranger() told {
	kinds := map[clientState][]byte{
		selecting:  {typeACK, typeNAK, typeDiscover, 9, 0},
		requesting: {typeOffer, typeRequest, 9, 0},
		renewing:   {typeOffer, typeDiscover, 9, 0},
		rebinding:  {typeOffer, typeRequest, 9, 0},
	}[b.c.state]
	if kinds == nil || b.IntN(2) == 0 {
		kinds = []byte{typeOffer, typeACK, typeNAK}
	}
	kind := one(b.writer, kinds...)
	t := b.told(kind, b.address(), byte(1+b.IntN(4)), option{optionLease, []byte{0, 0, 1, 0}}, option{optionMask, []byte{255, 0, 0, 0}})
	isMeant := b.c.state == selecting && kind == typeOffer || kind == typeACK || kind == typeNAK
	if !isMeant || b.c.state == bound || b.c.state == initial || b.c.state == selecting && kind != typeOffer {
		return t
	}
	switch b.IntN(4) {
	case 0:
		t.xid = one[uint32](b.writer, 1, 1<<31, 1<<16)
	case 1:
		t.op = opRequest
	case 2:
		t.chaddr[b.IntN(6)] ^= 1 << (1 + b.IntN(7))
		t.to = everybody
	case 3:
		t.port = serverPort
	}
	return t
}

// told is a message of the server 10.0.0.N.
func (b *borrower) told(kind byte, yiaddr netip.Addr, n byte, list ...option) told {
	list = append(list, option{optionType, []byte{kind}}, option{optionServer, []byte{10, 0, 0, n}})
	if kind == typeNAK {
		yiaddr = nobody
	}
	t := told{message: message{op: opReply, yiaddr: yiaddr, chaddr: b.c.card.mac, options: b.pack(list...)}, from: mac{2, 0, 10, 0, 0, n + byte(b.IntN(2))}, to: everybody, port: clientPort}
	if b.IntN(2) == 0 {
		t.to = yiaddr
		if b.c.hasAddress() {
			t.to = b.c.lease.ip
		}
	}
	return t
}

// meant is a message that the client waits for.
func (b *borrower) meant() (told, bool) {
	switch b.c.state {
	case selecting:
		return b.told(typeOffer, b.address(), byte(1+b.IntN(4))), true
	case requesting, renewing, rebinding:
	default:
		return told{}, false
	}
	server, ip := b.c.chosen.server.As4(), b.c.chosen.ip
	if b.c.state != requesting {
		server, ip = [4]byte{10, 0, 0, byte(1 + b.IntN(4))}, b.c.lease.ip
	}
	if b.IntN(4) == 0 {
		return b.told(typeNAK, ip, server[3]), true
	}
	times, t1 := b.times()
	if b.asked() > 1 || b.c.now-b.c.asked >= t1 {
		return told{}, false // from which REQUEST its times count is free, or it is over already
	}
	times = append(times, option{optionMask, one(b.writer, []byte{255, 255, 255, 0}, []byte{255, 192, 0, 0}, []byte{255, 255, 255, 248})})
	for _, code := range []byte{optionRouter, optionDNS} {
		if n := b.IntN(3); n > 0 {
			times = append(times, option{code, []byte{10, 0, 0, 1, 192, 168, 7, 8}[:4*n]})
		}
	}
	return b.told(typeACK, ip, server[3], times...), true
}

// asked is how often the client has sent the REQUEST of its state, at most 2.
func (b *borrower) asked() int {
	pause := firstPause
	if b.c.state != requesting {
		pause = max((b.c.leave-b.c.asked)/2, leastPause)
	}
	if b.c.again == b.c.asked+pause {
		return 1
	}
	return 2
}

// times are those of a lease. No repetition meets T2 or the end: between them lie odd
// seconds.
func (b *borrower) times() (list []option, t1 time.Duration) {
	seconds := func(code byte, n int) {
		list = append(list, option{code, binary.BigEndian.AppendUint32(nil, uint32(n))})
	}
	odd := func(most int) int { return 1 + 2*b.IntN(most/2) }
	switch b.IntN(4) {
	case 0:
		seconds(optionLease, 0xffffffff)
		return list, never
	case 1:
		first := 1 + b.IntN(500)
		second := first + odd(600)
		seconds(optionLease, second+odd(400))
		seconds(optionT1, first)
		seconds(optionT2, second)
		return list, time.Duration(first) * time.Second
	case 2:
		eighth := odd(200)
		first := 2 * (1 + b.IntN(3*eighth))
		seconds(optionLease, 8*eighth)
		seconds(optionT1, first)
		return list, time.Duration(first) * time.Second
	}
	eighth := odd(300)
	seconds(optionLease, 8*eighth)
	return list, time.Duration(4*eighth) * time.Second
}

// noMessage is a damaged frame, in which there is no message.
func (b *borrower) noMessage() []byte {
	for {
		m := b.told(one[byte](b.writer, typeOffer, typeACK, typeNAK), b.address(), 1)
		bytes := b.damaged(m.pack(&machine{xid: b.c.xid}))
		f, ok := parseFrame(bytes)
		if !ok || f.dst != b.c.card.mac && f.dst != broadcast {
			return bytes
		}
		if f.kind == typeIPv4 && len(f.payload) > 7 && f.payload[6]&0x3f|f.payload[7] != 0 {
			continue // a fragment
		}
		if d, ok := parseDatagram(f.payload); !ok || d.dstPort != clientPort {
			return bytes
		}
	}
}
