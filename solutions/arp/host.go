package main

import (
	"fmt"
	"io"
	"math"
	"net/netip"
	"slices"
	"time"
)

const (
	maxRequests     = 3           // for one resolution
	requestInterval = time.Second // RFC 1122 §2.3.2.1: at most one a second for one destination
	echoTimeout     = 3 * time.Second
	queueLen        = 3 // packets that wait for one neighbour's MAC
)

// A host is a station on one LAN. Its methods are called one at a time; their
// errors are those of writing to out.
type host struct {
	ip   netip.Prefix // its address and its subnet's prefix
	card *card
	out  io.Writer

	clock  time.Duration // since the start
	timers []timer       // in the order they are due

	table     table
	resolving map[netip.Addr]*resolution   // neighbours that are being asked for their MAC
	asked     map[netip.Addr]time.Duration // when a neighbour was asked last

	pings   uint32                // how many were made
	waiting map[uint32]netip.Addr // pings whose echo may still come: their number, and whom they asked
}

// A timer is something to be done at a time of the host's clock.
type timer struct {
	due time.Duration
	do  func() error
}

// A resolution is the search for a neighbour's MAC, and what waits for it.
type resolution struct {
	requests int    // sent so far
	queue    []echo // RFC 1122 §2.3.2.2; the oldest first
}

// newHost makes a host that has ip, sends through card, forgets a neighbour
// after age, and prints to out.
func newHost(ip netip.Prefix, card *card, age time.Duration, out io.Writer) *host {
	return &host{
		ip:        ip,
		card:      card,
		out:       out,
		table:     newTable(age),
		resolving: make(map[netip.Addr]*resolution),
		asked:     make(map[netip.Addr]time.Duration),
		waiting:   make(map[uint32]netip.Addr),
	}
}

// ping asks a neighbour for an echo.
func (h *host) ping(ip netip.Addr) error {
	if ip == h.ip.Addr() {
		return h.print("reply from", ip)
	}
	if !h.isNeighbour(ip) {
		return h.print("unreachable", ip)
	}
	// The number of the ping goes out in the two fields that the echo brings
	// back.
	h.pings++
	return h.deliver(echo{
		src:  h.ip.Addr(),
		dst:  ip,
		kind: echoRequest,
		id:   uint16(h.pings >> 16),
		seq:  uint16(h.pings),
		data: []byte("wirebook"),
	})
}

// receiveEcho takes an echo that is addressed to this host.
func (h *host) receiveEcho(e echo) error {
	if e.kind == echoRequest {
		if !h.isNeighbour(e.src) {
			return nil // no way leads there
		}
		e.kind, e.src, e.dst = echoReply, e.dst, e.src
		return h.deliver(e)
	}
	number := uint32(e.id)<<16 | uint32(e.seq)
	if h.waiting[number] != e.src {
		return nil // late, unasked, or from somebody else
	}
	delete(h.waiting, number)
	return h.print("reply from", e.src)
}

// isNeighbour tells whether a packet to ip can be delivered on this LAN: ip is
// a station's address of the subnet, and not our own.
func (h *host) isNeighbour(ip netip.Addr) bool {
	if !h.ip.Contains(ip) || ip == h.ip.Addr() {
		return false
	}
	if h.ip.Bits() >= 31 {
		return true // RFC 3021: so small a subnet has no other addresses
	}
	network := h.ip.Masked()
	return ip != network.Addr() && ip != lastAddr(network)
}

// lastAddr is the highest address of a subnet, its broadcast address.
func lastAddr(network netip.Prefix) netip.Addr {
	octets := network.Addr().As4()
	for bit := network.Bits(); bit < 32; bit++ {
		octets[bit/8] |= 0x80 >> (bit % 8)
	}
	return netip.AddrFrom4(octets)
}

// deliver sends an echo to the neighbour that it is for, at once or when the
// neighbour's MAC is known.
func (h *host) deliver(e echo) error {
	if mac, ok := h.table.lookup(e.dst, h.clock); ok {
		h.transmit(mac, e)
		return nil
	}
	if h.resolving[e.dst] == nil {
		if err := h.resolve(e.dst); err != nil {
			return err
		}
	}
	r := h.resolving[e.dst]
	r.queue = append(r.queue, e)
	if len(r.queue) <= queueLen {
		return nil
	}
	oldest := r.queue[0]
	r.queue = r.queue[1:]
	return h.giveUp(oldest)
}

