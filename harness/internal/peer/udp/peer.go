package udp

import (
	"net/netip"
	"sync"
	"time"
)

// A Datagram is one that a Peer has received.
type Datagram struct {
	From netip.AddrPort // an IPv4 sender is written as IPv4
	Data []byte
	At   time.Time // when the kernel got it; zero where the system does not tell
}

// An Arrival is a datagram that has reached a socket of ours; or one that the socket
// has sent by itself: an answer, or what a relay hands on.
type Arrival struct {
	From, To netip.AddrPort
	Data     []byte
	At       time.Time
	Sent     bool
}

// A Peer is a UDP socket that keeps what arrives until it is asked for. Its
// methods may be called from several goroutines.
type Peer struct {
	sock *socket

	answer func(Datagram) [][]byte // nil for a peer that only listens

	mu       sync.Mutex
	received []Datagram
	answered int
}

// Listen binds a peer to addr, "127.0.0.1:0" for a port of the system's choice.
// A port that a peer of this process has just freed may be in use a moment
// longer, by a process that is being started; then it tries again.
// arrived, unless nil, is called after each arrival, and for what is sent by itself
// before that is sent: from the peer's goroutine,
// or from whoever calls Settle, Pending or Close. It must not call those three,
// nor wait for a lock under which they are called.
func Listen(addr string, arrived func(Arrival)) (*Peer, error) { return Serve(addr, nil, arrived) }

// Serve is Listen for a peer that answers by itself: the datagrams that answer returns
// for one have been sent to whom it came from before it counts as received. answer is
// called for one datagram at a time.
func Serve(addr string, answer func(Datagram) [][]byte, arrived func(Arrival)) (*Peer, error) {
	p := &Peer{answer: answer}
	p.mu.Lock() // nothing is kept before sock stands
	defer p.mu.Unlock()
	sock, err := open(addr, p.keep, arrived)
	p.sock = sock
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Peer) keep(d Datagram) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answer != nil {
		for _, reply := range p.answer(d) {
			p.sock.pass(d.From, reply) // that nobody takes it is no error of ours
			p.answered++
		}
	}
	p.received = append(p.received, d)
}

// Addr returns the address that the peer is bound to.
func (p *Peer) Addr() netip.AddrPort { return p.sock.local }

// Send sends one datagram and, on Linux, returns when it lies in its receiver's
// queue, so that what is sent afterwards, by whomever, comes after it. That
// nobody takes it is no error: it is lost, and the ICMP message about it is not
// heard.
func (p *Peer) Send(to netip.AddrPort, data []byte) error { return p.sock.send(to, data) }

// Next takes the oldest datagram that has been received, if there is one; also
// after Close.
func (p *Peer) Next() (Datagram, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.received) == 0 {
		return Datagram{}, false
	}
	d := p.received[0]
	p.received = p.received[1:]
	return d, true
}

// Len returns the number of datagrams that Next has not taken yet.
func (p *Peer) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.received)
}

// Answered returns how many datagrams it has answered by itself.
func (p *Peer) Answered() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answered
}

// Settle takes everything that the kernel has queued for the peer and reports
// whether it can tell: if so, Next now gives all that has arrived.
func (p *Peer) Settle() (known bool) { return p.sock.settle() }

// Pending returns the number of datagrams that have arrived and that Next has
// not taken, those in the kernel's queue included if known.
func (p *Peer) Pending() (n int, known bool) {
	known = p.Settle()
	return p.Len(), known
}

// Vanish takes what has arrived and makes the peer unreachable: what is sent to
// it from now on is refused with an ICMP message, as at a port that is free. But
// until Close nobody else is given the port.
func (p *Peer) Vanish() error { return p.sock.vanish() }

// Close takes what has arrived and frees the port: what is sent to it from now
// on is refused with an ICMP message. When it returns, the peer's goroutine is
// gone and arrived is called no more.
func (p *Peer) Close() error { return p.sock.close() }
