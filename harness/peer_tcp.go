package harness

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"syscall"

	"wirebook/harness/internal/drain"
	"wirebook/harness/internal/tcp"
)

// A connection is a TCP peer of the script's.
type connection struct {
	*tcp.Conn
	name    string
	program string // the name of the program at the other end
	taken   bool   // a command asked for bytes, and got them
	eof     bool   // a command asked for its end
	closed  bool   // we closed it
	split   bool   // something was sent in pieces
	glued   bool   // several lines were sent in one piece
}

func (c *connection) peerName() string { return c.name }
func (c *connection) settled() bool    { return c.Settled() }
func (c *connection) close()           { c.Reset() }

func (c *connection) pending() string {
	data, _, _ := c.Pending()
	if len(data) == 0 || c.closed {
		return ""
	}
	return fmt.Sprintf("%s received %s", c.name, quoteShort(data))
}

// A listener is a TCP peer that programs connect to.
type listener struct {
	*tcp.Listener
	name string
}

func (l *listener) peerName() string { return l.name }
func (l *listener) settled() bool    { return true }
func (l *listener) close()           { l.Close() }
func (l *listener) vanish() error    { return l.Vanish() }

func (l *listener) pending() string {
	if n := l.Unread(); n > 0 {
		return fmt.Sprintf("%d bytes were sent to %s, which accepted no connection", n, l.name)
	}
	return ""
}

// newConnection makes c, made by open with its observer, a peer of the play.
func (p *play) newConnection(name string, open func(tcp.Observer) (*tcp.Conn, error)) (*connection, error) {
	c := &connection{name: name}
	conn, err := open(tcp.Observer{
		Changed:  p.ring,
		Received: func(b []byte) { p.transcript.add(Received, name, "", b) },
		Ended: func(err error) {
			if err == nil {
				p.transcript.add(Closed, "", name, nil)
			} else {
				p.transcript.add(Reset, "", name, []byte(err.Error()))
			}
		},
	})
	if err != nil {
		return nil, err
	}
	c.Conn = conn
	p.peers = append(p.peers, c)
	return c, nil
}

func cmdDial(p *play, c *call) error {
	name, addr, err := two(c)
	if err != nil {
		return err
	}
	window, err := c.number("window", 0)
	if err != nil {
		return err
	}
	owner := p.owner(addr)
	conn, err := p.newConnection(name, func(o tcp.Observer) (*tcp.Conn, error) {
		conn, err := tcp.Dial(addr, window, o)
		if errors.Is(err, syscall.ECONNREFUSED) && p.endedNow(owner) {
			// Had it ended a moment later, the connection would have been
			// made, and then reset. What comes next tells about the end.
			return tcp.Stillborn(err), nil
		}
		return conn, err
	})
	if err != nil {
		return p.notConnected(name, owner, err)
	}
	conn.program = owner
	p.setAddress(name, conn.Local().String())
	p.transcript.add(Connected, name, owner, nil)
	p.ladder.right(name, "connects", owner)
	return nil
}

// endedNow reports whether a program has ended or is just about to.
func (p *play) endedNow(name string) bool {
	p.settleBriefly()
	g, err := p.program(name)
	return err == nil && g.gone()
}

// notConnected is the failure of a dial.
func (p *play) notConnected(name, owner string, err error) error {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return p.failf("%s cannot connect to %s: it does not listen any more", name, owner)
	}
	return p.failf("%s cannot connect to %s: %v", name, owner, err)
}

func cmdListen(p *play, c *call) error {
	name, err := c.text(0)
	if err != nil {
		return err
	}
	window, err := c.number("window", 0)
	if err != nil {
		return err
	}
	l, err := tcp.Listen(window, p.ring)
	if err != nil {
		return err
	}
	p.peers = append(p.peers, &listener{l, name})
	p.setAddress(name, l.Addr().String())
	return nil
}