// transmit sends an echo to a MAC. Only now does the time run within which a
// request's reply must come.
func (h *host) transmit(mac mac, e echo) {
	h.card.send(mac, typeIPv4, e.pack())
	if e.kind != echoRequest {
		return
	}
	number := uint32(e.id)<<16 | uint32(e.seq)
	h.waiting[number] = e.dst
	h.at(h.clock+echoTimeout, func() error {
		if _, ok := h.waiting[number]; !ok {
			return nil
		}
		delete(h.waiting, number)
		return h.giveUp(e)
	})
}

// giveUp ends the life of an echo that cannot be delivered or gets no reply.
// Only that of a request is of interest to the user.
func (h *host) giveUp(e echo) error {
	if e.kind != echoRequest {
		return nil
	}
	return h.print("unreachable", e.dst)
}

// resolve begins to ask for a neighbour's MAC. The first request may have to
// wait: the one before it, of an earlier resolution, can be less than a second
// old.
func (h *host) resolve(ip netip.Addr) error {
	r := &resolution{}
	h.resolving[ip] = r
	if last, ok := h.asked[ip]; ok && h.clock < last+requestInterval {
		h.at(last+requestInterval, func() error { return h.ask(ip, r) })
		return nil
	}
	return h.ask(ip, r)
}

// ask sends one more request of a resolution, or ends it if enough were sent.
func (h *host) ask(ip netip.Addr, r *resolution) error {
	if h.resolving[ip] != r {
		return nil // it was answered
	}
	if r.requests == maxRequests {
		delete(h.resolving, ip)
		for _, e := range r.queue {
			if err := h.giveUp(e); err != nil {
				return err
			}
		}
		return nil
	}
	r.requests++
	h.asked[ip] = h.clock
	h.sendARP(broadcast, arpPacket{op: arpRequest, targetIP: ip})
	h.at(h.clock+requestInterval, func() error { return h.ask(ip, r) })
	return nil
}

// receiveARP takes the payload of an ARP frame. It follows the reception rule
// of RFC 826: first the table, and only then the question what the packet is.
func (h *host) receiveARP(payload []byte) error {
	p, ok := parseARP(payload)
	if !ok || p.senderIP == h.ip.Addr() {
		return nil // malformed, or somebody has our address
	}
	forUs := p.targetIP == h.ip.Addr()
	_, known := h.table.lookup(p.senderIP, h.clock)
	// A sender 0.0.0.0 asks whether an address is free (RFC 5227 §1.1): he has
	// none himself yet.
	if (known || forUs) && !p.senderIP.IsUnspecified() {
		h.learn(p.senderIP, p.senderMAC)
	}
	if forUs && p.op == arpRequest {
		h.sendARP(p.senderMAC, arpPacket{op: arpReply, targetMAC: p.senderMAC, targetIP: p.senderIP})
	}
	return nil
}

// learn notes a neighbour's MAC and sends what has waited for it.
func (h *host) learn(ip netip.Addr, mac mac) {
	h.table.confirm(ip, mac, h.clock)
	r, ok := h.resolving[ip]
	if !ok {
		return
	}
	delete(h.resolving, ip)
	for _, e := range r.queue {
		h.transmit(mac, e)
	}
}

// sendARP sends an ARP packet of which this host is the sender.
func (h *host) sendARP(to mac, p arpPacket) {
	p.senderMAC, p.senderIP = h.card.mac, h.ip.Addr()
	h.card.send(to, typeARP, p.pack())
}

// printTable prints the live entries of the table.
func (h *host) printTable() error {
	for _, ip := range h.table.live(h.clock) {
		mac, _ := h.table.lookup(ip, h.clock)
		if _, err := fmt.Fprintf(h.out, "%s  %s\n", ip, mac); err != nil {
			return err
		}
	}
	return nil
}

// advance lets d pass on the clock and does what is due meanwhile, each at its
// own time.
func (h *host) advance(d time.Duration) error {
	end := h.clock + min(d, math.MaxInt64-h.clock)
	for len(h.timers) > 0 && h.timers[0].due <= end {
		next := h.timers[0]
		h.timers = h.timers[1:]
		h.clock = next.due
		if err := next.do(); err != nil {
			return err
		}
	}
	h.clock = end
	return nil
}

// at has something done at a time of the clock, after all that is already to
// be done at that time.
func (h *host) at(due time.Duration, do func() error) {
	i, _ := slices.BinarySearchFunc(h.timers, due, func(t timer, due time.Duration) int {
		if t.due <= due {
			return -1
		}
		return 1
	})
	h.timers = slices.Insert(h.timers, i, timer{due, do})
}

// print prints what became of a ping.
func (h *host) print(outcome string, ip netip.Addr) error {
	_, err := fmt.Fprintln(h.out, outcome, ip)
	return err
}
