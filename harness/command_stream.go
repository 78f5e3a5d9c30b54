package harness

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"

	"wirebook/harness/internal/drain"
	"wirebook/harness/internal/peer/tcp"
)

func cmdSend(p *play, c *call) error {
	conn, err := connectionArg(p, c)
	if err != nil {
		return err
	}
	data, times, err := c.repeated(1)
	if err != nil {
		return err
	}
	if len(data)*times > countable && !c.has("split") {
		return p.sendBlocks(conn, c, data, times)
	}
	data = bytes.Repeat(data, times)
	at, err := c.splits(len(data))
	if err != nil {
		return err
	}
	conn.split = conn.split || len(at) > 0
	conn.glued = conn.glued || bytes.Count(data, []byte("\n")) > 1
	p.ladder.right(conn.name, inPieces(data, at), conn.program)
	return inTurn(data, at,
		func() error { return p.awaitDrained(conn, c.has("try")) },
		func(piece []byte) error {
			p.transcript.add(Sent, conn.name, conn.program, piece)
			conn.Write(piece)
			return p.awaitWritten(conn, c)
		})
}

// sendBlocks sends more than should be held at once.
func (p *play) sendBlocks(conn *connection, c *call, data []byte, times int) error {
	block, blocks, rest := inBlocks(data, times)
	conn.glued = conn.glued || bytes.Count(block, []byte("\n")) > 1
	p.ladder.right(conn.name, quoteStart(block, len(data)*times), conn.program)
	p.transcript.add(Sent, conn.name, conn.program, block)
	conn.WriteTimes(block, blocks)
	conn.Write(rest)
	return p.awaitWritten(conn, c)
}

// awaitWritten waits until the kernel has taken what was sent.
func (p *play) awaitWritten(conn *connection, c *call) error {
	if c.has("queue") {
		return nil
	}
	err := p.awaitReading(conn.readByProgram, func() (bool, error) {
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
	err := p.awaitReading(conn.readByProgram, func() (bool, error) {
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
	conn.answered()
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
