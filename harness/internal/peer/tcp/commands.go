// Package tcp makes connections peers of a play: the commands by which a scenario
// dials, listens, sends, expects and closes, over TCP or over Unix sockets.
package tcp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"

	"wirebook/harness/internal/conn"
	"wirebook/harness/internal/drain"
	"wirebook/harness/internal/expect"
	"wirebook/harness/internal/pieces"
	"wirebook/harness/internal/pipe"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// Commands are the rows about connections and listeners.
func Commands() []play.Command {
	return []play.Command{
		play.Row("dial PEER ADDR [-window N]",
			"Connect to ADDR, HOST:PORT or the path of a Unix socket; the connection's end is known as PEER, its address as $PEER. With -window it has socket buffers of N bytes, for a slow reader; below 64 KiB also small segments, so that little is on its way to one that does not read.",
			cmdDial),
		play.Row("listen PEER [PATH] [-window N] [-full]",
			"Listen on a loopback port, or at the Unix socket PATH below the programs' working directory, where it stays when the listener is closed; $PEER is its address. -window is for its connections, as dial's. With -full, PATH has a queue that is full: who connects is told to try again. On Linux only; elsewhere the scenario is skipped.",
			cmdListen).Checked(checkListen),
		play.Row("accept PEER [-as NAME] [-stalled]",
			"Wait for a connection to the listener PEER; its end is known as NAME, or PEER from then on. With -stalled it reads nothing before resume.",
			cmdAccept),
		play.Row("send PEER BYTES... [-times N] [-file NAME] [-split N,N|each] [-strict] [-try] [-queue]",
			"Send all BYTES in one write. With -split, in pieces cut at these places (each: every byte), and the next only when the program has really read the one before; where the system cannot tell that, pieces may arrive together, and with -strict the scenario is skipped. With -try the program may close meanwhile; with -queue it does not wait until the kernel has taken all.",
			onStream(cmdSend)),
		play.Row("drained PEER", "Wait until the program has read all that PEER sent.",
			onStream(awaitDrained)),
		play.Row("expect PEER BYTES... [-times N] [-file NAME] | PEER -match RE [-counted]",
			"Wait until the next bytes that PEER received are these, or match RE; what a group of RE matches that has a name, (?P<NAME>...), is $NAME from then on. With -counted so many bytes follow as the first group of RE says, whatever they are. There may be any number, as with screen.",
			onStream(cmdExpect)).Checked(expect.Counted),
		answerRow,
		play.Row("eof PEER [-after RE] [-or-reset]",
			"Wait until the program has closed or half-closed the connection, having sent nothing more. With -after, what it sent before the end may be anything that RE matches whole. A reset is a failure without -or-reset.",
			onStream(cmdEOF)),
		play.Row("segments PEER N",
			"The program has sent PEER at most N segments with data since PEER last sent something. Two writes are two segments, but for a few that the kernel joins: what must be one write is asked for several times. On Linux only.",
			onStream(cmdSegments)).Checked(checkSegments),
		play.Row("shut PEER", "Half-close: the program reads end of file after what was sent, and may still send.",
			ends(telling.HalfClose, func(s *stream) { s.Shut() })),
		play.Row("reset PEER", "End a TCP connection with a reset (RST).",
			onStream(cmdReset)),
		play.Row("close PEER", "Close a connection, a listener, a socket or a cable. What comes there after that is nobody's.",
			cmdClose),
		play.Row("stall NAME", "Read nothing more from the connection, or of what the program prints on standard output, so that its buffers fill up.",
			cmdStall),
		play.Row("resume NAME", "Read again.",
			cmdResume),
	}
}

// onStream is a command about the connection that its first argument names.
func onStream(run func(*play.Play, *stream, *script.Call) error) func(*play.Play, *script.Call) error {
	return func(p *play.Play, c *script.Call) error {
		s, err := play.Find[*stream](p, "connection", c.Args[0])
		if err != nil {
			return err
		}
		return run(p, s, c)
	}
}

// ends is a command that does something to a connection at once.
func ends(kind telling.Kind, do func(*stream)) func(*play.Play, *script.Call) error {
	return onStream(func(p *play.Play, s *stream, _ *script.Call) error {
		do(s)
		s.observe(p, kind, nil)
		p.Act(s.name, s.program, kind, "")
		return nil
	})
}

