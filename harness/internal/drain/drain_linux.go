package drain

import (
	"fmt"
	"net/netip"
	"syscall"

	"wirebook/harness/internal/sys"
)

// The states of a TCP connection, from <net/tcp_states.h>.
const (
	established = 1
	synSent     = 2
	synRecv     = 3
	finWait1    = 4
	finWait2    = 5
	timeWait    = 6
	closed      = 7
	closeWait   = 8
	lastAck     = 9
	listen      = 10
	closing     = 11
	newSynRecv  = 12
)

// sawEnd tells that the other end's FIN has been received in this state.
func sawEnd(state uint8) bool {
	return state == closeWait || state == lastAck || state == closing || state == timeWait
}

// owesEnd tells that in this state a FIN of ours is on its way, and not
// acknowledged.
func owesEnd(state uint8) bool {
	return state == finWait1 || state == closing || state == lastAck
}

// ended tells that in this state our FIN has been sent.
func ended(state uint8) bool { return owesEnd(state) || state == finWait2 }

// A socket is what the kernel says about the program's socket, in its own
// counting: one byte for the end of a stream.
type socket struct {
	state          uint8
	rqueue, wqueue int
	inode          uint32
	layered        bool // another protocol reads from the socket first
	info           bool // the rest is known
	received, sent uint64
	notSent        uint64
	moving         bool
	fresh          bool // the handshake began just now
}

// gone is a connection of which only the memory is left, or none.
func (s socket) gone() bool {
	return s.state == 0 || s.state == listen || s.state == timeWait || s.state == closed
}

// asState takes the ends of the streams off the counts.
func (s socket) asState() State {
	if s.gone() {
		return State{Exact: s.info}
	}
	st := State{Queue: s.rqueue, Unsent: s.wqueue, Found: true, Exact: s.info, Owned: s.inode != 0, Shut: ended(s.state), Moving: s.moving}
	if s.state == synRecv || s.state == newSynRecv {
		// The last packet of the handshake is on its way. Nothing has
		// arrived, and the queues mean something else.
		st.Queue, st.Unsent = 0, 0
		st.Opening = s.fresh
		return st
	}
	st.Received = s.received
	if sawEnd(s.state) {
		// The end is the last byte of the stream, so as long as anything is
		// unread, the end is.
		st.End = true
		st.Queue = less1(st.Queue)
		st.Received = less1(st.Received)
	}
	notSent := s.notSent
	if owesEnd(s.state) {
		st.Unsent = less1(st.Unsent)
		notSent = less1(notSent)
	}
	st.Sent = s.sent + notSent
	return st
}

func less1[T int | uint64](n T) T {
	if n > 0 {
		return n - 1
	}
	return n
}

func lookUp(local, remote netip.AddrPort) (State, error) {
	first, err := diagnose(local, remote)
	if err != nil {
		return State{}, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	if first.layered {
		// Multipath TCP empties the queue that we see into one that we do
		// not see. (A Go server listens for it by default, but the connections
		// of plain clients are plain.)
		return State{}, fmt.Errorf("%w: the program's socket is not plain TCP", ErrUnknown)
	}
	if first.gone() || first.asState().Queue > 0 {
		return first.asState(), nil
	}
	// The kernel takes the length of the queue first and the counter of
	// received bytes later, having waited in between for the program to leave
	// its own system call. Bytes that came in between would be counted and not
	// be seen in the queue. So the queue is looked at once more, after the
	// count.
	second, err := diagnose(local, remote)
	if err != nil {
		return State{}, fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	state := second.asState()
	if state.Found {
		state.Received = first.asState().Received
	}
	return state, nil
}

func lookUpUnix(conn syscall.Conn) (state State, err error) {
	err = control(conn, func(fd int) (err error) {
		// In this order: with the end of the program's socket its queue is gone.
		if state.Queue, err = sys.Ioctl(fd, sys.Unacknowledged); err != nil {
			return err
		}
		if state.Room, err = sys.Writable(fd); err != nil {
			return err
		}
		var gone bool
		state.Shut, gone, err = sys.Ended(fd)
		state.Found = !gone
		return err
	})
	return state, err
}

func outgoing(conn syscall.Conn) (n int, err error) {
	err = control(conn, func(fd int) (err error) {
		n, err = sys.Ioctl(fd, sys.Unacknowledged)
		return err
	})
	return n, err
}

func room(conn syscall.Conn) (is bool, err error) {
	err = control(conn, func(fd int) (err error) {
		is, err = sys.Writable(fd)
		return err
	})
	return is, err
}
