package cable

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"wirebook/harness/internal/frame"
	"wirebook/harness/internal/packet"
	"wirebook/harness/internal/peer/udp"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/programs"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// Commands are the rows about cables, frames and a device's clock.
func Commands() []play.Command {
	return []play.Command{
		play.Row("cable NAME",
			"Bind our end of a cable; $NAME is its address, for the other end's REMOTE in a program's argument LOCAL,REMOTE.",
			cmdCable),
		play.Row("frame NAME send|expect|gather|maybe|unguessable KIND [FIELD=VALUE...]",
			"Send an Ethernet frame over a cable, or wait for the next one with these fields; gather waits for the text of TCP segments, however it is cut (most=N: the largest); maybe allows one such frame from now on, beside those that are expected; unguessable looks at the sequence numbers of segments that came (of=NAME,NAME...: eight at least). Kinds and fields are those of package frame.",
			cmdFrame).Checked(checkFrame),
		play.Row("tick PROGRAM D",
			"Type a tick line, once the program has taken all frames that were sent to it.",
			cmdTick).Checked(checkTick),
		play.Row("plug CABLE",
			"Plug our end of a cable in again, which close has pulled out, at its old address.",
			cmdPlug),
	}
}

// A plug is an end of a cable that a script leads.
type plug struct {
	*End
	name    string
	program string         // at the other end
	memory  *frame.Memory  // frames of which later words speak
	spoke   *spoken        // of all cables
	passed  *frame.Passed  // of all cables
	typed   int            // the frames that were sent when something was typed last
	next    *Frame         // looked at and not yet taken
	maybe   []frame.Expect // frames that may come, once each
	sent    bool           // since something was typed to the program
	stray   *Stray         // the same of what came from elsewhere
	closed  bool
	marks   bool     // may come, and are nothing that a program should be asked about
	early   []Frame  // came while a probe was under way
	all     [][]byte // every frame that came, for a witness
	told    []string // the first of them in words

	heard map[string]*frame.Heard // over all cables, by each switch
}

func (e *plug) Name() string { return e.name }

func (e *plug) Close() {
	e.closed = true
	e.End.Close()
}

func (e *plug) Settled() bool {
	if e.closed {
		return true
	}
	e.Settle()
	return allRead(e.Addr(), e.Other())
}

func (e *plug) Delivered() bool {
	if e.closed {
		return true
	}
	e.Settle()
	return udp.NothingInFlight()
}

// allRead reports whether the program at to has taken all that from has sent to it,
// and nothing is on its way to any socket. Where the system cannot tell it says yes.
func allRead(from, to netip.AddrPort) bool {
	if !udp.NothingInFlight() {
		return false
	}
	if !to.IsValid() {
		return true
	}
	unread, err := udp.Unread(from, to)
	return err != nil || unread == 0
}

// Vanish pulls the end out. Nobody else may be given its address, for it may be
// plugged in again.
func (e *plug) Vanish() error {
	e.closed = true
	return e.Unplug()
}

// Started plugs the cable into the program whose arguments name its address.
func (e *plug) Started(g *play.Program) {
	for i, port := range programs.Ports(g.Args) {
		if port.Remote == e.Addr().String() && i < len(g.Addrs) {
			e.program = g.Name
			e.Plug(g.Addrs[i])
			if Learns(g.Args) {
				e.heard[g.Name] = new(frame.Heard)
			}
		}
	}
}

// oldest takes the oldest frame off the cable.
func (e *plug) oldest() (Frame, bool) {
	if len(e.early) > 0 {
		f := e.early[0]
		e.early = e.early[1:]
		return f, true
	}
	for {
		if f, ok := e.Next(); !ok || !e.marks || !frame.IsMark(f.Bytes) {
			return f, ok
		}
	}
}

// excused takes the next frame off the cable if it is one that may come.
func (e *plug) excused(p *play.Play) bool {
	f, ok := e.peek()
	if !ok {
		return false
	}
	for i, m := range e.maybe {
		if _, err := m.Take(f.Bytes, e.memory); err == nil {
			e.maybe = slices.Delete(e.maybe, i, i+1)
			e.took(p, f.Bytes)
			return true
		}
	}
	return false
}

// took notes that the next frame was asked for.
func (e *plug) took(p *play.Play, b []byte) {
	e.next = nil
	e.spoke.came(e, b)
	p.Took(p.Channel(e.name), 1)
	p.Tell(e.arrived(p, b))
}

func (e *plug) peek() (Frame, bool) {
	if e.next == nil {
		f, ok := e.oldest()
		if !ok {
			return f, false
		}
		e.next = &f
		e.all = append(e.all, f.Bytes)
	}
	return *e.next, true
}

