package tcp

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"runtime"

	"wirebook/harness/internal/conn"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// isPath reports whether an address is the path of a Unix socket.
func isPath(addr string) bool {
	_, _, err := net.SplitHostPort(addr)
	return err != nil
}

func checkListen(c *script.Call) error {
	path := ""
	if len(c.Args) > 1 {
		path, _ = c.Literal(1)
	}
	switch {
	case len(c.Args) == 1 && c.Has("full"):
		return errors.New("-full is for a PATH")
	case len(c.Args) == 1:
		return nil
	case c.Has("window"):
		return errors.New("-window is not for a PATH: a Unix socket has no window")
	case path != "" && !filepath.IsLocal(path):
		return fmt.Errorf("%q leads out of the working directory", path)
	}
	return nil
}

// dialPath connects to a Unix socket below the programs' working directory.
func dialPath(p *play.Play, name, owner, path string) error {
	s, err := newStream(p, name, owner, true, func(changed func(conn.Change)) (ours *conn.Conn, err error) {
		waited := p.Await(func() (bool, error) {
			err = p.Dir.Reach(path, func(short string) error {
				ours, err = conn.DialUnix(p.Context(), short, changed)
				return err
			})
			return !conn.QueueFull(err), nil // a queue that is full may empty
		})
		if waited != nil {
			return nil, waited
		}
		return ours, err
	})
	switch {
	case err == nil:
		p.Join(s)
		p.Act(name, owner, telling.Connects, "")
		return nil
	case len(p.Programs()) == 0:
		return fmt.Errorf("connect to %s: %w", path, err)
	case conn.ByProgram(err) && !conn.Refused(err):
		return p.Failf("%s cannot connect to %s: at %s %v", name, owner, telling.Quote(path), reasonOf(err))
	}
	return notConnected(p, name, owner, err)
}

// reasonOf is an error without the names that packages put before it.
func reasonOf(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

// listenAt makes a Unix socket below the programs' working directory.
func listenAt(p *play.Play, name, path string, full bool) error {
	open := func(short string) (play.Peer, error) {
		l, err := conn.ListenUnix(short, p.Ring)
		return &door{l, name}, err
	}
	if full {
		open = func(short string) (play.Peer, error) {
			l, err := conn.ListenFull(short)
			return &closedDoor{l, name}, err
		}
	}
	var peer play.Peer
	err := p.Dir.ReachNew(path, func(short string) (err error) {
		peer, err = open(short)
		return err
	})
	if errors.Is(err, errors.ErrUnsupported) {
		return &play.Skip{Reason: runtime.GOOS + " tells a full queue from nobody who listens no better than we can"}
	}
	if err != nil {
		return fmt.Errorf("listen at %s: %w", path, reasonOf(err))
	}
	p.Join(peer)
	p.Set(name, path)
	return nil
}

// A closedDoor is a listener that lets nobody in.
type closedDoor struct {
	conn.FullListener
	name string
}

func (d *closedDoor) Name() string                        { return d.name }
func (d *closedDoor) Settled() bool                       { return true }
func (d *closedDoor) Delivered() bool                     { return true }
func (d *closedDoor) Unclaimed(*play.Play) []telling.Rung { return nil }