func cmdDial(p *play.Play, c *script.Call) error {
	name, addr := c.Args[0], c.Args[1]
	owner := p.Owner(addr)
	if isPath(addr) {
		return dialPath(p, name, owner, addr)
	}
	s, err := newStream(p, name, owner, true, func(changed func(conn.Change)) (*conn.Conn, error) {
		return dial(p, owner, addr, c.Number("window", 0), changed)
	})
	if err != nil {
		return notConnected(p, name, owner, err)
	}
	p.Add(s, s.Local())
	p.Act(name, owner, telling.Connects, "")
	return nil
}

// dial connects as a step that waits: a listener may let it.
func dial(p *play.Play, owner, addr string, window int, changed func(conn.Change)) (ours *conn.Conn, err error) {
	ctx, cancel := context.WithCancel(p.Context())
	defer cancel()
	done := make(chan struct{})
	var attempt conn.Attempt
	go func() {
		defer p.Ring()
		defer close(done)
		ours, err = attempt.Dial(ctx, addr, window, changed)
	}()
	made := func() (bool, error) {
		select {
		case <-done:
			return true, nil
		default:
			return false, nil
		}
	}
	waited := p.Await(made)
	for inVain(waited) && !attempt.Unanswered() {
		waited = p.Await(made) // on a busy machine we can be late ourselves
	}
	cancel()
	<-done
	switch {
	case waited != nil && ours != nil:
		ours.Reset()
		return nil, waited
	case waited != nil:
		return nil, waited
	case conn.Refused(err) && endedNow(p, owner):
		// Had it ended a moment later, the connection would have been made, and
		// then reset. What comes next tells about the end.
		return conn.Stillborn(addr, err), nil
	}
	return ours, err
}

func inVain(err error) bool {
	var v *play.Vain
	return errors.As(err, &v)
}

// endedNow reports whether a program has ended or is just about to.
func endedNow(p *play.Play, name string) bool {
	p.SettleBriefly()
	g, err := p.Program(name)
	return err == nil && g.Gone()
}

// notConnected is the failure of a dial.
func notConnected(p *play.Play, name, owner string, err error) error {
	switch {
	case conn.Refused(err):
		return p.Failf("%s cannot connect to %s: it does not listen any more", name, owner)
	case conn.ByProgram(err):
		return p.Failf("%s cannot connect to %s: %v", name, owner, err)
	}
	return p.InVain(err, func(v *play.Vain) error {
		return p.Failf("%s should accept the connection of %s; %s", owner, name, v.What())
	})
}

func cmdListen(p *play.Play, c *script.Call) error {
	if len(c.Args) > 1 {
		return listenAt(p, c.Args[0], c.Args[1], c.Has("full"))
	}
	return Open(p, c.Args[0], "127.0.0.1:0", c.Number("window", 0))
}

// Open adds a listener to the play that is bound to addr.
func Open(p *play.Play, name, addr string, window int) error {
	l, err := conn.Listen(addr, window, p.Ring)
	if err != nil {
		return err
	}
	p.Add(&door{l, name}, l.Addr())
	return nil
}

func cmdAccept(p *play.Play, c *script.Call) error {
	from := c.Args[0]
	name := c.Flag("as", from)
	d, err := play.Find[*door](p, "listener", from)
	if err != nil {
		return err
	}
	err = p.Await(func() (bool, error) {
		n, err := d.Waiting()
		return n > 0, err
	})
	if err != nil {
		return p.InVain(err, func(v *play.Vain) error {
			if v.Ended() {
				return p.NobodyLeft("it connected to " + from)
			}
			return p.Failf("%s should connect to %s; %s", p.Owner(""), from, v.What())
		})
	}
	s, err := newStream(p, name, p.Owner(""), false, func(changed func(conn.Change)) (*conn.Conn, error) {
		ours, _ := d.Accept(changed, c.Has("stalled"))
		return ours, nil
	})
	if err != nil {
		return err
	}
	p.Join(s)
	p.Tell(telling.Rung{Peer: name, Program: s.program, Kind: telling.Connects})
	return nil
}

func cmdSend(p *play.Play, s *stream, c *script.Call) error {
	s.count(s.Conn)
	data, times := c.Repeated(1)
	if len(data)*times > large && !c.Has("split") {
		return sendBlocks(p, s, c, data, times)
	}
	data = bytes.Repeat(data, times)
	at, err := c.Splits(len(data))
	if err != nil {
		return err
	}
	p.Sent(s.name, s.program, telling.Bytes, len(at)+1, data, len(data))
	return sendPieces(p, s, c, data, at)
}

