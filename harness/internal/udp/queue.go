package udp

// A Queue is what lies in the receive queues of the sockets bound to a port.
type Queue struct {
	// Sockets is how many there are: 0 when no program listens there.
	Sockets int
	// Unread is what they have not read, in bytes as the kernel counts them,
	// with its own overhead: 0 only when not even an empty datagram waits.
	Unread int
	// Dropped is how many datagrams the kernel threw away for want of room.
	Dropped int
}