// Unclaimed is the oldest frame that no command asked for, and how many are behind
// it; then what did not come from the program's own socket.
func (e *plug) Unclaimed(p *play.Play) []telling.Rung {
	if e.closed {
		return nil
	}
	for e.excused(p) {
	}
	if f, ok := e.peek(); ok {
		return play.AndMore(e.arrived(p, f.Bytes), len(e.early)+e.Len())
	}
	if s, ok := e.peekStray(); ok {
		return []telling.Rung{{Peer: e.name, Program: e.program, Kind: telling.Datagram, Len: len(s.Bytes),
			Text: fmt.Sprintf("%d bytes from another socket than the one that the program said it is bound to", len(s.Bytes))}}
	}
	return nil
}

// peekStray returns the oldest datagram that came from elsewhere.
func (e *plug) peekStray() (Stray, bool) {
	if e.stray == nil {
		s, ok := e.NextStray()
		if !ok {
			return s, false
		}
		e.stray = &s
	}
	return *e.stray, true
}

// arrived draws a frame that came.
func (e *plug) arrived(p *play.Play, b []byte) telling.Rung {
	r := e.rung(p, b)
	r.Changed = e.passed.Out(b)
	return r
}

// rung draws a frame.
func (e *plug) rung(p *play.Play, b []byte) telling.Rung {
	return p.Rung(telling.Rung{Peer: e.name, Program: e.program, Kind: telling.Frame, Text: frame.Describe(b)}, b)
}

func (e *plug) Witnessed() string {
	for _, b := range e.Frames()[len(e.told):] {
		e.told = append(e.told, frame.Describe(b))
	}
	return strings.Join(e.told, "\n")
}

// Frames are all that came.
func (e *plug) Frames() [][]byte {
	for {
		if _, ok := e.peek(); !ok {
			return e.all
		}
		e.next = nil
	}
}

func cmdCable(p *play.Play, c *script.Call) error {
	end, err := New(udp.Hearer(p, c.Args[0], telling.Frame, frame.Describe))
	if err != nil {
		return err
	}
	anew := &plug{End: end, name: c.Args[0], memory: frame.NewMemory(), spoke: &spoken{voices: make(map[*plug]map[frame.Station]*voice)},
		passed: new(frame.Passed), heard: make(map[string]*frame.Heard)}
	for e := range play.Peers[*plug](p) {
		anew.memory, anew.spoke, anew.passed, anew.heard = e.memory.Beside(), e.spoke, e.passed, e.heard
		break
	}
	p.Add(anew, end.Addr())
	return nil
}

func cmdPlug(p *play.Play, c *script.Call) error {
	e, err := play.Find[*plug](p, "cable", c.Args[0])
	if err != nil {
		return err
	}
	if !e.closed {
		return fmt.Errorf("the cable %s is plugged in; close %s pulls it out", e.name, e.name)
	}
	if err := e.Replug(); err != nil {
		return err
	}
	e.closed = false
	return nil
}

func checkFrame(c *script.Call) error {
	return frame.Check(c.Args[1], c.Args[2:], func(i int) bool { _, known := c.Literal(i + 2); return !known })
}

func cmdFrame(p *play.Play, c *script.Call) error {
	e, err := play.Find[*plug](p, "cable", c.Args[0])
	if err != nil {
		return err
	}
	return frameVerbs[c.Args[1]](p, e, c.Args[2:])
}

var frameVerbs = map[string]func(p *play.Play, e *plug, words []string) error{
	"send":   sendFrame,
	"expect": expectFrames,
	"gather": gatherFrames,
	"maybe":  allowFrame,

	"unguessable": judgeNumbers,
}

func sendFrame(p *play.Play, e *plug, words []string) error {
	send, err := frame.ParseSend(words)
	if err != nil {
		return err
	}
	b, err := send.Bytes(e.memory)
	if err != nil {
		return err
	}
	if g, err := p.Program(e.program); err == nil && g.Typed {
		if err := p.Settle("come to rest before the next frame"); err != nil {
			return err
		}
		g.Typed = false
	}
	e.sent = true
	r := e.rung(p, b)
	r.ToProgram = true
	if n := send.Stations(); n > 1 {
		r.Text = fmt.Sprintf("%s; %d frames, each from another station", r.Text, n)
	}
	heard := e.heard[e.program]
	if heard != nil {
		r.Heard = heard.For(b)
	}
	p.Tell(r)
	e.passed.In(b)
	for n := range send.Stations() {
		if n > 0 && n%inFlight == 0 {
			if err := e.awaitTaken(p); err != nil {
				return err
			}
		}
		e.spoke.sent(e, b)
		if heard != nil {
			heard.In(b, e.name)
		}
		e.observe(p, b)
		if err := e.Send(b); err != nil {
			return err
		}
		b = slices.Clone(b)
		frame.NextStation(b)
	}
	return nil
}

