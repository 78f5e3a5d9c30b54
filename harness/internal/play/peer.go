package play

import (
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"

	"wirebook/harness/internal/pieces"
	"wirebook/harness/telling"
)

// A Peer is one of our ends. Every kind of it can be settled and closed.
type Peer interface {
	Name() string
	// Settled reports whether all that the peer and the programs sent each other
	// has arrived.
	Settled() bool
	// Delivered reports the same of what the programs sent alone.
	Delivered() bool
	// Unclaimed is what came from programs and no command asked for.
	Unclaimed(*Play) []telling.Rung
	Close()
}

// A Stream is a peer whose bytes a program may read and answer in other pieces than
// they were sent in.
type Stream interface {
	Peer
	// Program is the name of the program at the other end.
	Program() string
	// Unanswered is what it sent and is not yet answered, and how much of all that
	// it sent the program has not read: bytes, or a number that is 0 as they are.
	Unanswered() (sent pieces.Sent, unread int)
	// Answered forgets that: what was owed for it has come.
	Answered()
}

// A Witness is a peer that can tell all that it received and no command asked for,
// to compare it with what another program sends.
type Witness interface {
	Peer
	Witnessed() string
}

// A GuestBook is a peer that tells an observer of something only when the play is over,
// since until then a command may ask for it.
type GuestBook interface {
	Peer
	TellLast(*Play)
}

// A Vanisher is a peer on whose port nobody may answer when a script has closed it,
// until the play's end: the system would give the port to somebody else.
type Vanisher interface {
	Peer
	Vanish() error
}

// A Forerunner is a peer that a program may hear by another way than its keyboard:
// BeforeTyping waits until the program has dealt with what came that way, since what
// a script says first must be first.
type Forerunner interface {
	Peer
	BeforeTyping(*Play, *Program) error
}

// A Socketed is a peer that programs are told of by an address before they start.
type Socketed interface {
	Peer
	// Started is called when a program that was started listens.
	Started(*Program)
}

// Add makes a peer one of the play's, and names its address.
func (p *Play) Add(peer Peer, addr netip.AddrPort) {
	p.Join(peer)
	p.Name(peer.Name(), addr.String())
}

// Join makes a peer one of the play's that has no address of its own to be named.
func (p *Play) Join(peer Peer) { p.peers = append(p.peers, peer) }

// Peers yields those of one kind.
func Peers[T Peer](p *Play) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, peer := range p.peers {
			if t, ok := peer.(T); ok && !yield(t) {
				return
			}
		}
	}
}

// Find finds the newest peer of a name. kind says what it should be, for the error.
func Find[T Peer](p *Play, kind, name string) (T, error) {
	for _, peer := range slices.Backward(p.peers) {
		if t, ok := peer.(T); ok && peer.Name() == name {
			return t, nil
		}
	}
	var none T
	return none, fmt.Errorf("there is no %s named %q yet; an earlier line must make it", kind, name)
}

// Owner returns the name of the program behind an address that we dial or that dials
// us; where that cannot be told, the newest program's.
func (p *Play) Owner(addr string) string {
	for _, g := range slices.Backward(p.programs) {
		if g.Socket != "" && g.Socket == addr {
			return g.Name
		}
		for _, a := range slices.Concat(g.Addrs, g.Sends) {
			if a.String() == addr {
				return g.Name
			}
		}
	}
	if len(p.programs) == 0 {
		return "nobody"
	}
	return p.programs[len(p.programs)-1].Name
}

// Executable is the program under test.
func (p *Play) Executable() Executable { return p.config.Program }

// Reference is the solution's program; nil where it is not here.
func (p *Play) Reference() *Executable { return p.config.Reference }

// Puppet says where the program is that programs may start.
func (p *Play) Puppet() (path string, err error) {
	if p.config.Puppet == nil {
		return "", errors.New("puppet: there is none here")
	}
	return p.config.Puppet()
}

// Programs returns all that were started, in their order.
func (p *Play) Programs() []*Program { return p.programs }

// Silent reports whether nothing has come from any program in the whole play, but for
// where it listens.
func (p *Play) Silent() bool {
	for _, g := range p.programs {
		if g.Process.Stdout().Len() > g.Announced {
			return false
		}
	}
	for _, r := range p.ladder {
		if !r.ToProgram && r.Kind != telling.Listens {
			return false
		}
	}
	for _, peer := range p.peers {
		if len(peer.Unclaimed(p)) > 0 {
			return false
		}
	}
	return true
}

