// Package conn is our end of a TCP connection with a program under test, or of one
// between Unix sockets. A Conn always reads, so that the program never waits for us and
// nothing that it sends is missed; Stall makes it the slow reader that never does.
// Writing is queued, so that the caller can watch for a program that does not read. A
// Conn can end a connection in every way there is: half-close, close and reset. What is
// different about Unix sockets stands in unix.go.
//
// Nothing here waits for the program or judges it; the caller is told of every
// change by a callback and looks at the state. All methods are safe for
// concurrent use.
package conn

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"wirebook/harness/internal/drain"
	"wirebook/harness/internal/pipe"
)

// ErrNoSegments says that this system does not count segments.
var ErrNoSegments = errors.New("this system does not count segments")

// maxPending bounds what a Conn keeps of bytes that nobody takes.
const maxPending = 64 << 20

// ErrFlood is the end of a connection on which more came than anybody asked
// for.
var ErrFlood = errors.New("more than 64 MiB came that nobody asked for")

// A socket is a *net.TCPConn or a *net.UnixConn.
type socket interface {
	net.Conn
	syscall.Conn
	CloseWrite() error
}

// A Conn is our end of one connection.
type Conn struct {
	conn          socket         // nil if it is stillborn
	local, remote netip.AddrPort // not valid for a Unix socket
	onChange      func(Change)
	made          time.Time // when it was accepted; zero if we have dialled

	mu       sync.Mutex
	changed  *sync.Cond
	in       []byte // received and not yet taken
	received uint64
	ended    bool
	endErr   error
	held     bool // no more is read than there is room for
	stalled  bool
	parked   bool // the reader stands still because of stalled
	out      []piece
	queued   uint64 // bytes given to Write
	written  uint64 // bytes that the kernel took
	writeErr error
	shut     bool // no more writes
	sentAll  bool // the writer has ended, and so has our stream where that was asked for
	closed   bool

	goroutines sync.WaitGroup
}

// A Change of a Conn's state is told to who asked for it.
type Change struct {
	// Received are bytes that arrived; they are not to be kept.
	Received []byte
	// Ended says that the program has ended its side: Err is nil for the program's end
	// of stream, otherwise the reason, such as a reset.
	Ended bool
	Err   error
}

// Stillborn is a connection to addr that the program reset before we saw that it was
// made. Whether we see it first is chance, so it must not matter.
func Stillborn(addr string, err error) *Conn {
	remote, _ := netip.ParseAddrPort(addr)
	c := &Conn{remote: remote, ended: true, endErr: err, writeErr: err, shut: true}
	c.changed = sync.NewCond(&c.mu)
	return c
}

func newConn(c socket, changed func(Change), stalled bool) *Conn {
	conn := &Conn{conn: c, onChange: changed, stalled: stalled}
	conn.changed = sync.NewCond(&conn.mu)
	if tcp, ok := c.(*net.TCPConn); ok {
		conn.local = tcp.LocalAddr().(*net.TCPAddr).AddrPort()
		conn.remote = tcp.RemoteAddr().(*net.TCPAddr).AddrPort()
		tcp.SetNoDelay(true)
	}
	if stalled {
		c.SetReadDeadline(past)
	}
	conn.goroutines.Add(2)
	go conn.read()
	go conn.write()
	return conn
}

// Local returns our address, Remote the program's. Those of a Unix socket are not
// valid.
func (c *Conn) Local() netip.AddrPort  { return c.local }
func (c *Conn) Remote() netip.AddrPort { return c.remote }

// change runs f with the state locked, then tells everybody.
func (c *Conn) change(f func()) { c.tell(Change{}, f) }

// tell is change that says what it is.
func (c *Conn) tell(what Change, f func()) {
	c.mu.Lock()
	f()
	c.changed.Broadcast()
	c.mu.Unlock()
	if c.onChange != nil {
		c.onChange(what)
	}
}

// buffers are what connections are read into.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

func (c *Conn) read() {
	defer c.goroutines.Done()
	buffer := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buffer)
	buf := buffer[:]
	for {
		n, err := c.receive(buf)
		if n > 0 {
			c.tell(Change{Received: buf[:n]}, func() {})
			c.awaitRoom()
		}
		if errors.Is(err, errDeadline) && c.park() {
			continue
		}
		if err != nil {
			c.end(err)
			return
		}
	}
}

// keep keeps what has come. The state is locked.
func (c *Conn) keep(data []byte) {
	c.in = append(c.in, data...)
	c.received += uint64(len(data))
}

// Hold is for who takes more than should be pending: until release is called, no more
// is read than there is room for. A flood begins to flow again.
func (c *Conn) Hold() (release func()) {
	c.change(func() {
		c.held = true
		if c.endErr == ErrFlood {
			c.ended, c.endErr = false, nil
		}
	})
	return func() { c.change(func() { c.held = false }) }
}