// inFlight is how many frames are under way at a time: what the lessons promise
// their programs.
const inFlight = 50

// observe tells of a frame that we send.
func (e *plug) observe(p *play.Play, b []byte) {
	if p.Observing() {
		p.Observe(play.Event{Kind: telling.Frame, From: e.name, To: e.program, ToProgram: true, FromAddr: e.Addr(), ToAddr: e.Other(), Data: b, Text: frame.Describe(b)})
	}
}

// expectFrames waits for the frames that words describe, in any order where there are
// several.
func expectFrames(p *play.Play, e *plug, words []string) error {
	expected, err := frame.ParseExpect(words)
	if err != nil {
		return err
	}
	return e.await(p, wish{
		done: func() bool { return expected.Len() == 0 },
		take: func(b []byte) (err error) {
			expected, err = expected.Take(b, e.memory)
			return err
		},
		text: func() string { return expected.String() },
		came: func() string { return "nothing came" },
	})
}

// gatherFrames waits for the text that words describe.
func gatherFrames(p *play.Play, e *plug, words []string) error {
	g, err := frame.ParseGather(words)
	if err != nil {
		return err
	}
	return e.await(p, wish{
		done: g.Done,
		take: func(b []byte) error { return g.Take(b, e.memory) },
		text: g.String,
		came: g.Came,
	})
}

// allowFrame notes that a frame may come.
func allowFrame(_ *play.Play, e *plug, words []string) error {
	allowed, err := frame.ParseExpect(words)
	e.maybe = append(e.maybe, allowed)
	return err
}

// judgeNumbers looks at the numbers of segments that came.
func judgeNumbers(p *play.Play, e *plug, words []string) error {
	segments, err := frame.ParseUnguessable(words)
	if err != nil {
		return err
	}
	pattern, err := segments.Pattern(e.memory)
	if err == nil && pattern != "" {
		return p.Failf("nobody should be able to guess the first number of %s's next connection, but %s", e.program, pattern)
	}
	return err
}

// A wish is what a scenario waits for at a cable.
type wish struct {
	done func() bool
	take func(frame []byte) error // a frame that does not fit is a *packet.Mismatch
	text func() string            // what is still wished
	came func() string            // what has come of it
}

// await waits until a wish is done. A frame that does not fit may be one that is
// allowed.
func (e *plug) await(p *play.Play, w wish) error {
	err := p.Await(func() (bool, error) {
		for !w.done() {
			f, ok := e.peek()
			if !ok {
				return false, nil
			}
			err := w.take(f.Bytes)
			var mismatch *packet.Mismatch
			switch {
			case err == nil:
				e.took(p, f.Bytes)
			case e.excused(p):
			case errors.As(err, &mismatch):
				return false, wrongFrame(p, e, mismatch)
			default:
				return false, err
			}
		}
		return true, nil
	})
	return p.InVain(err, func(v *play.Vain) error {
		if v.Ended() {
			return p.NobodyLeft("it sent " + w.text())
		}
		return p.Failf("%s should send the frame %s; %s, %s", e.program, w.text(), w.came(), v.What())
	})
}

// wrongFrame is the failure of a frame that is not the one that was owed.
func wrongFrame(p *play.Play, e *plug, m *packet.Mismatch) error {
	f := p.Failf("%s sent a wrong frame: %v", e.program, m)
	f.Difference = m.Difference()
	return f
}

func checkTick(c *script.Call) error {
	if d, err := time.ParseDuration(c.Args[1]); c.Args[1] != "" && (err != nil || d < 0) {
		return fmt.Errorf("%q is no time; write: tick %s 1s", c.Args[1], c.Args[0])
	}
	return nil
}

// cmdTick moves a device's clock.
func cmdTick(p *play.Play, c *script.Call) error {
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	for e := range play.Peers[*plug](p) {
		if heard := e.heard[g.Name]; heard != nil {
			d, _ := time.ParseDuration(c.Args[1]) // what is no time moves no clock
			heard.Now += d
			break // all cables have the same
		}
	}
	line := []byte("tick " + c.Args[1] + "\n")
	p.Sent(play.Keyboard, g.Name, telling.Bytes, 1, line, len(line))
	return programs.TypeTo(p, g, line)
}