func cmdAccept(p *play, c *call) error {
	from, err := c.text(0)
	if err != nil {
		return err
	}
	name, err := c.flag("as", from)
	if err != nil {
		return err
	}
	l, err := findPeer[*listener](p, from)
	if err != nil {
		return err
	}
	err = p.await(func() (bool, error) {
		return l.Waiting() > 0, nil
	})
	if err != nil {
		return p.orLimit(err, func(e *limitError) error {
			if e.dead {
				return p.nobodyLeft("it connected to " + from)
			}
			return p.failf("%s should connect to %s; %s", p.owner(""), from, e.what())
		})
	}
	conn, err := p.newConnection(name, func(o tcp.Observer) (*tcp.Conn, error) {
		conn, _ := l.Accept(o, c.has("stalled"))
		return conn, nil
	})
	if err != nil {
		return err
	}
	conn.program = p.owner("")
	p.transcript.add(Connected, conn.program, name, nil)
	p.ladder.left(name, "connects", conn.program)
	return nil
}

// nobodyLeft is the failure of the newest program, when none runs any more.
func (p *play) nobodyLeft(before string) error {
	if len(p.programs) == 0 {
		return errors.New("no program was started")
	}
	return p.endedBefore(p.programs[len(p.programs)-1], before)
}

func cmdSend(p *play, c *call) error {
	conn, err := connectionArg(p, c)
	if err != nil {
		return err
	}
	data, err := c.bytes(1)
	if err != nil {
		return err
	}
	at, err := c.splits(len(data))
	if err != nil {
		return err
	}
	conn.split = conn.split || len(at) > 0
	conn.glued = conn.glued || bytes.Count(data, []byte("\n")) > 1
	p.ladder.right(conn.name, inPieces(data, at), conn.program)
	from := 0
	for _, to := range append(at, len(data)) {
		if from > 0 {
			if err := p.awaitDrained(conn, c.has("try")); err != nil {
				return err
			}
		}
		piece := data[from:to]
		p.transcript.add(Sent, conn.name, conn.program, piece)
		conn.Write(piece)
		if err := p.awaitWritten(conn, c); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// awaitWritten waits until the kernel has taken what was sent.
func (p *play) awaitWritten(conn *connection, c *call) error {
	if c.has("queue") {
		return nil
	}
	err := p.await(func() (bool, error) {
		all, err := conn.Written()
		if err == nil {
			return all, nil
		}
		if c.has("try") {
			return true, nil
		}
		return false, p.failf("%s could not send all to %s, which had %s", conn.name, conn.program, p.howClosed(conn))
	})
	return p.orLimit(err, func(e *limitError) error {
		state, _ := conn.Drain()
		return p.failf("%s should read what %s sends: %d bytes lie unread; %s", conn.program, conn.name, state.Queue, e.what())
	})
}

// awaitDrained is the drain barrier: it waits until the program has read all
// that conn sent. With try it is content if the program closes meanwhile.
func (p *play) awaitDrained(conn *connection, try bool) error {
	var state drain.State
	err := p.await(func() (bool, error) {
		var err error
		state, err = conn.Drain()
		switch {
		case errors.Is(err, drain.ErrUnknown):
			p.note("this system cannot guarantee that pieces arrive apart: a mistake in reading them may stay unseen here")
			return true, nil
		case err != nil:
			return false, err
		}
		_, ended, endErr := conn.Pending()
		if !state.Found || (ended && endErr != nil) {
			if try {
				return true, nil
			}
			return false, p.failf("%s should read what %s sends, but has %s", conn.program, conn.name, p.howClosed(conn))
		}
		return state.Drained(conn.Sent()), nil
	})
	return p.orLimit(err, func(e *limitError) error {
		return p.failf("%s should read what %s sends: %d bytes lie unread; %s", conn.program, conn.name, state.Queue, e.what())
	})
}

// howClosed says how the program ended the connection, to stand behind "has".
func (p *play) howClosed(conn *connection) string {
	_, ended, err := conn.Pending()
	switch {
	case errors.Is(err, tcp.ErrFlood):
		return "sent more than 64 MiB that nobody asked for"
	case ended && err == nil:
		return "closed the connection"
	default:
		return "reset the connection (it closed it with bytes unread, or it ended)"
	}
}

func cmdDrained(p *play, c *call) error {
	conn, err := connectionArg(p, c)
	if err != nil {
		return err
	}
	return p.awaitDrained(conn, false)
}

func cmdExpect(p *play, c *call) error {
	conn, err := connectionArg(p, c)
	if err != nil {
		return err
	}
	got, err := p.awaitBytes(c, source{
		left:    conn.name,
		program: conn.program,
		should:  conn.name + " should receive",
		from:    " from " + conn.program,
		pending: func() ([]byte, bool) {
			data, ended, _ := conn.Pending()
			return data, ended
		},
		ending: func() string { return p.howClosed(conn) },
		conn:   conn,
	})
	if err != nil {
		return err
	}
	conn.Take(len(got))
	conn.taken = true
	p.ladder.left(conn.name, quoteShort(got), conn.program)
	return nil
}

func cmdEOF(p *play, c *call) error {
	conn, err := connectionArg(p, c)
	if err != nil {
		return err
	}
	after, err := afterPattern(c)
	if err != nil {
		return err
	}
	err = p.await(func() (bool, error) {
		data, ended, endErr := conn.Pending()
		switch {
		case after != nil && !ended:
			return false, nil
		case after != nil && after.Match(data):
			conn.Take(len(data))
		case len(data) > 0:
			return false, p.compared(fmt.Sprintf("%s should close the connection here; it sent something more", conn.program), nil, data)
		case !ended:
			return false, nil
		case endErr != nil && !c.has("or-reset"):
			return false, p.failf("%s should close the connection properly; it %s", conn.program, p.howClosed(conn))
		}
		return true, nil
	})
	if err != nil {
		return p.orLimit(err, func(e *limitError) error {
			return p.failf("%s should close its connection with %s; %s", conn.program, conn.name, e.what())
		})
	}
	conn.eof = true
	p.ladder.left(conn.name, "end of stream", conn.program)
	return nil
}

// afterPattern returns what -after says may come before the end; nil if it is
// not given.
func afterPattern(c *call) (*regexp.Regexp, error) {
	if !c.has("after") {
		return nil, nil
	}
	re, err := c.pattern("after")
	if err != nil {
		return nil, err
	}
	return regexp.Compile(re.String() + `\z`)
}

func cmdShut(p *play, c *call) error {
	return p.endConnection(c, "half-closes", func(conn *connection) { conn.Shut() })
}

func cmdReset(p *play, c *call) error {
	return p.endConnection(c, "resets", func(conn *connection) { conn.closed = true; conn.Reset() })
}

func (p *play) endConnection(c *call, label string, end func(*connection)) error {
	conn, err := connectionArg(p, c)
	if err != nil {
		return err
	}
	end(conn)
	p.transcript.add(Closed, conn.name, conn.program, []byte(label))
	p.ladder.right(conn.name, label, conn.program)
	return nil
}

func cmdClose(p *play, c *call) error {
	name, err := c.text(0)
	if err != nil {
		return err
	}
	if _, err := findPeer[*connection](p, name); err == nil {
		return p.endConnection(c, "closes", func(conn *connection) { conn.closed = true; conn.Close() })
	}
	if v, err := findPeer[vanisher](p, name); err == nil {
		return v.vanish()
	}
	peer, err := findPeer[peer](p, name)
	if err != nil {
		return err
	}
	peer.close()
	return nil
}

// A vanisher is a peer on whose port nobody may answer when a script has closed
// it, until the play's end: the system would give the port to somebody else.
type vanisher interface {
	peer
	vanish() error
}

func cmdStall(p *play, c *call) error {
	conn, err := connectionArg(p, c)
	if err != nil {
		return err
	}
	conn.Stall()
	p.ladder.right(conn.name, "stops reading", conn.program)
	return nil
}

func cmdResume(p *play, c *call) error {
	conn, err := connectionArg(p, c)
	if err != nil {
		return err
	}
	conn.Resume()
	p.ladder.right(conn.name, "reads again", conn.program)
	return nil
}

func connectionArg(p *play, c *call) (*connection, error) {
	name, err := c.text(0)
	if err != nil {
		return nil, err
	}
	return findPeer[*connection](p, name)
}

// two returns a call's first two arguments.
func two(c *call) (first, second string, err error) {
	if first, err = c.text(0); err != nil {
		return "", "", err
	}
	second, err = c.text(1)
	return first, second, err
}
