package play

import (
	"net/netip"
	"time"

	"wirebook/harness/telling"
)

// An Event is one thing that happened between a peer and a program. Of a step it is
// told when it begins, and what it has taken of all that came.
type Event struct {
	At       time.Duration // since the play began
	Step     int           // under which, from 1; 0 before the first
	Kind     telling.Kind
	From, To string // names; "" where it is not known
	// ToProgram says that it is our doing.
	ToProgram bool
	// Channel numbers what steps take from, in a play: a connection, a socket, a
	// cable, a program's screen. It is 0 where no step takes what comes, as of
	// standard error.
	Channel int
	// The addresses are not valid for consoles and Unix sockets.
	FromAddr, ToAddr netip.AddrPort
	Data             []byte // all of it; not to be kept or changed
	Len              int    // of Takes and Unsent
	Text             string // says in words what Data is, where there are such words
	Line             telling.Step
}

// The kinds of events that are no rungs.
const (
	// Begins is the beginning of a step: Line is what stands in the script.
	Begins telling.Kind = "begins"
	// Takes says that a step has asked for what came over a Channel: the next Len
	// bytes of a stream, the next Len datagrams or frames; where Len is 0, its end.
	Takes telling.Kind = "takes"
	// Unsent says that the kernel never took the last Len bytes of what we have
	// sent over a Channel.
	Unsent telling.Kind = "unsent"
	// Owns says that FromAddr is an address of the program From.
	Owns telling.Kind = "owns"
)

// Observing reports whether somebody asked for events.
func (p *Play) Observing() bool { return p.config.Observe != nil }

// Observe hands an event to who asked for them. It may be called by any goroutine. An
// event that tells when it was is not told anew. What happens when the play is over is
// our own tidying up.
func (p *Play) Observe(e Event) {
	if p.config.Observe == nil || p.over.Load() && e.Kind != Unsent {
		return
	}
	if e.At == 0 {
		e.At = p.Since(time.Now())
	}
	e.Step = int(p.number.Load())
	p.config.Observe(e)
}

// Within hands what happens in a play that is part of this one to who asked for events, its
// steps and channels behind those of this one; nil where nobody did.
func (p *Play) Within() func(Event) {
	if !p.Observing() {
		return nil
	}
	begun, steps, channels := p.Since(time.Now()), int(p.number.Load()), p.channels
	return func(e Event) {
		e.At += begun
		e.Step += steps
		if e.Channel > 0 {
			e.Channel += channels
		}
		if e.Kind == Begins {
			p.number.Add(1)
		}
		p.config.Observe(e)
	}
}

// Since is how long after the play's beginning something was.
func (p *Play) Since(at time.Time) time.Duration { return at.Sub(p.began) }

// Took tells that a step has asked for something that came over a channel: n bytes,
// datagrams or frames; its end, where n is 0.
func (p *Play) Took(channel, n int) {
	p.Observe(Event{Kind: Takes, Channel: channel, Len: n})
}

// NewChannel returns the number of a channel that is new.
func (p *Play) NewChannel() int {
	p.channels++
	return p.channels
}

// Channel returns the number of the socket or cable of a name.
func (p *Play) Channel(name string) int {
	if p.byName[name] == 0 {
		if p.byName == nil {
			p.byName = make(map[string]int)
		}
		p.byName[name] = p.NewChannel()
	}
	return p.byName[name]
}
