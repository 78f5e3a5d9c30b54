package conn

import (
	"context"
	"errors"
	"net"

	"wirebook/harness/internal/drain"
)

// DialUnix connects to the Unix socket at path. It never waits: where the queue of
// who listens there is full, the error is that of [QueueFull].
func DialUnix(ctx context.Context, path string, changed func(Change)) (*Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	return newConn(c.(socket), changed, false), nil
}

// ListenUnix makes a Unix socket at path, which stays there when the listener is
// closed.
func ListenUnix(path string, changed func()) (*Listener, error) {
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	return newListener(l, changed), nil
}

// QueueFull reports whether a Unix socket takes no connection just now.
func QueueFull(err error) bool { return errors.Is(err, errQueueFull) }

// IsUnix reports whether the connection is one between Unix sockets.
func (c *Conn) IsUnix() bool { _, is := c.conn.(*net.UnixConn); return is }

// betweenUnixSockets tells what has not arrived. What the kernel has taken is at the
// other end at once, ends of streams too.
func (f *facts) betweenUnixSockets(c *Conn) {
	unread, _ := drain.Unread(c.conn) // what cannot be counted is 0
	f.toUs = unread > 0
	f.program.End = true
	if !f.known && f.stalled {
		f.sending = false // perhaps it waits for us: that cannot be told
	}
	f.toThem = f.sending
	f.moving = f.program.Room
}
