package udp

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// maxDatagram is room for the longest datagram, and a byte more: 65,507 bytes
// over IPv4, 65,527 over IPv6.
const maxDatagram = 1 << 16

// maxTries is how often a port is asked for that is in use.
const maxTries = 30

// A socket is a bound UDP socket whose datagrams are handed, one at a time, to
// take. The bytes given to take are its own to keep.
type socket struct {
	conn    *net.UDPConn
	raw     syscall.RawConn
	local   netip.AddrPort
	take    func(Datagram)
	arrived func(Arrival) // called after take, without the lock; and by pass
	done    chan struct{}

	mu  sync.Mutex // held from the kernel's queue until take has returned
	buf []byte
}

// open binds a socket to addr and starts to collect. The functions may be
// called from the collecting goroutine and from settle.
func open(addr string, take func(Datagram), arrived func(Arrival)) (*socket, error) {
	local, err := net.ResolveUDPAddr("udp", addr)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", local)
	for try := 1; errors.Is(err, syscall.EADDRINUSE) && try <= maxTries; try++ {
		time.Sleep(time.Duration(try) * time.Millisecond)
		conn, err = net.ListenUDP("udp", local)
	}
	if err != nil {
		return nil, err
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		conn.Close()
		return nil, err
	}
	_ = raw.Control(stamp)
	enlarge(conn.SetReadBuffer)
	enlarge(conn.SetWriteBuffer) // on BSDs the send buffer bounds the datagram, 9,216 bytes unless asked
	s := &socket{
		conn:    conn,
		raw:     raw,
		local:   unmap(conn.LocalAddr().(*net.UDPAddr).AddrPort()),
		take:    take,
		arrived: arrived,
		done:    make(chan struct{}),
		buf:     make([]byte, maxDatagram),
	}
	go func() {
		defer close(s.done)
		s.collect()
	}()
	return s, nil
}

// enlarge sets the largest buffer that the system allows: Linux cuts what is
// too much, others refuse it.
func enlarge(set func(bytes int) error) {
	for size := 8 << 20; size > maxDatagram; size /= 2 {
		if set(size) == nil {
			return
		}
	}
}

// send sends one datagram and returns when it has reached its receiver's queue,
// where the system lets us make sure of that.
func (s *socket) send(to netip.AddrPort, data []byte) (err error) {
	delivered(func() { _, err = s.conn.WriteToUDPAddrPort(data, to) })
	return err
}

// pass is send of what no script asks for.
func (s *socket) pass(to netip.AddrPort, data []byte) error {
	if s.arrived != nil {
		s.arrived(Arrival{From: s.local, To: to, Data: data, At: time.Now(), Sent: true})
	}
	return s.send(to, data)
}

// close takes what had arrived, frees the port, and returns when the
// collecting goroutine is gone.
func (s *socket) close() error {
	s.settle()
	err := s.conn.Close()
	<-s.done
	return err
}

func unmap(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
