package programs

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirebook/harness/internal/expect"
	"wirebook/harness/internal/pieces"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// consoleCommands are those about what is typed to programs and what they print.
var consoleCommands = []play.Command{
	play.Row("type NAME BYTES... [-times N] [-file NAME] [-split N,N|each]",
		"Type to a program's standard input. With -split it waits after each piece until the program has read it.",
		cmdType),
	play.Row("end NAME",
		"Close a program's standard input.",
		cmdEnd),
	play.Row("screen NAME BYTES... [-joined] [-times N] [-file NAME] | NAME -match RE | NAME -unordered BYTES...",
		"Wait until the next bytes of a program's standard output are these, or match RE, whose groups may have names as for expect; with -unordered, the pieces in any order. There may be any number of bytes: what is more than 2 MiB is compared as it comes and not kept. With -joined LFs may stand before and between BYTES, which have none; those behind the last byte are left.",
		cmdScreen).Checked(checkScreen),
	play.Row("complains NAME [TEXT...]",
		"Wait until the program has said something on standard error, with every TEXT in it.",
		cmdComplains),
	play.Row("hides NAME TEXT...",
		"No TEXT stands anywhere in what the program printed on standard output and standard error.",
		cmdHides),
	play.Row("quiet [-timers] [NAME...]",
		"Nothing came that was not asked for, and nothing is on its way: waits until all that was sent has arrived and the programs are at rest. Without names: nowhere. With -timers it waits also until each timer that a program has armed has fired once, two seconds at most; for a silence that is the promise itself. It costs time that a program with a clock of its own notices: up to a second where programs ask for news by short timers.",
		cmdQuiet),
}

func cmdType(p *play.Play, c *script.Call) error {
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	data := c.Bytes(1)
	at, err := c.Splits(len(data))
	if err != nil {
		return err
	}
	g.Unanswered.Add(data, at)
	p.Sent(play.Keyboard, g.Name, telling.Bytes, len(at)+1, data, len(data))
	return pieces.InTurn(data, at,
		func() error { return awaitTaken(p, g) },
		func(piece []byte) error { return TypeTo(p, g, piece) })
}

// TypeTo types to a program once it has dealt with what reached it by other ways.
func TypeTo(p *play.Play, g *play.Program, data []byte) error {
	if err := beforeTyping(p, g); err != nil {
		return err
	}
	g.Typed = true
	p.Observe(play.Event{Kind: telling.Bytes, From: play.Keyboard, To: g.Name, ToProgram: true, Data: data})
	// An error says that the program has ended; who waits for it tells why.
	_ = g.Process.Write(data)
	return nil
}

func beforeTyping(p *play.Play, g *play.Program) error {
	for f := range play.Peers[play.Forerunner](p) {
		if err := f.BeforeTyping(p, g); err != nil {
			return err
		}
	}
	return nil
}

// awaitTaken waits until the program has read all that was typed.
func awaitTaken(p *play.Play, g *play.Program) error {
	err := p.Await(func() (bool, error) {
		unread, known := g.Process.StdinUnread()
		if !known {
			p.Note("this system cannot tell what a program has read of its standard input")
		}
		// When it ended is chance; what comes next tells about it.
		return !known || unread == 0 || g.Gone(), nil
	})
	return p.InVain(err, func(v *play.Vain) error {
		return p.Failf("%s should read its standard input; %s", g.Name, v.What())
	})
}

func cmdEnd(p *play.Play, c *script.Call) error {
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	p.Act(play.Keyboard, g.Name, telling.EndInput, "")
	if err := beforeTyping(p, g); err != nil {
		return err
	}
	closeInput(p, g)
	return nil
}

func closeInput(p *play.Play, g *play.Program) {
	p.Observe(play.Event{Kind: telling.EndInput, From: play.Keyboard, To: g.Name, ToProgram: true})
	g.Process.CloseStdin()
}

func cmdScreen(p *play.Play, c *script.Call) error {
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	s := screenOf(p, g)
	switch {
	case c.Has("unordered"):
		return screenUnordered(p, c.Args[1:], g, s)
	case c.Has("joined"):
		return screenJoined(p, c, g, s)
	}
	got, n, err := expect.Bytes(p, c, s)
	if err != nil {
		return err
	}
	show(p, g, got, n)
	return nil
}

func checkScreen(c *script.Call) error {
	if c.Has("joined") && bytes.Contains(c.Bytes(1), lf) {
		return errors.New("-joined leaves LFs out, so there can be none in BYTES")
	}
	return nil
}

var lf = []byte("\n")

// screenJoined waits for bytes between which the program may print LFs.
func screenJoined(p *play.Play, c *script.Call, g *play.Program, s expect.Source) error {
	s.Should += ", LFs left out,"
	s.Pending = func() ([]byte, bool) {
		gone := g.Gone()
		return bytes.ReplaceAll(g.Unread(), lf, nil), gone
	}
	var taken []byte // with the LFs
	take := s.Take
	s.Take = func(left int) {
		got, n := g.Unread(), 0
		for ; left > 0; n++ {
			if got[n] != '\n' {
				left--
			}
		}
		taken = append(taken, got[:n]...)
		take(n)
	}
	if _, _, err := expect.Bytes(p, c, s); err != nil {
		return err
	}
	show(p, g, taken, len(taken))
	return nil
}

