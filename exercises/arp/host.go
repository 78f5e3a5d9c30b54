package main

import (
	"errors"
	"io"
	"net/netip"
	"time"
)

// A host is a station on one LAN. main.go calls its methods one at a time,
// never two at once, so it needs no locks and no goroutines. An error that a
// method returns ends the program: return those of writing to out.
//
// Add the fields you need: the table, the packets that wait for a MAC, the
// pings that wait for their echo, the time.
type host struct {
	ip   netip.Prefix // h.ip.Addr() is the host's address, h.ip.Contains asks for the subnet
	card *card        // h.card.send sends, h.card.mac is the host's MAC
	age  time.Duration
	out  io.Writer
}

// newHost makes a host that has ip, sends through card, forgets a neighbour
// after age, and prints to out.
func newHost(ip netip.Prefix, card *card, age time.Duration, out io.Writer) *host {
	return &host{ip: ip, card: card, age: age, out: out}
}

// ping asks a neighbour for an echo, and prints what becomes of it, now or
// later: `reply from IP` or `unreachable IP`.
//
// Still to do: its own address; addresses that no neighbour has; to know the
// echo again when it comes; the three seconds within which it must come.
func (h *host) ping(ip netip.Addr) error {
	return h.deliver(echo{
		src:  h.ip.Addr(),
		dst:  ip,
		kind: echoRequest,
		id:   1,
		seq:  1,
		data: []byte("wirebook"),
	})
}

// deliver sends an echo, a request or a reply, to the neighbour e.dst: at once
// if the table has his MAC, and otherwise when ARP has found it out.
//
// As it stands it shouts at everybody. Send to the neighbour's MAC alone.
func (h *host) deliver(e echo) error {
	h.card.send(broadcast, typeIPv4, e.pack())
	return errors.New("host.go: deliver is not written yet")
}

// receiveEcho takes an echo that is addressed to this host. A request is
// answered with a reply that has the same id, seq and data; a reply may be
// what a ping waits for.
func (h *host) receiveEcho(e echo) error {
	return errors.New("host.go: receiveEcho is not written yet")
}

// receiveARP takes the payload of an ARP frame: the 28 bytes of the packet,
// perhaps padding behind them, perhaps less or something else.
func (h *host) receiveARP(payload []byte) error {
	return errors.New("host.go: receiveARP is not written yet")
}

// printTable prints the live entries of the table, a line each: the address,
// two spaces, the MAC; in numeric order of the addresses.
func (h *host) printTable() error {
	return errors.New("host.go: printTable is not written yet")
}

// advance lets d pass on the host's clock, which started at 0, and does what
// falls due meanwhile, in order of time. main.go calls it with 0 at the start.
func (h *host) advance(d time.Duration) error {
	return errors.New("host.go: advance is not written yet")
}
