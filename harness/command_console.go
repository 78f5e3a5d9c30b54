package harness

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"wirebook/harness/internal/process"
)

func cmdType(p *play, c *call) error {
	g, err := programArg(p, c)
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
	p.ladder.right(keyboard, inPieces(data, at), g.name)
	return inTurn(data, at,
		func() error { return p.awaitTaken(g) },
		func(piece []byte) error { return p.typeTo(g, piece) })
}

// typeTo types to a program once it has taken the frames that came before.
func (p *play) typeTo(g *program, data []byte) error {
	if err := p.takeFrames(g); err != nil {
		return err
	}
	g.typed = true
	p.transcript.add(Typed, keyboard, g.name, data)
	// An error says that the program has ended; who waits for it tells why.
	_ = g.process.Write(data)
	return nil
}

// awaitTaken waits until the program has read all that was typed.
func (p *play) awaitTaken(g *program) error {
	err := p.await(func() (bool, error) {
		unread, known := g.process.StdinTaken()
		if !known {
			p.note("this system cannot tell what a program has read of its standard input")
		}
		// When it ended is chance; what comes next tells about it.
		return !known || unread == 0 || g.gone(), nil
	})
	return p.orLimit(err, func(e *limitError) error {
		return p.failf("%s should read its standard input; %s", g.name, e.what())
	})
}

func cmdEnd(p *play, c *call) error {
	g, err := programArg(p, c)
	if err != nil {
		return err
	}
	p.ladder.right(keyboard, "end of input", g.name)
	if err := p.takeFrames(g); err != nil {
		return err
	}
	g.process.CloseStdin()
	return nil
}

func cmdScreen(p *play, c *call) error {
	g, err := programArg(p, c)
	if err != nil {
		return err
	}
	s := p.screenOf(g)
	if c.has("unordered") {
		return p.screenUnordered(c, g, s)
	}
	got, err := p.awaitBytes(c, s)
	if err != nil {
		return err
	}
	p.show(g, got)
	return nil
}

func (p *play) screenOf(g *program) source {
	return source{
		left:    screen,
		program: g.name,
		should:  g.name + " should print",
		pending: func() ([]byte, bool) {
			gone := g.gone() // first: what is unread after that is all
			return g.unread(), gone
		},
		ending: func() string { return g.exit() + saying(g) },
	}
}

// show takes what a command asked for off the program's screen.
func (p *play) show(g *program, got []byte) {
	g.read += int64(len(got))
	for conn := range p.connections() {
		if conn.program == g.name {
			conn.answered()
		}
	}
	p.ladder.left(screen, quoteShort(got), g.name)
}

// screenUnordered waits for the given pieces in any order.
func (p *play) screenUnordered(c *call, g *program, s source) error {
	pieces, err := c.texts(1)
	if err != nil {
		return err
	}
	left := slices.Clone(pieces)
	err = p.await(func() (bool, error) {
		gone := g.gone()
		for len(left) > 0 {
			got := g.unread()
			i := slices.IndexFunc(left, func(piece string) bool { return bytes.HasPrefix(got, []byte(piece)) })
			if i < 0 {
				break
			}
			p.show(g, []byte(left[i]))
			left = slices.Delete(left, i, i+1)
		}
		if len(left) == 0 {
			return true, nil
		}
		got := g.unread()
		possible := slices.ContainsFunc(left, func(piece string) bool { return len(got) < len(piece) && strings.HasPrefix(piece, string(got)) })
		if !possible || gone {
			return false, p.differs(s, []byte(left[0]), gone)
		}
		return false, nil
	})
	return p.orLimit(err, func(e *limitError) error {
		return p.tooShort(s, []byte(left[0]), g.unread(), e.what())
	})
}

// cmdComplains asks for a message on standard error, with all the given texts
// in it.
func cmdComplains(p *play, c *call) error {
	g, err := programArg(p, c)
	if err != nil {
		return err
	}
	texts, err := c.texts(1)
	if err != nil {
		return err
	}
	missing := func() string {
		said := g.process.Stderr().Bytes()
		if len(bytes.TrimSpace(said)) == 0 {
			return "it said nothing there"
		}
		for _, text := range texts {
			if !bytes.Contains(said, []byte(text)) {
				return fmt.Sprintf("%s is missing in %s", quote(text), quoteShort(bytes.TrimSpace(said)))
			}
		}
		return ""
	}
	promise := fmt.Sprintf("%s should say something on standard error", g.name)
	err = p.await(func() (bool, error) {
		gone := g.gone()
		if missing() == "" {
			return true, nil
		}
		if gone {
			return false, p.failf("%s; %s and %s", promise, missing(), g.exit())
		}
		return false, nil
	})
	return p.orLimit(err, func(e *limitError) error {
		return p.failf("%s; %s, %s", promise, missing(), e.what())
	})
}

// cmdHides asks that the given texts were never printed.
func cmdHides(p *play, c *call) error {
	g, err := programArg(p, c)
	if err != nil {
		return err
	}
	texts, err := c.texts(1)
	if err != nil {
		return err
	}
	if err := p.settleOr("come to rest"); err != nil {
		return err
	}
	for _, text := range texts {
		for where, out := range map[string]*process.Output{"output": g.process.Stdout(), "error": g.process.Stderr()} {
			if bytes.Contains(out.Bytes(), []byte(text)) {
				return p.failf("%s should never show %s, but it stands on its standard %s", g.name, quote(text), where)
			}
		}
	}
	return nil
}
