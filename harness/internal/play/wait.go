package play

import (
	"errors"
	"fmt"
	"time"

	"wirebook/harness/internal/patience"
)

// How often a waiting step looks again by itself, beside when the bell rings: soon
// at first, for what the kernel does without telling us, then seldom; not quite as
// seldom when it waits for rest, which rings no bell.
const (
	firstLook = 50 * time.Microsecond
	restLook  = 5 * time.Millisecond
	lastLook  = 40 * time.Millisecond
)

// The programs' accounts are looked at seldom, since one look costs as much as many
// steps: not before most steps are over, and then at every second look of a step.
const (
	firstAccount = 5 * time.Millisecond
	nextAccount  = lastLook / 2
)

// givesPlace is for how long programs are at rest before the play says so.
const givesPlace = 50 * time.Millisecond

// A Vain is the error of a step that waited in vain.
type Vain struct {
	Verdict   patience.Verdict
	Allowance patience.Allowance
}

func (v *Vain) Error() string { return v.What() }

// Ended reports whether no program runs any more.
func (v *Vain) Ended() bool { return v.Verdict == patience.Ended }

// What says what the programs did instead, to stand behind "and".
func (v *Vain) What() string {
	switch v.Verdict {
	case patience.Ended:
		return "no program runs any more"
	case patience.Flooded:
		return fmt.Sprintf("it printed more than %d MiB that nobody asked for", defaultLimits.Output>>20)
	case patience.Swarmed:
		return fmt.Sprintf("more than %d processes are there that it has started", maxFamily)
	case patience.Slow:
		return "it went on for a minute without doing it"
	case patience.Worked:
		return "it worked on and on instead, as a loop without end does"
	case patience.Unseen:
		return fmt.Sprintf("nothing was seen of it for %v", v.Allowance.Blind)
	default:
		return fmt.Sprintf("it was at rest for %v, waiting for something", v.Allowance.Rest)
	}
}

// errStarved is ours: the programs wanted to work and could not.
var errStarved = errors.New("for three minutes the programs waited for a processor; the machine is too busy to tell, play again")

// Await waits until ready says true or fails. It fails with a *Vain when what is
// awaited does not come, and with other errors that are ours.
func (p *Play) Await(ready func() (bool, error)) error { return p.AwaitReading(nil, ready) }

// Lasts lets the programs rest for so much longer in each step: until a clock of
// theirs wakes them.
func (p *Play) Lasts(d time.Duration) {
	p.config.Allowance.Rest += d
	p.config.Allowance.Blind += d
}

// AwaitReading is Await for a program that has much to read. progress tells how much
// of it is; as long as that grows, the limits begin anew, since a program may read a
// byte at a time.
func (p *Play) AwaitReading(progress func() uint64, ready func() (bool, error)) error {
	return p.newWait(lastLook, progress).until(ready)
}

// InVain turns err, if the step waited in vain, into the failure that tell makes of
// it.
func (p *Play) InVain(err error, tell func(*Vain) error) error {
	var v *Vain
	if !errors.As(err, &v) {
		return err
	}
	err = tell(v)
	if f := asFailure(err); f != nil {
		f.Limit = v.Verdict.Hung()
	}
	return err
}

// A wait is a step that waits.
type wait struct {
	play     *Play
	limits   patience.Limits
	progress func() uint64
	began    time.Duration
	pause    time.Duration     // before the next look
	longest  time.Duration     // it gets
	looked   time.Duration     // when the accounts were looked at
	account  *patience.Account // taken by the step itself, and not yet judged
	rests    bool              // the play was told that it rests
}

func (p *Play) newWait(longest time.Duration, progress func() uint64) *wait {
	return &wait{
		play: p, progress: progress, began: time.Since(p.began), pause: firstLook, longest: longest,
		limits: patience.Limits{Allowance: p.config.Allowance},
	}
}

// until waits until ready says true.
func (w *wait) until(ready func() (bool, error)) error {
	timer := time.NewTimer(w.pause)
	defer timer.Stop()
	defer w.goOn()
	for {
		before := w.pause
		if ok, err := ready(); ok || err != nil {
			return err
		}
		if w.pause != before {
			timer.Reset(w.pause)
		}
		select {
		case <-w.play.bell:
			w.limits.Happened()
		case <-timer.C:
			w.pause = min(2*w.pause, w.longest)
			timer.Reset(w.pause)
		case <-w.play.ctx.Done():
			return w.play.ctx.Err()
		}
		verdict := w.judge()
		if verdict == patience.Wait {
			continue
		}
		// What came while we looked counts.
		if ok, err := ready(); ok || err != nil {
			return err
		}
		if verdict == patience.Starved {
			return errStarved
		}
		return &Vain{verdict, w.limits.Allowance}
	}
}

// judge looks at the programs, if it is time.
func (w *wait) judge() patience.Verdict {
	now := time.Since(w.play.began)
	since, least := w.looked, nextAccount
	if !w.limits.Begun() {
		since, least = w.began, firstAccount
	}
	if now-since < least {
		return patience.Wait
	}
	w.looked = now
	account := w.account
	if w.account = nil; account == nil {
		taken := w.play.account(false)
		account = &taken
	}
	account.Undelivered = w.limits.Nears() && !w.play.delivered()
	if w.progress != nil {
		account.Progress = w.progress()
	}
	verdict := w.limits.Look(*account)
	if !w.rests && w.limits.Rest() > givesPlace && w.play.config.Rests != nil {
		w.rests = true
		w.play.config.Rests(true)
	}
	return verdict
}

// goOn ends the waiting.
func (w *wait) goOn() {
	if w.rests {
		w.play.config.Rests(false)
	}
}
