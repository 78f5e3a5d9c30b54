package harness

import (
	"errors"
	"fmt"
	"time"
)

// The limits of a waiting step. They count what the programs did and not the
// time that passed, so that a busy machine cannot trip them.
const (
	restLimit = 2 * time.Second  // a program owes something and is at rest
	deadLimit = restLimit / 10   // the same when no program runs any more and all is here
	workLimit = 5 * time.Second  // of processor time, without what is owed
	wallLimit = 60 * time.Second // a backstop: the machine starved the program
	readLimit = 3 * wallLimit    // the same for a program that goes on reading
)

// How often a waiting step looks again by itself, beside when the bell rings:
// soon at first, for what the kernel does without telling us, then seldom; not
// quite as seldom when it waits for rest, which rings no bell.
const (
	firstLook = 50 * time.Microsecond
	restLook  = 5 * time.Millisecond
	lastLook  = 40 * time.Millisecond
)

// givesPlace is how long a play waits at rest before it counts as waiting.
const givesPlace = 50 * time.Millisecond

// A limitError says that a step waited in vain.
type limitError struct {
	rest time.Duration // for how long the programs were at rest since something last happened
	work time.Duration // how much processor time they used
	dead bool          // no program runs any more
	slow bool          // wallLimit passed although the machine did not starve them
	full bool          // a program printed more than is kept
}

func (e *limitError) Error() string { return e.what() }

// what says what the programs did instead, to stand behind "and".
func (e *limitError) what() string {
	switch {
	case e.dead:
		return "no program runs any more"
	case e.full:
		return fmt.Sprintf("it printed more than %d MiB that nobody asked for", defaultLimits.Output>>20)
	case e.slow:
		return fmt.Sprintf("it went on for %v without doing it", wallLimit)
	case e.work >= workLimit:
		return fmt.Sprintf("it worked for %v of processor time instead, as a loop without end does", workLimit)
	default:
		return fmt.Sprintf("it was at rest for %v, waiting for something", restLimit)
	}
}

// errStarved is ours: the programs neither rested nor worked enough for a
// verdict.
var errStarved = fmt.Errorf("after %v the program had neither rested for %v nor worked for %v; the machine is too busy to tell, play again", wallLimit, restLimit, workLimit)

// await waits until ready says true or fails. It fails with a *limitError when
// what is awaited does not come, and with other errors that are ours.
func (p *play) await(ready func() (bool, error)) error {
	return p.awaitReading(nil, ready)
}

// awaitReading is await for a program that has much to read. done tells how
// much of it is; as long as that grows, the limits begin anew, since a program
// may read a byte at a time.
func (p *play) awaitReading(done func() uint64, ready func() (bool, error)) error {
	return p.awaitLooking(lastLook, done, func(*time.Duration) (bool, error) { return ready() })
}

// awaitLooking is await that looks again at least as often as this, and where
// ready shortens the pause before the next look, sooner.
func (p *play) awaitLooking(atLeast time.Duration, done func() uint64, ready func(pause *time.Duration) (bool, error)) error {
	w := p.newWatch()
	w.done = done
	began := time.Now()
	started := began // to count
	pause := firstLook
	timer := time.NewTimer(pause)
	defer timer.Stop()
	waits := false // another play has our place
	defer func() {
		if waits {
			p.player.Slots.resume()
		}
	}()
	for {
		before := pause
		if ok, err := ready(&pause); ok || err != nil {
			return err
		}
		if pause != before {
			timer.Reset(pause)
		}
		select {
		case <-p.bell:
			w.total.rest = 0
		case <-timer.C:
			pause = min(2*pause, atLeast)
			timer.Reset(pause)
		case <-p.ctx.Done():
			return p.ctx.Err()
		}
		limit := w.look()
		if !waits && w.total.rest > givesPlace {
			p.player.Slots.wait()
			waits = true
		}
		late := time.Since(started) >= wallLimit
		if limit == nil && !late {
			continue
		}
		if time.Since(began) < readLimit && w.goesOn() {
			started = time.Now()
			continue
		}
		// What came while we looked counts.
		if ok, err := ready(&pause); ok || err != nil {
			return err
		}
		if limit == nil && w.idle+w.total.work < wallLimit/2 {
			return errStarved
		}
		w.total.slow = limit == nil
		return &w.total
	}
}

// orLimit turns err, if a limit was reached, into the failure that f makes of
// it.
func (p *play) orLimit(err error, f func(*limitError) error) error {
	var l *limitError
	if !errors.As(err, &l) {
		return err
	}
	err = f(l)
	var failure *Failure
	if errors.As(err, &failure) {
		failure.Limit = l.endless() || (!l.dead && p.silent())
	}
	return err
}

