package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/netip"
	"slices"
	"time"
)

// A server lends the addresses of a pool. Its methods are called one at a time.
type server struct {
	serverConfig
	card *card
	out  io.Writer
	now  time.Duration

	fresh   netip.Addr             // all below it in the pool had a record, or are never lent
	records map[netip.Addr]*record // of the addresses that ever had one
	own     map[clientID]*record   // the same, by their clients
}

// A record says what becomes of an address. When it has ended others may have
// the address, but until then it stays the client's own.
type record struct {
	ip     netip.Addr
	client clientID // "" if it was declined
	state  state
	ends   time.Duration
	mac    mac // of the last message that made or prolonged it
}

type state string

const (
	offered  state = "offered"
	leased   state = "leased"
	declined state = "declined"
)

// offerTime is how long an offer is held: a client gives up within that time
// (RFC 2131 §4.4.1).
const offerTime = 60 * time.Second

// A clientID is who a client is.
type clientID string

// clientOf tells who has sent a message: who its identifier says, or else its
// MAC (RFC 2131 §4.2). The letters in front keep the two apart.
func clientOf(m message, o options) clientID {
	if id := o[optionID]; len(id) > 0 {
		return clientID("i" + string(id))
	}
	return clientID("m" + string(m.chaddr[:]))
}

func newServer(config serverConfig, card *card, out io.Writer) *server {
	return &server{
		serverConfig: config,
		card:         card,
		out:          out,
		fresh:        config.first,
		records:      make(map[netip.Addr]*record),
		own:          make(map[clientID]*record),
	}
}

// advance lets d pass. Nothing is done when a record ends: all that asks for
// one looks at the clock.
func (s *server) advance(d time.Duration) error {
	s.now = later(s.now, d)
	return nil
}

// later is a time and what passes from it on, as far as the clock goes.
func later(t, d time.Duration) time.Duration { return t + min(d, math.MaxInt64-t) }

// receive takes a message from a client.
func (s *server) receive(_ mac, m message) error {
	if m.op != opRequest {
		return nil
	}
	o := parseOptions(m.options)
	switch o.kind() {
	case typeDiscover:
		s.discover(m, o)
	case typeRequest:
		s.request(m, o)
	case typeDecline:
		if ip, ok := o.ip(optionRequested); ok {
			s.decline(m, o, ip)
		}
	case typeRelease:
		if r := s.own[clientOf(m, o)]; r != nil && s.isChosen(o) && r.ip == m.ciaddr {
			r.ends = min(r.ends, s.now)
		}
	}
	return nil
}

// isChosen tells whether a message is for this server by its option 54.
func (s *server) isChosen(o options) bool {
	id, ok := o.ip(optionServer)
	return ok && id == s.ip.Addr()
}

// discover offers an address, if there is one.
func (s *server) discover(m message, o options) {
	client := clientOf(m, o)
	r := s.own[client]
	if r == nil {
		ip, ok := s.choose(o)
		if !ok {
			return
		}
		r = s.give(ip, client)
	}
	if r.state != leased || s.isOver(r) {
		r.state, r.ends, r.mac = offered, later(s.now, offerTime), m.chaddr
	}
	s.answer(m, typeOffer, r.ip)
}

// choose finds an address for a client that has none: the one it wishes, the
// lowest that was never lent, the one that has been free for longest.
func (s *server) choose(o options) (netip.Addr, bool) {
	if wish, ok := o.ip(optionRequested); ok && s.lends(wish) && s.isFree(wish) {
		return wish, true
	}
	for ; s.fresh.IsValid() && !s.last.Less(s.fresh); s.fresh = s.fresh.Next() {
		if s.records[s.fresh] == nil && s.lends(s.fresh) {
			return s.fresh, true
		}
	}
	var oldest *record
	for _, r := range s.records {
		if s.isOver(r) && (oldest == nil || r.endedBefore(oldest)) {
			oldest = r
		}
	}
	if oldest == nil {
		return netip.Addr{}, false
	}
	return oldest.ip, true
}

// endedBefore tells whether a record has ended before another. Of two that end at
// once the lower address is the first, so that one history has one outcome.
func (r *record) endedBefore(other *record) bool {
	return r.ends < other.ends || r.ends == other.ends && r.ip.Less(other.ip)
}

