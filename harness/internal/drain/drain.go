// Package drain tells whether a program has really read what was sent to it.
//
// A peer that writes "he", waits a little and writes "llo" proves nothing: the
// two writes may still meet in the program's receive queue, and a program that
// takes one Read for one message gets away with it. The drain barrier makes
// the split certain. After each piece the peer asks the kernel about the
// program's end of the connection, and goes on when nothing lies unread there:
//
//	conn.Write(piece)
//	sent += uint64(len(piece))
//	for {
//		state, err := drain.TCP(local, remote) // our address, the program's
//		if err != nil || !state.Found || state.Drained(sent) {
//			break
//		}
//		// Look again soon; after the step's limit, say that state.Queue
//		// bytes lie unread.
//	}
//
// On Linux the answer comes from sock_diag(7), asked for one four-tuple, by an
// ordinary user, in some tens of microseconds. Where that is refused, and on
// other systems, the answer is [ErrUnknown].
package drain

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"wirebook/harness/internal/sys"
)

// ErrUnknown says that this system, or this socket in its present state,
// cannot tell.
var ErrUnknown = errors.New("drain: this system cannot tell")

// State is what the kernel knows about the program's end of a connection.
//
// All counts are of bytes of data. The kernel's own counters take the end of a
// stream (the FIN) for one byte more, in which a program that has closed would
// seem to have sent something; that byte is taken off here and told as End.
type State struct {
	// Queue is the number of bytes that have reached the program's socket
	// and that it has not read.
	Queue int
	// Received is the number of bytes that had reached the program's socket
	// before Queue was counted. That order is a promise: when Received is all
	// that was sent and Queue is 0, all of it has been read.
	Received uint64
	// Unsent is the number of bytes that the program wrote and that we have
	// not acknowledged. We may have received them all the same, since an
	// acknowledgement can be late by 40 ms; Sent does not have that flaw.
	Unsent int
	// Sent is the number of bytes that the program wrote. All of them have
	// arrived when as many have been read at our own end.
	Sent uint64

	// Moving says that an acknowledgement of ours is due, after which the
	// program may find room to write more.
	Moving bool

	// Room says that we may write more just now. It is told of Unix sockets
	// alone.
	Room bool

	// Opening says that the last packet of the handshake is on its way to the
	// program, for which the connection does not yet exist.
	Opening bool

	// Found is false when the program's socket is gone.
	Found bool
	// Exact says that Received and Sent are known. The kernel counts neither
	// before the connection is open, nor long after the program has closed it.
	Exact bool
	// Owned says that a process holds the socket. It is false before the
	// program has accepted the connection, and again after it has closed it,
	// while the kernel still delivers what the program wrote.
	Owned bool
	// End says that the end of our stream has reached the program's socket.
	// Whether the program has read it cannot be told: the kernel counts it as
	// read together with the last byte when both came in one packet.
	End bool
	// Shut says that the program has ended its own stream. Its end is with
	// us, or on its way.
	Shut bool
}

// Drained reports whether the program has read the sent bytes, which must be
// all that were written to the connection. Where Received is not known it looks
// at the queue alone; then the caller must know by other means that everything
// has arrived, as from [Outgoing] being 0.
func (s State) Drained(sent uint64) bool {
	return s.Found && s.Queue == 0 && (!s.Exact || s.Received >= sent)
}

// TCP looks at the program's end of the TCP connection between local, which is
// our end, and remote, which is the program's. Both must be on this machine. A
// connection that still waits to be accepted is found too.
func TCP(local, remote netip.AddrPort) (State, error) {
	if !local.IsValid() || !remote.IsValid() {
		return State{}, fmt.Errorf("drain: no connection from %v to %v", local, remote)
	}
	// A socket of family AF_INET6 with IPv4 addresses mapped into it is the
	// same connection to the kernel as the one written with IPv4 addresses.
	local = netip.AddrPortFrom(local.Addr().Unmap(), local.Port())
	remote = netip.AddrPortFrom(remote.Addr().Unmap(), remote.Port())
	if local.Addr().Is4() != remote.Addr().Is4() {
		return State{}, fmt.Errorf("drain: %v and %v are of two families", local, remote)
	}
	if sys.Blind() {
		return State{}, ErrUnknown
	}
	return lookUp(local, remote)
}

// Unix looks at the program's end of a connection between Unix sockets, conn being
// our end. What we write is in the program's receive queue at once, so nothing is
// ever on its way. Queue counts no bytes here: it is 0 exactly when the program has
// read everything. One thing is weaker than it is for TCP: the kernel takes the last
// byte off the queue a moment before the program's system call returns. What we send
// within that moment, some tens of nanoseconds, the same call returns.
func Unix(conn syscall.Conn) (State, error) {
	if sys.Blind() {
		return State{}, ErrUnknown
	}
	return lookUpUnix(conn)
}

// Unread tells how many bytes lie in the receive queue of our own socket; of a
// datagram socket, how long the first datagram is. (An empty datagram cannot
// be seen.)
func Unread(conn syscall.Conn) (int, error) {
	if sys.Blind() {
		return 0, ErrUnknown
	}
	return unread(conn)
}

// Outgoing tells how much of what we wrote to our own socket has not been taken
// off us: for TCP the bytes not yet acknowledged, for a Unix socket a number
// that is 0 exactly when the other end has read everything.
func Outgoing(conn syscall.Conn) (int, error) {
	if sys.Blind() {
		return 0, ErrUnknown
	}
	return outgoing(conn)
}

// Room reports whether our own socket takes more just now.
func Room(conn syscall.Conn) (bool, error) {
	if sys.Blind() {
		return false, ErrUnknown
	}
	return room(conn)
}
