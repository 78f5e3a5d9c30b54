package conn

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"wirebook/harness/internal/drain"
)

// A Listener is a peer that programs connect to. It accepts always, so that a
// connection is noticed when it is made; Accept hands them out in order.
type Listener struct {
	listener listening
	changed  func()

	mu       sync.Mutex
	accepted []arrival
	failed   error  // why it accepts no more
	release  func() // gives the port away after Vanish
	done     chan struct{}
}

// An arrival is a connection that was made at a time.
type arrival struct {
	socket
	at time.Time
}

// listening is a *net.TCPListener or a *net.UnixListener.
type listening interface {
	net.Listener
	syscall.Conn
}

// Listen binds addr, "127.0.0.1:0" for a port of the system's choice. A window above 0
// is that of its connections, as in [Dial]. changed is called after every connection.
func Listen(addr string, window int, changed func()) (*Listener, error) {
	config := net.ListenConfig{Control: narrow(window)}
	config.SetMultipathTCP(false) // what package drain asks about is TCP
	l, err := config.Listen(context.Background(), "tcp4", addr)
	if err != nil {
		return nil, err
	}
	return newListener(l.(listening), changed), nil
}

func newListener(l listening, changed func()) *Listener {
	listener := &Listener{listener: l, changed: changed, done: make(chan struct{})}
	go listener.accept()
	return listener
}

func (l *Listener) accept() {
	defer close(l.done)
	for {
		c, err := l.listener.Accept()
		l.mu.Lock()
		if l.failed = err; err == nil {
			l.accepted = append(l.accepted, arrival{c.(socket), time.Now()})
		}
		l.mu.Unlock()
		l.changed()
		if err != nil {
			return
		}
	}
}

// Addr returns the address to connect to.
func (l *Listener) Addr() netip.AddrPort { return l.listener.Addr().(*net.TCPAddr).AddrPort() }

// IsUnix reports whether it is a Unix socket, which has no address.
func (l *Listener) IsUnix() bool { _, is := l.listener.(*net.UnixListener); return is }

// Waiting returns how many connections Accept has not handed out; where there is
// none, the error for which none can come any more, such as too many open files.
func (l *Listener) Waiting() (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.accepted) == 0 {
		return 0, l.failed
	}
	return len(l.accepted), nil
}

// Delivered reports whether each connection that was made is one of those that wait, or
// was handed out. On a busy machine we can be late to accept one.
func (l *Listener) Delivered() bool {
	l.mu.Lock()
	failed := l.failed
	l.mu.Unlock()
	return failed != nil || !queued(l.listener)
}

// Unread returns how many bytes have come on the connections that Accept has
// not handed out; 0 where the system cannot tell.
func (l *Listener) Unread() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := 0
	for _, c := range l.accepted {
		if n, err := drain.Unread(c); err == nil {
			sum += n
		}
	}
	return sum
}

// A Visit is a connection that Accept has not handed out. The addresses of one between
// Unix sockets are not valid.
type Visit struct {
	From, To netip.AddrPort
	At       time.Time
}

// Visits returns those that wait, the oldest first.
func (l *Listener) Visits() (all []Visit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.accepted {
		v := Visit{At: c.at}
		if from, ok := c.RemoteAddr().(*net.TCPAddr); ok {
			v.From, v.To = from.AddrPort(), c.LocalAddr().(*net.TCPAddr).AddrPort()
		}
		all = append(all, v)
	}
	return all
}

// Accept hands out the oldest connection, stalled if that is asked for; false
// if there is none yet. changed is that of [Dial].
func (l *Listener) Accept(changed func(Change), stalled bool) (*Conn, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.accepted) == 0 {
		return nil, false
	}
	c := l.accepted[0]
	l.accepted = l.accepted[1:]
	conn := newConn(c.socket, changed, stalled)
	conn.made = c.at
	return conn, true
}

// Vanish stops listening and drops the connections that were not handed out:
// who connects is refused, as at a port that is free. But until Close nobody
// else is given the port. A Unix socket stays where it is in the file system.
func (l *Listener) Vanish() error {
	if l.IsUnix() {
		l.Close()
		return nil
	}
	addr := l.Addr()
	l.Close()
	release, err := hold(addr)
	if err != nil {
		return fmt.Errorf("keeping the port of %v: %w", addr, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.release = release
	return nil
}

// Close stops listening, drops the connections that were not handed out, and
// frees the port.
func (l *Listener) Close() {
	deafen(l.listener)
	l.listener.Close()
	<-l.done
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.accepted {
		c.Close()
	}
	l.accepted = nil
	if l.release != nil {
		l.release()
		l.release = nil
	}
}