func screenOf(p *play.Play, g *play.Program) expect.Source {
	out := g.Process.Stdout()
	held := false
	s := expect.Source{
		Should: g.Name + " should print",
		Pending: func() ([]byte, bool) {
			gone := g.Gone() // first: what is unread after that is all
			return g.Unread(), gone
		},
		Ending: func() string { return g.Ending() + g.Saying() },
		Take: func(n int) {
			g.Read += int64(n)
			p.Took(g.Channel, n)
			if held {
				out.Forget(g.Read)
			}
		},
		Hold:    func() func() { held = true; return out.Hold() },
		Came:    func() uint64 { return uint64(out.Len()) },
		Program: g, Sent: g.Unanswered,
	}
	for stream := range play.Peers[play.Stream](p) {
		if stream.Program() == g.Name {
			s.Streams = append(s.Streams, stream)
		}
	}
	return s
}

// show draws what a command has taken off the program's screen, n bytes that begin
// with got.
func show(p *play.Play, g *play.Program, got []byte, n int) {
	g.Unanswered = pieces.Sent{}
	for stream := range play.Peers[play.Stream](p) {
		if stream.Program() == g.Name {
			stream.Answered()
		}
	}
	p.ReceivedMuch(play.Screen, g.Name, telling.Bytes, got, n)
}

// screenUnordered waits for the pieces in any order.
func screenUnordered(p *play.Play, pieces []string, g *play.Program, s expect.Source) error {
	left := slices.Clone(pieces)
	err := p.Await(func() (bool, error) {
		gone := g.Gone()
		var got []byte // judged below as it was compared, without what has come since
		for len(left) > 0 {
			got = g.Unread()
			i := slices.IndexFunc(left, func(piece string) bool { return bytes.HasPrefix(got, []byte(piece)) })
			if i < 0 {
				break
			}
			s.Take(len(left[i]))
			show(p, g, []byte(left[i]), len(left[i]))
			left = slices.Delete(left, i, i+1)
		}
		if len(left) == 0 {
			return true, nil
		}
		possible := slices.ContainsFunc(left, func(piece string) bool { return len(got) < len(piece) && strings.HasPrefix(piece, string(got)) })
		if !possible || gone {
			return false, expect.Differs(p, s, []byte(left[0]), gone)
		}
		return false, nil
	})
	return p.InVain(err, func(v *play.Vain) error {
		return expect.TooShort(p, s, []byte(left[0]), g.Unread(), v.What(), v)
	})
}

func cmdComplains(p *play.Play, c *script.Call) error {
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	missing := func() string {
		said := bytes.TrimSpace(g.Process.Stderr().Bytes())
		if len(said) == 0 {
			return "it said nothing there"
		}
		for _, text := range c.Args[1:] {
			if !bytes.Contains(said, []byte(text)) {
				return fmt.Sprintf("%s is missing in %s", telling.Quote(text), p.Short(said))
			}
		}
		return ""
	}
	promise := fmt.Sprintf("%s should say something on standard error", g.Name)
	err = p.Await(func() (bool, error) {
		gone := g.Gone()
		if missing() == "" {
			return true, nil
		}
		if gone {
			return false, p.Failf("%s; %s and %s", promise, missing(), g.Ending())
		}
		return false, nil
	})
	return p.InVain(err, func(v *play.Vain) error {
		return p.Failf("%s; %s, %s", promise, missing(), v.What())
	})
}

func cmdHides(p *play.Play, c *script.Call) error {
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	if n := g.Process.Stdout().Forgotten(); n > 0 {
		return fmt.Errorf("hides: an earlier step has taken %s off the screen of %s, of which nothing is kept", telling.Size(int(n)), g.Name)
	}
	return p.See(func() error {
		for _, text := range c.Args[1:] {
			for _, out := range []struct {
				name  string
				bytes []byte
			}{{"output", g.Process.Stdout().Bytes()}, {"error", g.Process.Stderr().Bytes()}} {
				if bytes.Contains(out.bytes, []byte(text)) {
					return p.Failf("%s should never show %s, but it stands on its standard %s", g.Name, telling.Quote(text), out.name)
				}
			}
		}
		return nil
	})
}

func cmdQuiet(p *play.Play, c *script.Call) error {
	for _, name := range c.Args {
		if _, err := play.Find[play.Peer](p, "peer", name); err == nil {
			continue
		}
		if _, err := p.Program(name); err != nil {
			return fmt.Errorf("there is no program or peer named %q yet", name)
		}
	}
	const should = "be quiet"
	if err := p.Settle(should); err != nil {
		return err
	}
	if c.Has("timers") {
		if err := p.AwaitTimers(should); err != nil {
			return err
		}
	}
	counts := func(name string) bool { return len(c.Args) == 0 || slices.Contains(c.Args, name) }
	if err := p.CheckSilence(counts, true, "nothing should come here, but "); err != nil {
		return err
	}
	return checkAlive(p, counts)
}

// checkAlive fails if a program whose silence counts has ended unseen: the dead say
// nothing.
func checkAlive(p *play.Play, counts func(name string) bool) error {
	for _, g := range p.Programs() {
		if counts(g.Name) && g.Gone() && !g.Awaited && !g.Signalled {
			return p.Failf("nothing should happen here, but %s %s%s", g.Name, g.Ending(), g.Saying())
		}
	}
	return nil
}