// lends tells whether an address may be lent at all.
func (s *server) lends(ip netip.Addr) bool {
	switch {
	case ip.Less(s.first) || s.last.Less(ip):
		return false
	case ip == s.ip.Masked().Addr() || ip == broadcastOf(s.ip):
		return false
	}
	return ip != s.ip.Addr() && ip != s.router && ip != s.dns
}

// broadcastOf is the last address of a network.
func broadcastOf(network netip.Prefix) netip.Addr {
	b := network.Addr().As4()
	for i, m := range net.CIDRMask(network.Bits(), 32) {
		b[i] |= ^m
	}
	return netip.AddrFrom4(b)
}

func (s *server) isOver(r *record) bool { return r.ends <= s.now }

func (s *server) isFree(ip netip.Addr) bool {
	r := s.records[ip]
	return r == nil || s.isOver(r)
}

// give makes an address a client's own. Whose own it was before has none now.
func (s *server) give(ip netip.Addr, client clientID) *record {
	if old := s.records[ip]; old != nil {
		delete(s.own, old.client)
	}
	r := &record{ip: ip, client: client}
	s.records[ip], s.own[client] = r, r
	return r
}

// request lends an address, or prolongs that, or refuses.
func (s *server) request(m message, o options) {
	r := s.own[clientOf(m, o)]
	wanted, ok := o.ip(optionRequested)
	_, answersOffer := o.ip(optionServer)
	switch {
	case answersOffer && !s.isChosen(o):
		if r != nil && r.state == offered {
			r.ends = min(r.ends, s.now)
		}
		return
	case !answersOffer && m.ciaddr != nobody:
		wanted, ok = m.ciaddr, true
	}
	switch {
	case !ok: // it does not say which address
	case r != nil && r.ip == wanted:
		r.state, r.ends, r.mac = leased, later(s.now, s.lease), m.chaddr
		s.answer(m, typeACK, r.ip)
	case answersOffer, r != nil, !s.ip.Contains(wanted):
		s.answer(m, typeNAK, nobody)
	default: // perhaps another server's client
	}
}

// decline takes an address out of use for a while: somebody has it who did not
// get it here.
func (s *server) decline(m message, o options, ip netip.Addr) {
	client := clientOf(m, o)
	r := s.own[client]
	if r == nil || !s.isChosen(o) || r.ip != ip || s.isOver(r) {
		return
	}
	delete(s.own, client)
	r.client, r.state, r.ends, r.mac = "", declined, later(s.now, s.lease), m.chaddr
}

// answer sends an OFFER, ACK or NAK.
func (s *server) answer(question message, kind byte, ip netip.Addr) {
	var o optionWriter
	o.add(optionType, kind)
	o.addIP(optionServer, s.ip.Addr())
	if kind != typeNAK {
		o.addSeconds(optionLease, s.lease)
		o.add(optionMask, net.CIDRMask(s.ip.Bits(), 32)...)
		if s.router.IsValid() {
			o.addIP(optionRouter, s.router)
		}
		if s.dns.IsValid() {
			o.addIP(optionDNS, s.dns)
		}
	}
	m := message{
		op:      opReply,
		xid:     question.xid,
		flags:   question.flags,
		yiaddr:  ip,
		giaddr:  question.giaddr,
		chaddr:  question.chaddr,
		options: o.end(),
	}
	to, dst := m.chaddr, ip
	switch {
	case kind == typeNAK:
		to, dst = broadcast, everybody
	case question.ciaddr != nobody:
		dst = question.ciaddr
	case question.flags&broadcastBit != 0:
		to, dst = broadcast, everybody
	}
	s.card.send(to, s.ip.Addr(), dst, m)
}

// printLeases prints the records that have not ended.
func (s *server) printLeases() error {
	for _, ip := range slices.SortedFunc(maps.Keys(s.records), netip.Addr.Compare) {
		r := s.records[ip]
		if s.isOver(r) {
			continue
		}
		if _, err := fmt.Fprintf(s.out, "%v  %v  %s  %s\n", r.ip, r.mac, r.state, inSeconds(r.ends-s.now)); err != nil {
			return err
		}
	}
	return nil
}

// inSeconds writes a time in whole seconds, rounded up: 3600s.
func inSeconds(d time.Duration) string {
	n := d / time.Second
	if d%time.Second > 0 {
		n++
	}
	return fmt.Sprintf("%ds", n)
}