func sendPieces(p *play.Play, s *stream, c *script.Call, data []byte, at []int) error {
	s.sent.Add(data, at)
	return pieces.InTurn(data, at,
		func() error { return awaitDrained(p, s, c) },
		func(piece []byte) error {
			s.observe(p, telling.Bytes, piece)
			s.Write(piece)
			return awaitWritten(p, s, c)
		})
}

// Say sends data as a step of the script that has the flags of send, told in words.
func (s *stream) Say(p *play.Play, c *script.Call, data []byte, words string) error {
	s.count(s.Conn)
	at, err := c.Splits(len(data))
	if err != nil {
		return err
	}
	if len(at) > 0 {
		words += fmt.Sprintf(" in %d pieces", len(at)+1)
	}
	p.Act(s.name, s.program, telling.Message, words)
	return sendPieces(p, s, c, data, at)
}

// large is more than should be held at once.
const large = 2 << 20

func sendBlocks(p *play.Play, s *stream, c *script.Call, data []byte, times int) error {
	block, blocks, rest := pieces.InBlocks(data, times)
	s.sent.Add(block, nil)
	p.Sent(s.name, s.program, telling.Bytes, 1, block, len(data)*times)
	if p.Observing() {
		for range blocks {
			s.observe(p, telling.Bytes, block)
		}
		s.observe(p, telling.Bytes, rest)
	}
	s.WriteTimes(block, blocks)
	s.Write(rest)
	return awaitWritten(p, s, c)
}

// awaitWritten waits until the kernel has taken what was sent.
func awaitWritten(p *play.Play, s *stream, c *script.Call) error {
	if c.Has("queue") {
		return nil
	}
	err := p.AwaitReading(s.readByProgram, func() (bool, error) {
		all, err := s.Written()
		if err == nil {
			return all, nil
		}
		if c.Has("try") {
			return true, nil
		}
		return false, p.Failf("%s could not send all to %s, which had %s", s.name, s.program, s.howClosed())
	})
	return p.InVain(err, func(v *play.Vain) error {
		state, _ := s.Drain()
		return unread(p, s, state, v)
	})
}

func unread(p *play.Play, s *stream, state drain.State, v *play.Vain) error {
	lies := fmt.Sprintf("%d bytes lie", state.Queue)
	if s.IsUnix() {
		lies = "some of it lies"
	}
	return p.Failf("%s should read what %s sends: %s unread; %s", s.program, s.name, lies, v.What())
}

// awaitDrained is the drain barrier: it waits until the program has read all that the
// stream sent. With -try it is content if the program closes meanwhile, with -strict
// only if the system can tell.
func awaitDrained(p *play.Play, s *stream, c *script.Call) error {
	var state drain.State
	err := p.AwaitReading(s.readByProgram, func() (bool, error) {
		var err error
		state, err = s.Drain()
		switch {
		case errors.Is(err, drain.ErrUnknown) && c.Has("strict"):
			return false, &play.Skip{Reason: "this system cannot guarantee that pieces arrive apart"}
		case errors.Is(err, drain.ErrUnknown):
			p.Note("this system cannot guarantee that pieces arrive apart: a mistake in reading them may stay unseen here")
			return true, nil
		case err != nil:
			return false, err
		}
		_, ended, endErr := s.Pending()
		if !state.Found || (ended && endErr != nil) {
			if c.Has("try") {
				return true, nil
			}
			return false, p.Failf("%s should read what %s sends, but has %s", s.program, s.name, s.howClosed())
		}
		return state.Drained(s.Conn.Sent()), nil
	})
	return p.InVain(err, func(v *play.Vain) error { return unread(p, s, state, v) })
}

func cmdExpect(p *play.Play, s *stream, c *script.Call) error {
	got, n, err := expect.Bytes(p, c, s.source())
	if err != nil {
		return err
	}
	s.Answered()
	p.ReceivedMuch(s.name, s.program, telling.Bytes, got, n)
	return nil
}

// source is where a command waits for what the program sends.
func (s *stream) source() expect.Source {
	return expect.Source{
		Should: s.name + " should receive",
		From:   " from " + s.program,
		Pending: func() ([]byte, bool) {
			data, ended, _ := s.Pending()
			return data, ended
		},
		Ending:  s.howClosed,
		Take:    s.Take,
		Hold:    s.Hold,
		Came:    s.Received,
		Streams: []play.Stream{s},
	}
}

