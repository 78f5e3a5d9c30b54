package harness

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"wirebook/harness/internal/frame"
	"wirebook/harness/internal/peer/cable"
	"wirebook/harness/internal/peer/udp"
)

// A cableEnd is our end of a cable.
type cableEnd struct {
	*cable.End
	name    string
	program string       // at the other end
	memory  frame.Memory // frames that later ones answer
	next    *cable.Frame // looked at and not yet taken
	sent    bool         // since something was typed to the program
	closed  bool
	early   []cable.Frame // came while a probe was under way
	all     []string      // every frame in words, for a witness
}

func (e *cableEnd) peerName() string { return e.name }

func (e *cableEnd) close() {
	if !e.closed {
		e.closed = true
		e.Close()
	}
}

func (e *cableEnd) settled() bool {
	if e.closed {
		return true
	}
	e.Settle()
	return allRead(e.Addr(), e.Other())
}

// allRead reports whether the program at to has taken all that from has sent to
// it, and nothing is on its way to any socket. Where the system cannot tell it
// says yes.
func allRead(from, to netip.AddrPort) bool {
	if inFlight() > 0 {
		return false
	}
	if !to.IsValid() {
		return true
	}
	unread, err := udp.Unread(from, to)
	return err != nil || unread == 0
}

// oldest takes the oldest frame off the cable.
func (e *cableEnd) oldest() (cable.Frame, bool) {
	if len(e.early) == 0 {
		return e.Next()
	}
	f := e.early[0]
	e.early = e.early[1:]
	return f, true
}

func (e *cableEnd) peek() (cable.Frame, bool) {
	if e.next == nil {
		f, ok := e.oldest()
		if !ok {
			return f, false
		}
		e.next = &f
		e.all = append(e.all, frame.Describe(f.Bytes))
	}
	return *e.next, true
}

func (e *cableEnd) pending() string {
	if e.closed {
		return ""
	}
	if f, ok := e.peek(); ok {
		text := fmt.Sprintf("%s received the frame %s", e.name, frame.Describe(f.Bytes))
		if n := len(e.early) + e.Len(); n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		return text
	}
	if s, ok := e.NextStray(); ok {
		return fmt.Sprintf("%s received %d bytes from another socket than the one that the program said it is bound to", e.name, len(s.Bytes))
	}
	return ""
}

func (e *cableEnd) heard() bool {
	e.peek()
	return len(e.all) > 0
}

func (e *cableEnd) witnessed() string {
	for {
		if _, ok := e.peek(); !ok {
			return strings.Join(e.all, "\n")
		}
		e.next = nil
	}
}

func cmdCable(p *play, c *call) error {
	name, err := c.text(0)
	if err != nil {
		return err
	}
	end, err := cable.New(p.ring)
	if err != nil {
		return err
	}
	p.peers = append(p.peers, &cableEnd{End: end, name: name, memory: make(frame.Memory)})
	p.setAddress(name, end.Addr().String())
	return nil
}

// plug connects the cables that a program's arguments name, as in
// -cable 127.0.0.1:0,$lan, with the addresses that it is bound to.
func (p *play) plug(g *program) {
	port := 0
	for i, arg := range g.args[:max(0, len(g.args)-1)] {
		if arg != "-cable" && arg != "-port" {
			continue
		}
		_, remote, _ := strings.Cut(g.args[i+1], ",")
		for _, peer := range p.peers {
			if e, ok := peer.(*cableEnd); ok && e.Addr().String() == remote && port < len(g.addrs) {
				e.program = g.name
				e.Plug(g.addrs[port])
			}
		}
		port++
	}
}

func cmdFrame(p *play, c *call) error {
	name, verb, err := two(c)
	if err != nil {
		return err
	}
	e, err := findPeer[*cableEnd](p, name)
	if err != nil {
		return err
	}
	words, err := c.texts(2)
	if err != nil {
		return err
	}
	switch verb {
	case "send":
		return p.sendFrame(e, words)
	case "expect":
		return p.expectFrames(e, words)
	}
	return fmt.Errorf("frame: %q is neither send nor expect", verb)
}

