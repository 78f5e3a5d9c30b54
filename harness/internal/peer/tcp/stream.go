package tcp

import (
	"fmt"
	"time"

	"wirebook/harness/internal/conn"
	"wirebook/harness/internal/pieces"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// A stream is a connection that a script leads.
type stream struct {
	*conn.Conn
	play    *play.Play
	channel int
	name    string
	program string                   // the name of the program at the other end
	eof     bool                     // a command asked for its end
	dropped bool                     // we closed it
	sent    pieces.Sent              // and not answered
	words   func(data []byte) string // tells in words what came; nil where bytes are told
	glued   bool                     // what is not answered stood behind another request in one piece
	segments
}

// A Stream is a connection that a script leads, for commands of other packages.
type Stream interface {
	play.Stream
	// Pending is what came and no command asked for, and whether it is all that
	// will come; Take says that a command has asked for n bytes of it.
	Pending() (data []byte, ended bool, err error)
	Take(n int)
	Ending() string // how the program has ended the connection, behind "has"
	// Speaks makes the connection tell in words what came.
	Speaks(words func(data []byte) string)
	Say(p *play.Play, c *script.Call, data []byte, words string) error
}

func (s *stream) Ending() string                        { return s.howClosed() }
func (s *stream) Speaks(words func(data []byte) string) { s.words = words }

func (s *stream) Name() string    { return s.name }
func (s *stream) Program() string { return s.program }

// Take removes what a command has asked for.
func (s *stream) Take(n int) {
	s.Conn.Take(n)
	s.play.Took(s.channel, n)
}

// Close is the end of the play.
func (s *stream) Close() {
	s.Conn.Reset()
	if n := s.Unsent(); n > 0 {
		s.play.Observe(play.Event{Kind: play.Unsent, From: s.name, To: s.program, ToProgram: true, Channel: s.channel, Len: int(n)})
	}
}

// Answered forgets how something was sent that did what it should.
func (s *stream) Answered() { s.sent, s.glued = pieces.Sent{}, false }

// Unanswered is what it sent and is not yet answered, and what the program has not
// read.
func (s *stream) Unanswered() (sent pieces.Sent, unread int) {
	if state, err := s.Drain(); err == nil && state.Found {
		unread = state.Queue
	}
	return s.sent, unread
}

// readByProgram is how many of our bytes the program has read, as far as the system
// can tell.
func (s *stream) readByProgram() uint64 {
	state, err := s.Drain()
	if err != nil || !state.Exact {
		return 0
	}
	return state.Received - uint64(state.Queue)
}

// Unclaimed is what came and no command asked for: bytes, and the end.
func (s *stream) Unclaimed(p *play.Play) (rungs []telling.Rung) {
	if s.dropped {
		return nil
	}
	data, ended, err := s.Pending()
	if len(data) > 0 {
		rungs = append(rungs, s.rung(p, data))
	}
	if ended && !s.eof {
		kind := telling.HalfClose
		if err != nil {
			kind = telling.Resets
		}
		rungs = append(rungs, telling.Rung{Peer: s.name, Program: s.program, Kind: kind})
	}
	return rungs
}

// rung draws bytes that came.
func (s *stream) rung(p *play.Play, data []byte) telling.Rung {
	r := telling.Rung{Peer: s.name, Program: s.program, Kind: telling.Bytes}
	if s.words == nil {
		return p.Rung(r, data)
	}
	r.Kind, r.Text = telling.Message, s.words(data)
	return p.Rung(r, nil)
}

// Witnessed is all that came, and how it ended.
func (s *stream) Witnessed() string {
	data, ended, err := s.Pending()
	switch {
	case s.dropped || !ended:
		return string(data)
	case err == nil:
		return string(data) + "(end of stream)"
	default:
		return string(data) + "(reset)"
	}
}

// howClosed says how the program ended the connection, to stand behind "has".
func (s *stream) howClosed() string {
	_, ended, err := s.Pending()
	switch {
	case err == conn.ErrFlood:
		return "sent more than 64 MiB that nobody asked for"
	case ended && err == nil:
		return "closed the connection"
	default:
		return "reset the connection (it closed it with bytes unread, or it ended)"
	}
}

// newStream makes a connection that open makes a peer of the play. Ours says that it
// is we who connect.
func newStream(p *play.Play, name, program string, ours bool, open func(changed func(conn.Change)) (*conn.Conn, error)) (*stream, error) {
	s := &stream{play: p, channel: p.NewChannel(), name: name, program: program}
	ready := make(chan struct{}) // when s is whole, and told of
	defer close(ready)
	changed := func(conn.Change) { p.Ring() }
	if p.Observing() {
		changed = func(c conn.Change) {
			p.Ring()
			<-ready
			s.hear(p, c)
		}
	}
	began := time.Now()
	opened, err := open(changed)
	s.Conn = opened
	if err != nil {
		return s, err
	}
	// A program may have answered before we see that the connection stands.
	made := s.theirs(telling.Connects, nil)
	made.At = p.Since(opened.Made())
	if ours {
		made = s.ours(telling.Connects, nil)
		made.At = p.Since(began)
	}
	p.Observe(made)
	if s.IsStillborn() {
		p.Observe(s.theirs(telling.Resets, nil))
	}
	return s, nil
}

// hear tells of what the program does.
func (s *stream) hear(p *play.Play, c conn.Change) {
	e := s.theirs(telling.Bytes, c.Received)
	switch {
	case c.Ended && c.Err == nil:
		e.Kind = telling.HalfClose
	case c.Ended:
		e.Kind = telling.Resets
	case len(c.Received) == 0:
		return
	}
	p.Observe(e)
}

// theirs is what the program's end does.
func (s *stream) theirs(kind telling.Kind, data []byte) play.Event {
	return play.Event{Kind: kind, From: s.program, To: s.name, Channel: s.channel, FromAddr: s.Remote(), ToAddr: s.Local(), Data: data}
}

// ours is what our end does, and observe tells of it.
func (s *stream) ours(kind telling.Kind, data []byte) play.Event {
	return play.Event{Kind: kind, From: s.name, To: s.program, ToProgram: true, Channel: s.channel, FromAddr: s.Local(), ToAddr: s.Remote(), Data: data}
}

func (s *stream) observe(p *play.Play, kind telling.Kind, data []byte) {
	if s.IsStillborn() {
		return // it goes nowhere
	}
	p.Observe(s.ours(kind, data))
}

// A door is a listener that a script opens.
type door struct {
	*conn.Listener
	name string
}

func (d *door) Name() string  { return d.name }
func (d *door) Settled() bool { return d.Delivered() }

// TellLast tells of connections that no command accepted.
func (d *door) TellLast(p *play.Play) {
	for _, v := range d.Visits() {
		p.Observe(play.Event{Kind: telling.Connects, To: d.name, Channel: p.NewChannel(), FromAddr: v.From, ToAddr: v.To, At: p.Since(v.At)})
	}
}

// Unclaimed is what came on connections that no command accepted.
func (d *door) Unclaimed(p *play.Play) []telling.Rung {
	n := d.Unread()
	if n == 0 {
		return nil
	}
	return []telling.Rung{{Peer: d.name, Kind: telling.Bytes, Text: fmt.Sprintf("%d bytes on a connection that was not accepted", n), Len: n}}
}