// Tell draws a rung of the ladder.
func (p *Play) Tell(r telling.Rung) {
	r.Step = len(p.steps)
	p.ladder = append(p.ladder, r)
	if r.ToProgram {
		p.acts++
	}
}

// Changed tells that our side has done something to what programs share, which is not
// drawn.
func (p *Play) Changed() { p.acts++ }

// Rung completes a rung with the bytes that it carries.
func (p *Play) Rung(r telling.Rung, data []byte) telling.Rung { return p.addresses.Rung(r, data) }

// Received draws what a command asked for and got.
func (p *Play) Received(peer, program string, kind telling.Kind, data []byte) {
	p.ReceivedMuch(peer, program, kind, data, len(data))
}

// ReceivedMuch is Received of n bytes that begin with data.
func (p *Play) ReceivedMuch(peer, program string, kind telling.Kind, data []byte, n int) {
	r := p.Rung(telling.Rung{Peer: peer, Program: program, Kind: kind}, data)
	r.Len = n
	p.Tell(r)
}

// Act draws what our side did to a program.
func (p *Play) Act(peer, program string, kind telling.Kind, text string) {
	p.Tell(p.Rung(telling.Rung{Peer: peer, Program: program, ToProgram: true, Kind: kind, Text: text}, nil))
}

// Sent draws bytes that our side sent: n in all, which begin with data, in so many
// pieces.
func (p *Play) Sent(peer, program string, kind telling.Kind, pieces int, data []byte, n int) {
	r := telling.Rung{Peer: peer, Program: program, ToProgram: true, Kind: kind}
	if pieces > 1 {
		r.Text = fmt.Sprintf("in %d pieces", pieces)
	}
	r = p.Rung(r, data)
	r.Len = n
	p.Tell(r)
}

// TellLeftovers draws what came and was not asked for: of peers, of the programs'
// consoles, and how programs ended.
func (p *Play) TellLeftovers() {
	for _, r := range p.leftovers(func(string) bool { return true }) {
		p.Tell(r)
	}
	for _, g := range p.programs {
		for _, r := range g.lastRungs(p) {
			p.Tell(r)
		}
	}
}

// leftovers are what came to those whose name counts and no command asked for.
func (p *Play) leftovers(counts func(name string) bool) (found []telling.Rung) {
	for _, peer := range p.peers {
		if counts(peer.Name()) {
			found = append(found, peer.Unclaimed(p)...)
		}
	}
	for _, g := range p.programs {
		if out := g.Unread(); len(out) > 0 && counts(g.Name) {
			found = append(found, p.Rung(telling.Rung{Peer: Screen, Program: g.Name, Kind: telling.Bytes}, out))
		}
	}
	return found
}

// CheckSilence fails if one of those whose name counts received or printed something
// that no command asked for; with ends, also if a connection has ended.
func (p *Play) CheckSilence(counts func(name string) bool, ends bool, promise string) error {
	var found []string
	for _, r := range p.leftovers(counts) {
		if ended := r.Kind == telling.HalfClose || r.Kind == telling.Resets; ended && !ends {
			continue
		}
		found = append(found, sentence(r))
	}
	if len(found) == 0 {
		return nil
	}
	return p.Failf("%s%s%s", promise, telling.Few(found), p.stray())
}

// checkLeftovers is the last step of every scenario: every byte counts, so what came
// and was not asked for is a failure, and so is a program that crashed unseen.
func (p *Play) checkLeftovers() error {
	if err := p.Settle("come to rest at the end of the scenario"); err != nil {
		return err
	}
	if err := p.seeAgain(); err != nil {
		return err
	}
	if err := p.CheckSilence(func(string) bool { return true }, false, nothingMore); err != nil {
		return err
	}
	for _, g := range p.programs {
		if g.unawaited() {
			return p.Failf("%s %s, %s%s", g.Name, g.Ending(), notAsked, g.Saying())
		}
	}
	return nil
}

// stray tells of a program that has crashed, or where a line belongs that one has printed
// on standard output and nobody asked for.
func (p *Play) stray() string {
	for _, g := range p.programs {
		if words := g.Saying(); g.unawaited() && words != "" {
			return fmt.Sprintf("; %s %s%s", g.Name, g.Ending(), words)
		}
	}
	for _, g := range p.programs {
		if out := g.Unread(); len(out) > 0 && strings.HasSuffix(string(out), "\n") {
			return "; " + printElsewhere
		}
	}
	return ""
}
