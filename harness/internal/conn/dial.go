package conn

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"syscall"
)

// An Attempt makes one connection, and tells meanwhile who is late with it. The zero
// Attempt is ready.
type Attempt struct {
	socket atomic.Value // a syscall.RawConn, as soon as there is one
}

// Dial connects to addr; it gives up when ctx ends. A window above 0 asks the
// kernel for socket buffers of that many bytes, so that a peer that stops
// reading is noticed early. changed, unless nil, is called after every change of
// the Conn's state, from the goroutines that read and write; it must not block.
// Whose doing an error is, [ByProgram] tells.
func (a *Attempt) Dial(ctx context.Context, addr string, window int, changed func(Change)) (*Conn, error) {
	dialer := net.Dialer{Control: func(network, addr string, raw syscall.RawConn) error {
		a.socket.Store(raw)
		return narrow(window)(network, addr, raw)
	}}
	c, err := dialer.DialContext(ctx, "tcp", addr)
	if errors.Is(err, errReset) {
		return Stillborn(addr, err), nil
	}
	if err != nil {
		return nil, err
	}
	return newConn(c.(socket), changed, false), nil
}

// Unanswered reports whether it is the other side that is late: its kernel was asked for
// the connection and has not answered. Before that, and behind it, it is we. Where the
// system cannot tell, it is the other side.
func (a *Attempt) Unanswered() bool {
	raw, asked := a.socket.Load().(syscall.RawConn)
	return asked && unanswered(raw)
}

// narrow sets the window of a socket that is being made, where it is above 0.
func narrow(window int) func(string, string, syscall.RawConn) error {
	return func(_, _ string, raw syscall.RawConn) error {
		if window <= 0 {
			return nil
		}
		// It must be small before the handshake, which announces it.
		return setWindow(raw, window)
	}
}