// awaitRoom waits while no more may be pending. Where nobody takes it, that is the end
// of the connection, as far as can be seen.
func (c *Conn) awaitRoom() {
	c.mu.Lock()
	flooded := !c.held && len(c.in) > maxPending
	if flooded {
		c.ended, c.endErr = true, ErrFlood
	}
	c.mu.Unlock()
	if flooded && c.onChange != nil {
		c.onChange(Change{Ended: true, Err: ErrFlood})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closed && (c.endErr == ErrFlood || c.held && len(c.in) >= pipe.MostHeld) {
		c.changed.Wait()
	}
}

// end records that nothing more can arrive.
func (c *Conn) end(err error) {
	if errors.Is(err, io.EOF) {
		err = nil
	}
	c.mu.Lock()
	mine := c.closed
	c.mu.Unlock()
	c.tell(Change{Ended: !mine, Err: err}, func() { c.ended, c.endErr = true, err })
}

// Take removes the first n bytes of what was received and not yet taken.
func (c *Conn) Take(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.in = c.in[n:]
	if c.held {
		c.changed.Broadcast()
	}
}

// Received is how many bytes have come.
func (c *Conn) Received() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.received
}

// Pending returns what was received and not yet taken, and whether it is all
// that will ever come: then err is nil after the program's end of stream and
// the reason otherwise. The bytes are valid until the next Take.
func (c *Conn) Pending() (data []byte, ended bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.in[:len(c.in):len(c.in)], c.ended, c.endErr
}

// A piece of what is to be sent: data, in one write, so many times over.
type piece struct {
	data  []byte
	times int
}

// Write queues data to be sent in one write.
func (c *Conn) Write(data []byte) { c.WriteTimes(data, 1) }

// WriteTimes queues data to be sent so many times over, each time in a write of
// its own, without ever holding more of it than once.
func (c *Conn) WriteTimes(data []byte, times int) {
	c.change(func() {
		if !c.shut && !c.closed && times > 0 {
			c.out = append(c.out, piece{data, times})
			c.queued += uint64(len(data)) * uint64(times)
		}
	})
}

func (c *Conn) write() {
	defer c.goroutines.Done()
	for {
		data, more := c.next()
		if !more {
			c.change(func() { c.sentAll = true })
			return
		}
		n, err := c.conn.Write(data)
		c.change(func() {
			c.written += uint64(n)
			if err != nil {
				c.writeErr = err
			}
		})
	}
}

// next waits for something to write. At the end of the queue it half-closes,
// where that was asked for.
func (c *Conn) next() (data []byte, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.out) == 0 && !c.shut && !c.closed {
		c.changed.Wait()
	}
	if c.closed || c.writeErr != nil {
		return nil, false
	}
	if len(c.out) == 0 {
		c.conn.CloseWrite()
		return nil, false
	}
	first := &c.out[0]
	data = first.data
	if first.times--; first.times == 0 {
		c.out = c.out[1:]
	}
	return data, true
}

// Written reports whether the kernel has taken all that was queued. err tells
// why it never will: the program reset or closed the connection.
func (c *Conn) Written() (all bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written == c.queued, c.writeErr
}

// Sent returns how many bytes the kernel took from us.
func (c *Conn) Sent() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.written
}

// Unsent returns how many bytes were queued and not taken by the kernel.
func (c *Conn) Unsent() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queued - c.written
}

// Made is when the connection was accepted; zero if we have dialled.
func (c *Conn) Made() time.Time { return c.made }

// IsStillborn reports whether the program reset the connection before we saw it.
func (c *Conn) IsStillborn() bool { return c.conn == nil }

// Lossy reports whether the kernel would reset the connection if we closed it: what the
// program has sent lies unread.
func (c *Conn) Lossy() bool {
	if c.IsStillborn() || c.IsUnix() {
		return false
	}
	unread, err := drain.Unread(c.conn)
	return err == nil && unread > 0
}

// Shut half-closes: the program reads end of stream after what was queued.
func (c *Conn) Shut() { c.change(func() { c.shut = true }) }

// Stall stops reading and returns when the reader stands still: what arrives
// from now on stays in the kernel until it is full and the program must wait.
func (c *Conn) Stall() {
	if c.conn == nil {
		return
	}
	c.change(func() { c.stalled = true })
	c.conn.SetReadDeadline(past)
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.parked && !c.ended {
		c.changed.Wait()
	}
}

// Resume reads again.
func (c *Conn) Resume() {
	if c.conn == nil {
		return
	}
	c.conn.SetReadDeadline(never)
	c.change(func() { c.stalled = false })
}

// park waits as long as the connection is stalled. It reports whether reading
// goes on.
func (c *Conn) park() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.parked = true
	c.changed.Broadcast()
	for c.stalled && !c.closed {
		c.changed.Wait()
	}
	c.parked = false
	return !c.closed
}

// Reset ends the connection with a TCP reset (RFC 9293 §3.5.2): what either
// side had not read is lost. Unix sockets have none: one is closed.
func (c *Conn) Reset() {
	if tcp, ok := c.conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}

// Close ends the connection in both directions and returns when its goroutines
// have ended. With bytes of the program unread the kernel makes it a reset.
func (c *Conn) Close() {
	c.change(func() { c.closed = true })
	if c.conn == nil {
		return
	}
	c.conn.Close()
	c.goroutines.Wait()
}

// Drain tells how far the program has read what we sent. See package drain.
func (c *Conn) Drain() (drain.State, error) {
	switch {
	case c.conn == nil:
		return drain.State{}, nil
	case c.IsUnix():
		return drain.Unix(c.conn)
	}
	return drain.TCP(c.local, c.remote)
}
