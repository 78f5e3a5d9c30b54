// Package cable is one end of an Ethernet cable: a loopback UDP socket that
// exchanges raw frames, one a datagram, with the socket at the other end. QEMU
// speaks the same (-netdev dgram), so a real machine can be plugged in.
package cable

import (
	"errors"
	"net/netip"
	"sync"

	"wirebook/harness/internal/peer/udp"
)

// A Frame is one that came over a cable. Its bytes may be too few for a frame:
// a cable carries what is put into it.
type Frame struct {
	Bytes []byte
}

// A Stray is a datagram that reached our end from an address that is not the
// other end's.
type Stray struct {
	From  netip.AddrPort
	Bytes []byte
}

// An End is our end of a cable. It is bound before the other end is known:
// what arrives until then is kept, and sorted once [End.Plug] says where the
// other end is. Its methods may be called from several goroutines.
type End struct {
	arrived func(udp.Arrival)

	mu      sync.Mutex
	peer    *udp.Peer
	other   netip.AddrPort // the zero value until it is plugged in
	frames  []Frame
	strays  []Stray
	pending []udp.Datagram // arrived before the other end was known
}

// ErrUnplugged says that a cable has no other end yet.
var ErrUnplugged = errors.New("cable: nothing is plugged in at the other end")

// New binds an end to a loopback port of the system's choice. arrived, unless
// nil, is called after each arrival, from the end's goroutine or from whoever
// calls Settle or Close: it must not call these two, nor wait for a lock under
// which they are called.
func New(arrived func(udp.Arrival)) (*End, error) {
	peer, err := udp.Listen("127.0.0.1:0", arrived)
	if err != nil {
		return nil, err
	}
	return &End{peer: peer, arrived: arrived}, nil
}

// Addr is the address that this end is bound to.
func (e *End) Addr() netip.AddrPort { return e.socket().Addr() }

func (e *End) socket() *udp.Peer {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.peer
}

// Plug tells where the other end is. It may be told again: a program that was
// restarted has another address.
func (e *End) Plug(other netip.AddrPort) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.other.IsValid() {
		e.sort() // what came before was the former end's to send
	}
	e.other = other
}

// Other is the address of the other end; it is not valid until Plug.
func (e *End) Other() netip.AddrPort {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.other
}

// Send puts a frame into the cable. That nobody takes it is no error.
func (e *End) Send(frame []byte) error {
	other := e.Other()
	if !other.IsValid() {
		return ErrUnplugged
	}
	return e.socket().Send(other, frame)
}

// Next takes the oldest frame that has come from the other end, if there is
// one; also after Close.
func (e *End) Next() (Frame, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sort()
	if len(e.frames) == 0 {
		return Frame{}, false
	}
	f := e.frames[0]
	e.frames = e.frames[1:]
	return f, true
}

// Len returns the number of frames that Next has not taken yet.
func (e *End) Len() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sort()
	return len(e.frames)
}

// NextStray takes the oldest datagram that came from elsewhere, if there is
// one: a program that sends from another socket than its own end's shows here.
func (e *End) NextStray() (Stray, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sort()
	if len(e.strays) == 0 {
		return Stray{}, false
	}
	s := e.strays[0]
	e.strays = e.strays[1:]
	return s, true
}

// sort divides what has arrived into frames and strays. It waits for Plug.
func (e *End) sort() {
	for {
		d, ok := e.peer.Next()
		if !ok {
			break
		}
		e.pending = append(e.pending, d)
	}
	if !e.other.IsValid() {
		return
	}
	for _, d := range e.pending {
		if d.From == e.other {
			e.frames = append(e.frames, Frame{Bytes: d.Data})
		} else {
			e.strays = append(e.strays, Stray{From: d.From, Bytes: d.Data})
		}
	}
	e.pending = nil
}

// Settle takes everything that the kernel has queued for this end and reports
// whether it can tell: if so, Next now gives all that has arrived.
func (e *End) Settle() (known bool) { return e.socket().Settle() }

// Unplug pulls this end out: what is sent to it is refused from now on. Nobody
// else is given its address.
func (e *End) Unplug() error { return e.socket().Vanish() }

// Replug binds an end that was pulled out to its address again.
func (e *End) Replug() error {
	old := e.socket()
	old.Close() // an end that was pulled out may have been closed by that
	anew, err := udp.Listen(old.Addr().String(), e.arrived)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sort() // what came before
	e.peer = anew
	return nil
}

// Close frees the port. When it returns, the end's goroutine is gone and
// arrived is called no more.
func (e *End) Close() error { return e.socket().Close() }