func (p *play) sendFrame(e *cableEnd, words []string) error {
	send, err := frame.ParseSend(words)
	if err != nil {
		return err
	}
	b, err := send.Bytes(e.memory)
	if err != nil {
		return err
	}
	if g, err := p.program(e.program); err == nil && g.typed {
		if err := p.settleOr("come to rest before the next frame"); err != nil {
			return err
		}
		g.typed = false
	}
	e.sent = true
	p.transcript.add(Sent, e.name, e.program, b)
	p.ladder.right(e.name, frame.Describe(b), e.program)
	return e.Send(b)
}

// expectFrames waits for the frames that words describe, in any order where
// there are several.
func (p *play) expectFrames(e *cableEnd, words []string) error {
	expected, err := frame.ParseExpect(words)
	if err != nil {
		return err
	}
	err = p.await(func() (bool, error) {
		for expected.Len() > 0 {
			f, ok := e.peek()
			if !ok {
				return false, nil
			}
			rest, err := expected.Take(f.Bytes, e.memory)
			var mismatch *frame.Mismatch
			if errors.As(err, &mismatch) {
				return false, p.wrongFrame(e, mismatch)
			}
			if err != nil {
				return false, err
			}
			expected, e.next = rest, nil
			p.transcript.add(Received, e.program, e.name, f.Bytes)
			p.ladder.left(e.name, frame.Describe(f.Bytes), e.program)
		}
		return true, nil
	})
	return p.orLimit(err, func(l *limitError) error {
		if l.dead {
			return p.nobodyLeft("it sent " + expected.String())
		}
		return p.failf("%s should send the frame %s; nothing came, %s", e.program, expected, l.what())
	})
}

// wrongFrame is the failure of a frame that is not the one that was owed. Its
// bytes are shown in hex, with the wrong field under the caret.
func (p *play) wrongFrame(e *cableEnd, m *frame.Mismatch) error {
	p.ladder.left(e.name, frame.Describe(m.Frame), e.program)
	f := p.failf("%s sent a wrong frame: %v", e.program, m)
	if got, column := m.Bytes(); got != "" {
		f.Want, f.Got, f.Caret = m.Field+" = "+m.Want, got, column
	}
	return f
}

// cmdTick moves a device's clock.
func cmdTick(p *play, c *call) error {
	name, duration, err := two(c)
	if err != nil {
		return err
	}
	g, err := p.program(name)
	if err != nil {
		return err
	}
	line := []byte("tick " + duration + "\n")
	p.ladder.right(keyboard, quoteShort(line), g.name)
	return p.typeTo(g, line)
}

// takeFrames waits until a device has dealt with the frames that were sent to
// it. Frames and typed lines reach it on two ways; what a script says first
// must be first. Where the system cannot tell, it is when the device answers a
// probe for its own address, which it cannot do before.
func (p *play) takeFrames(g *program) error {
	sent := false
	for _, peer := range p.peers {
		if e, ok := peer.(*cableEnd); ok && e.program == g.name {
			sent = sent || e.sent
			e.sent = false
		}
	}
	if !sent {
		return nil
	}
	if err := p.settleOr("come to rest before something is typed"); err != nil {
		return err
	}
	if p.look().known {
		return nil
	}
	return p.probe(g)
}

// probe asks a host for its own address on each of its cables, and waits for
// the answers.
func (p *play) probe(g *program) error {
	at := slices.Index(g.args, "-ip")
	if at < 0 || at+1 >= len(g.args) {
		return nil
	}
	host, _, _ := strings.Cut(g.args[at+1], "/")
	for _, peer := range p.peers {
		e, ok := peer.(*cableEnd)
		if !ok || e.program != g.name {
			continue
		}
		if err := p.probeCable(e, host); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) probeCable(e *cableEnd, host string) error {
	probe, err := frame.Probe(host)
	if err != nil {
		return err
	}
	if err := e.Send(probe); err != nil {
		return err
	}
	var before []cable.Frame
	err = p.await(func() (bool, error) {
		for {
			f, ok := e.Next()
			if !ok {
				return false, nil
			}
			if frame.AnswersProbe(f.Bytes) {
				return true, nil
			}
			before = append(before, f)
		}
	})
	e.early = append(e.early, before...)
	return p.orLimit(err, func(l *limitError) error {
		return p.failf("%s should answer a probe for its own address; %s", e.program, l.what())
	})
}
