package harness

import (
	"errors"
	"fmt"
	"iter"
	"syscall"

	"wirebook/harness/internal/peer/tcp"
)

// A connection is a TCP peer of the script's.
type connection struct {
	*tcp.Conn
	name    string
	program string // the name of the program at the other end
	taken   bool   // a command asked for bytes, and got them
	eof     bool   // a command asked for its end
	closed  bool   // we closed it
	split   bool   // what is not yet answered was sent in pieces
	glued   bool   // several lines of it were sent in one piece
}

func (c *connection) peerName() string { return c.name }
func (c *connection) settled() bool    { return c.Settled() }
func (c *connection) close()           { c.Reset() }

// answered forgets how something was sent that did what it should.
func (c *connection) answered() { c.split, c.glued = false, false }

// readByProgram is how many of our bytes the program has read, as far as the
// system can tell.
func (c *connection) readByProgram() uint64 {
	state, err := c.Drain()
	if err != nil || !state.Exact {
		return 0
	}
	return state.Received - uint64(state.Queue)
}

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

// connections yields those of the play.
func (p *play) connections() iter.Seq[*connection] {
	return func(yield func(*connection) bool) {
		for _, peer := range p.peers {
			if conn, ok := peer.(*connection); ok && !yield(conn) {
				return
			}
		}
	}
}

// newConnection makes a connection that open makes a peer of the play.
func (p *play) newConnection(name string, open func(changed func()) (*tcp.Conn, error)) (*connection, error) {
	conn, err := open(p.ring)
	if err != nil {
		return nil, err
	}
	c := &connection{Conn: conn, name: name}
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
	conn, err := p.newConnection(name, func(changed func()) (*tcp.Conn, error) {
		conn, err := tcp.Dial(p.ctx, addr, window, changed)
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
	conn, err := p.newConnection(name, func(changed func()) (*tcp.Conn, error) {
		conn, _ := l.Accept(changed, c.has("stalled"))
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