func cmdEOF(p *play.Play, s *stream, c *script.Call) error {
	var after *regexp.Regexp
	if c.Has("after") {
		after = c.Pattern("after")
	}
	return awaitEnd(p, s, after, c.Has("or-reset"))
}

// awaitEnd waits until the program has ended its side of the connection. What it sent
// before that may be nothing, or what after matches as a whole.
func awaitEnd(p *play.Play, s *stream, after *regexp.Regexp, orReset bool) error {
	err := p.Await(func() (bool, error) {
		data, ended, endErr := s.Pending()
		switch {
		case after != nil && !ended:
			return false, nil
		case after != nil && regexp.MustCompile(`\A(?:`+after.String()+`)\z`).Match(data):
			s.Take(len(data))
		case after != nil && len(data) > 0:
			return false, p.Failf("%s should send what matches '%s' and then close the connection; it sent %s", s.program, after, p.Short(data))
		case len(data) > 0:
			return false, p.Compared(fmt.Sprintf("%s should close the connection here; it sent %s more", s.program, p.Short(data)), nil, data)
		case !ended:
			return false, nil
		case endErr != nil && !orReset:
			return false, p.Failf("%s should close the connection properly; it %s", s.program, s.howClosed())
		}
		return true, nil
	})
	if err != nil {
		return p.InVain(err, func(v *play.Vain) error {
			return p.Failf("%s should close its connection with %s; %s", s.program, s.name, v.What())
		})
	}
	s.tellEnd(p)
	return nil
}

// tellEnd draws the end of the program's side, for which a command has asked.
func (s *stream) tellEnd(p *play.Play) {
	s.eof = true
	p.Took(s.channel, 0)
	kind := telling.HalfClose
	if _, _, err := s.Pending(); err != nil {
		kind = telling.Resets
	}
	p.Tell(telling.Rung{Peer: s.name, Program: s.program, Kind: kind})
}

func cmdReset(p *play.Play, s *stream, c *script.Call) error {
	if s.IsUnix() {
		return fmt.Errorf("reset %s: a Unix socket knows no reset; write: close %s", s.name, s.name)
	}
	return ends(telling.Resets, func(s *stream) { s.dropped = true; s.Reset() })(p, c)
}

// cmdDrop closes a connection. Where the program has sent what we have not read, the
// kernel resets it.
func cmdDrop(p *play.Play, s *stream, _ *script.Call) error {
	seen := telling.Closes
	if p.Observing() && s.Lossy() {
		seen = telling.Resets
	}
	s.dropped = true
	s.Conn.Close()
	s.observe(p, seen, nil)
	p.Act(s.name, s.program, telling.Closes, "")
	return nil
}

func cmdStall(p *play.Play, c *script.Call) error {
	return onOutput(p, c, telling.Stalls, (*conn.Conn).Stall, (*pipe.Output).Stall)
}

func cmdResume(p *play.Play, c *script.Call) error {
	return onOutput(p, c, telling.Resumes, (*conn.Conn).Resume, (*pipe.Output).Resume)
}

// onOutput does something to a connection, or to what the program of that name prints.
func onOutput(p *play.Play, c *script.Call, kind telling.Kind, toConn func(*conn.Conn), toOutput func(*pipe.Output)) error {
	name := c.Args[0]
	if _, err := play.Find[*stream](p, "connection", name); err == nil {
		return ends(kind, func(s *stream) { toConn(s.Conn) })(p, c)
	}
	g, err := p.Program(name)
	if err != nil {
		return fmt.Errorf("there is no connection and no program named %q yet; an earlier line must make it", name)
	}
	toOutput(g.Process.Stdout())
	p.Observe(play.Event{Kind: kind, From: play.Screen, To: g.Name, ToProgram: true})
	p.Act(play.Screen, g.Name, kind, "")
	return nil
}

func cmdClose(p *play.Play, c *script.Call) error {
	name := c.Args[0]
	if _, err := play.Find[*stream](p, "connection", name); err == nil {
		return onStream(cmdDrop)(p, c)
	}
	if v, err := play.Find[play.Vanisher](p, "listener", name); err == nil {
		return v.Vanish()
	}
	peer, err := play.Find[play.Peer](p, "peer", name)
	if err != nil {
		return err
	}
	peer.Close()
	return nil
}
