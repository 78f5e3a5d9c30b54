package udp

import (
	"errors"
	"maps"
	"net/netip"
	"slices"
	"sync"
)

// A Relay stands between clients and a server: what reaches its address goes
// to the server as the script says, and what the server answers goes back,
// untouched, to the client whose datagrams it answers. Each client has a socket
// of its own towards the server, so the server sees as many peers as there are.
type Relay struct {
	server  netip.AddrPort
	arrived func(Arrival)
	front   *socket // where clients send to

	mu      sync.Mutex
	order   *order[parcel]
	clients map[netip.AddrPort]*client
	err     error // the first that kept a datagram from being handed on
}

// A parcel is a datagram on its way to the server.
type parcel struct {
	from *client
	data []byte
}

// A client is one who has sent to the relay.
type client struct {
	addr netip.AddrPort
	back *socket // towards the server, in the client's place
}

// NewRelay starts a relay on a loopback port. arrived is that of [Listen].
func NewRelay(server netip.AddrPort, script Script, arrived func(Arrival)) (*Relay, error) {
	r := &Relay{server: unmap(server), arrived: arrived, clients: make(map[netip.AddrPort]*client)}
	r.order = newOrder(script, r.forward)
	r.mu.Lock() // nothing is relayed before front stands
	defer r.mu.Unlock()
	front, err := open(r.loopback(), r.arrive, arrived)
	r.front = front
	return r, err
}

// loopback is the address to bind to, of the server's family.
func (r *Relay) loopback() string {
	if r.server.Addr().Is6() {
		return "[::1]:0"
	}
	return "127.0.0.1:0"
}

// Addr returns the address that clients send to.
func (r *Relay) Addr() netip.AddrPort { return r.front.local }

// arrive numbers a datagram for the server and lets the script decide.
func (r *Relay) arrive(d Datagram) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.client(d.From)
	if err != nil {
		r.note(err)
		return
	}
	r.order.add(parcel{c, d.Data})
}

// client finds the sender of a datagram, or opens a socket for a new one.
func (r *Relay) client(addr netip.AddrPort) (*client, error) {
	if c := r.clients[addr]; c != nil {
		return c, nil
	}
	back, err := open(r.loopback(), func(d Datagram) { r.answer(addr, d) }, r.arrived)
	if err != nil {
		return nil, err
	}
	c := &client{addr, back}
	r.clients[addr] = c
	return c, nil
}

func (r *Relay) forward(p parcel) { r.note(p.from.back.pass(r.server, p.data)) }

// answer takes to a client what came for it, if it is from the server.
func (r *Relay) answer(client netip.AddrPort, d Datagram) {
	if d.From != r.server {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.note(r.front.pass(client, d.Data))
}

func (r *Relay) note(err error) {
	if r.err == nil {
		r.err = err
	}
}

// Kept returns the numbers of the datagrams that the script makes wait.
func (r *Relay) Kept() []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.order.kept()
}

// Settle hands on everything that has arrived, in both directions, and reports
// whether it can tell. Call it again when the programs are at rest: what it
// handed on may have woken them.
func (r *Relay) Settle() (known bool) {
	known = r.front.settle()
	for _, c := range r.known() {
		known = c.back.settle() && known
	}
	return known
}

func (r *Relay) known() []*client {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.clients))
}

// Close hands on what has arrived, frees the relay's ports, and returns when
// its goroutines are gone, with what kept it from its work, if anything did.
func (r *Relay) Close() error {
	errs := []error{r.front.close()}
	for _, c := range r.known() {
		errs = append(errs, c.back.close())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(append(errs, r.err)...)
}
