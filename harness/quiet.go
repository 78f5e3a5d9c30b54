package harness

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A look is the state of the play at one moment, as far as it can show that
// nothing is under way.
type look struct {
	activity
	arrived bool  // all that was sent and typed
	running int   // programs
	printed int64 // bytes of all programs on standard output
}

// look first takes the programs' activity and then sees what has arrived: that
// order makes two equal looks a proof.
func (p *play) look() look {
	l := look{activity: p.activity(), arrived: p.arrived(), running: len(p.running())}
	for _, g := range p.programs {
		l.printed += g.process.Stdout().Len()
	}
	return l
}

// arrived reports whether nothing is on its way: neither between programs and
// peers nor in what programs read and print.
func (p *play) arrived() bool {
	for _, peer := range p.peers {
		if !peer.settled() {
			return false
		}
	}
	for _, g := range p.running() {
		if !g.collected() || !g.process.StdinSettled() {
			return false
		}
	}
	return true
}

func (l look) still() bool { return l.asleep && l.arrived }

// restsSince reports whether two looks show that the play is at rest: all was
// still in both, and no program ran between them, nor is about to ask for news.
func (l look) restsSince(before look) bool {
	if l.running == 0 {
		return l.arrived
	}
	return l.known && l.still() && !l.polls && before.still() && before.running == l.running && before.sum == l.sum
}

// collected reports whether all that the program has printed is here.
func (g *program) collected() bool {
	out, _ := g.process.Stdout().Pending()
	complaints, _ := g.process.Stderr().Pending()
	return out == 0 && complaints == 0
}

// atRest is how long a program that never sleeps long enough for two equal
// looks, because it asks for news every now and then, must have rested
// altogether to count as at rest; and where the system cannot tell, how long
// nothing must have happened.
//
// Programs that ask so often that one of them is always awake are at rest when
// they have left the processors alone for sparesRest altogether.
const (
	atRest     = 100 * time.Millisecond
	sparesRest = time.Second
)

// settle waits until the play is at rest: what everybody sent has arrived, and
// no program does anything. Two looks with nothing between them show it: what
// wakes a program makes one of its threads runnable at once, and a thread that
// ran shows in the kernel's accounts. Only a timer escapes.
func (p *play) settle() error {
	var w *watch
	var alone spares
	printed := int64(0)
	return p.awaitRest(func(now look) bool {
		if w == nil || now.printed != printed {
			// Who goes on printing does not rest; who logs may.
			w, alone, printed = p.newWatch(), make(spares), now.printed
		}
		spared := alone.look(time.Now(), p.running())
		w.look()
		if !now.known {
			p.note("this system cannot tell whether a program is at rest: something late may stay unseen here")
		}
		rested := now.asleep && w.idle >= atRest || spared >= sparesRest
		return now.arrived && rested
	})
}

// settleBriefly waits for rest before a failure is told; a program that does
// not come to rest is told as it is.
func (p *play) settleBriefly() {
	deadline := time.Now().Add(time.Second)
	_ = p.awaitRest(func(look) bool { return time.Now().After(deadline) })
}

// awaitRest waits until two looks show rest, or one of them is enough. As long
// as it asks often, it does not look at a program that has run since it last
// asked: to see that takes a tenth of a look.
func (p *play) awaitRest(enough func(look) bool) error {
	var last look
	var worked time.Duration
	return p.awaitLooking(restLook, nil, func(pause *time.Duration) (bool, error) {
		if p.flooded() {
			return false, &limitError{full: true} // it stands still because we do
		}
		workedBefore := worked
		if worked = p.worked(); worked != workedBefore && *pause < restLook {
			return false, nil
		}
		now, before := p.look(), last
		last = now
		if now.still() && !before.still() {
			*pause = firstLook // the second look that shows rest
		}
		return now.restsSince(before) || enough(now), nil
	})
}

// worked is the processor time of all programs that run.
func (p *play) worked() (sum time.Duration) {
	for _, g := range p.programs {
		sum += g.process.CPU()
	}
	return sum
}

// cmdQuiet asks that nothing came from the named programs and peers, and that
// nothing is on its way.
func cmdQuiet(p *play, c *call) error {
	names, err := c.texts(0)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := findPeer[peer](p, name); err == nil {
			continue
		}
		if _, err := p.program(name); err != nil {
			return fmt.Errorf("there is no program or peer named %q yet", name)
		}
	}
	if err := p.settleOr("be quiet"); err != nil {
		return err
	}
	return p.checkSilence(func(name string) bool { return len(names) == 0 || slices.Contains(names, name) }, "nothing should come here")
}

// settleOr settles, and makes of a program that never rests a failure.
func (p *play) settleOr(should string) error {
	return p.orLimit(p.settle(), func(e *limitError) error {
		if unread := p.unreadByPrograms(); unread != "" {
			return p.failf("the program should %s, but %s; %s", should, unread, e.what())
		}
		return p.failf("the program should %s; %s", should, e.what())
	})
}

// unreadByPrograms says of whose bytes some lie unread, or "".
func (p *play) unreadByPrograms() string {
	var found []string
	for conn := range p.connections() {
		if state, err := conn.Drain(); err == nil && state.Found && state.Queue > 0 {
			found = append(found, fmt.Sprintf("%d bytes that %s sent lie unread", state.Queue, conn.name))
		}
	}
	return few(found)
}

// maxTold is how many things of a kind a failure tells one by one.
const maxTold = 3

// few joins what was found to one part of a sentence, and does not tell all if
// there are many.
func few(found []string) string {
	if more := len(found) - maxTold; more > 0 {
		found = append(slices.Clone(found[:maxTold]), fmt.Sprintf("so it is with %d more", more))
	}
	return strings.Join(found, ", and ")
}

// checkSilence fails if one of those whose name counts received or printed
// something that no command asked for.
func (p *play) checkSilence(counts func(name string) bool, promise string) error {
	var found []string
	for _, peer := range p.peers {
		if text := peer.pending(); text != "" && counts(peer.peerName()) {
			found = append(found, text)
		}
		if conn, ok := peer.(*connection); ok && counts(conn.name) && promise != leftoverPromise {
			if _, ended, _ := conn.Pending(); ended && !conn.eof && !conn.closed {
				found = append(found, fmt.Sprintf("%s %s (%s)", conn.program, p.howClosed(conn), conn.name))
			}
		}
	}
	for _, g := range p.programs {
		if out := g.unread(); len(out) > 0 && counts(g.name) {
			found = append(found, fmt.Sprintf("%s printed %s", g.name, quoteShort(out)))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return p.failf("%s, but %s", promise, few(found))
}

const leftoverPromise = "nobody asked for more at the end of the scenario"

// checkLeftovers is the last step of every scenario: every byte counts, so what
// came and was not asked for is a failure, and so is a program that crashed
// unseen.
func (p *play) checkLeftovers() error {
	if err := p.settleOr("come to rest at the end of the scenario"); err != nil {
		return err
	}
	if err := p.checkSilence(func(string) bool { return true }, leftoverPromise); err != nil {
		return err
	}
	for _, g := range p.programs {
		if g.gone() && !g.awaited && !g.signalled {
			return p.failf("%s %s, though nothing ended it%s", g.name, g.exit(), saying(g))
		}
	}
	return nil
}

// saying tells a program's last words, to stand at the end of a sentence.
func saying(g *program) string {
	if words := g.lastWords(); words != "" {
		return fmt.Sprintf("; it said %q", words)
	}
	return ""
}
