//go:build !unix

package udp

import (
	"errors"
	"net"
	"time"
)

// collect takes datagrams until the socket is closed.
func (s *socket) collect() {
	buf := make([]byte, maxDatagram)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // Windows reports here that a peer refused what we sent it
			continue
		}
		at := time.Now()
		s.mu.Lock()
		data := append([]byte{}, buf[:n]...)
		s.take(Datagram{From: unmap(from), Data: data})
		s.mu.Unlock()
		if s.arrived != nil {
			s.arrived(Arrival{From: unmap(from), To: s.local, Data: data, At: at})
		}
	}
}

// stamp cannot be asked for here.
func stamp(uintptr) {}

// settle cannot look into the kernel's queue here.
func (s *socket) settle() bool { return false }

// vanish frees the port, which here is not given to another soon.
func (s *socket) vanish() error { return s.close() }
