//go:build unix

package udp

import (
	"net/netip"
	"syscall"
	"time"

	"wirebook/harness/internal/sys"
)

// collect takes datagrams until the socket is closed.
func (s *socket) collect() {
	// Read calls the function whenever the socket has become readable, for as
	// long as it asks for more, and returns when the socket is closed.
	_ = s.raw.Read(func(fd uintptr) bool {
		s.drain(int(fd))
		return false
	})
}

// settle takes everything that the kernel has queued, and tells whether that is all
// that was sent. A blind system does not say so; but what it has queued must not wait
// until the collecting goroutine is given a processor: a program that has ended sends it
// no second time.
func (s *socket) settle() bool {
	return s.raw.Control(func(fd uintptr) { s.drain(int(fd)) }) == nil && !sys.Blind()
}

// vanish connects the socket to itself: the kernel then gives it no datagram of
// anybody else's. To close it would not do, for its copy in a process that is
// just being started would still take some.
func (s *socket) vanish() error {
	s.settle()
	var err error
	if control := s.raw.Control(func(fd uintptr) {
		err = syscall.Connect(int(fd), sockaddr(s.local))
	}); control != nil {
		return control
	}
	return err
}

func sockaddr(a netip.AddrPort) syscall.Sockaddr {
	if a.Addr().Is4() {
		return &syscall.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
	}
	return &syscall.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16()}
}

// drain empties the kernel's queue.
func (s *socket) drain(fd int) {
	for {
		a, ok := s.takeOne(fd)
		if !ok {
			return
		}
		if s.arrived != nil {
			s.arrived(a)
		}
	}
}

// takeOne moves one datagram from the kernel to take; false when there is none.
func (s *socket) takeOne(fd int) (a Arrival, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		n, from, at, err := receive(fd, s.buf)
		switch err {
		case nil:
			d := Datagram{addrPort(from), append([]byte{}, s.buf[:n]...), at}
			a = Arrival{From: d.From, To: s.local, Data: d.Data, At: time.Now()}
			s.take(d)
			return a, true
		case syscall.EINTR, syscall.ECONNREFUSED: // a refusal belongs to a datagram sent earlier
		default:
			return a, false
		}
	}
}

func addrPort(sa syscall.Sockaddr) netip.AddrPort {
	switch sa := sa.(type) {
	case *syscall.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *syscall.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr).Unmap(), uint16(sa.Port))
	}
	return netip.AddrPort{}
}