// endless reports whether the program went on and on, as opposed to resting.
func (e *limitError) endless() bool { return e.full || e.slow || e.work >= workLimit }

// silent reports whether nothing has come from any program in the whole play,
// but for where it listens. A program that answered something is wrong, and not
// hung, when it rests.
func (p *play) silent() bool {
	for _, g := range p.programs {
		if g.process.Stdout().Len() > g.announced {
			return false
		}
	}
	for _, peer := range p.peers {
		if w, ok := peer.(witness); ok && w.heard() {
			return false
		}
	}
	return true
}

// A watch counts rest and work of all programs since it was made.
type watch struct {
	play    *play
	last    time.Time
	begun   bool          // start and lastSum are known
	lastSum time.Duration // processor and run-queue time of all programs
	start   time.Duration // processor time of all programs when it began
	idle    time.Duration // all rest since it was made
	total   limitError
	done    func() uint64 // how much has been read of what the step waits for, or nil
	read    uint64        // so much was when the counting began
}

func (p *play) newWatch() *watch { return &watch{play: p, last: time.Now()} }

// beginsAfter is how long a watch only waits: most steps are over by then, and
// to look at a program costs as much as many of them.
const beginsAfter = 5 * time.Millisecond

// begin makes what the programs have done so far where the counting starts.
func (w *watch) begin(now time.Time) {
	a := w.play.activity()
	w.begun, w.last, w.lastSum, w.start = true, now, a.sum, a.cpu
	if w.done != nil {
		w.read = w.done()
	}
}

// goesOn reports whether something has been read since the counting began, and
// begins it anew.
func (w *watch) goesOn() bool {
	if w.done == nil || !w.begun {
		return false
	}
	before := w.read
	w.begin(time.Now())
	w.total = limitError{}
	return w.read > before
}

// maxLook bounds the rest that one look may count: a long time between two
// looks says that we were starved, not that the program rested.
const maxLook = 4 * lastLook

// look counts the time since the last look and returns the limit that was
// reached, if one was.
func (w *watch) look() *limitError {
	now := time.Now()
	elapsed := now.Sub(w.last)
	if !w.begun && elapsed >= beginsAfter {
		w.begin(now)
		return nil
	}
	if elapsed < lastLook/2 {
		return nil
	}
	a := w.play.activity()
	busy := max(0, a.sum-w.lastSum) // an ended program's run-queue time is gone
	w.last, w.lastSum = now, a.sum
	rest := max(0, min(elapsed, maxLook)-busy)
	if a.asleep {
		w.total.rest += rest
		w.idle += rest
	}
	w.total.work = a.cpu - w.start
	w.total.dead = len(w.play.running()) == 0
	w.total.full = w.play.flooded()
	switch {
	case w.total.full, w.total.work >= workLimit:
		return &w.total
	case w.total.dead:
		// What a program has left behind is brought by the system and by us,
		// however long that takes on a busy machine.
		if w.total.rest >= deadLimit && w.play.arrived() {
			return &w.total
		}
	case w.total.rest >= restLimit:
		return &w.total
	}
	return nil
}

// flooded reports whether a program printed more than is kept. It then stands
// still: nothing more is read from it.
func (p *play) flooded() bool {
	for _, g := range p.programs {
		if g.process.Stdout().Flooded() || g.process.Stderr().Flooded() {
			return true
		}
	}
	return false
}

// An activity is what all programs of a play did so far.
type activity struct {
	sum, cpu time.Duration // processor and run-queue time; processor time alone
	asleep   bool          // none does anything now
	polls    bool          // one will soon ask for news by itself
	known    bool          // the system can tell; if not, all count as asleep
}

func (p *play) activity() activity {
	all := activity{asleep: true, known: true}
	for _, g := range p.programs {
		if e, gone := g.process.Exited(); gone {
			all.sum, all.cpu = all.sum+e.CPU, all.cpu+e.CPU
			continue
		}
		a, err := g.process.Activity()
		g.seen = a
		unknown := err == nil && !a.KnowsRest
		all.known = all.known && !unknown
		// Another error: it is ending just now.
		all.asleep = all.asleep && (unknown || (err == nil && a.Asleep && !a.Naps))
		all.polls = all.polls || a.Polls
		all.sum += a.CPU + a.Waiting
		all.cpu += a.CPU
	}
	return all
}
