// Package waiting waits for the steps of a play. It has the clock that package
// patience has not: it looks at the programs now and then, hands patience what it has
// seen, and ends the waiting when the verdict is that it is in vain.
//
// A step waits in one of three ways: until something is so ([Waiter.Await]), until the
// programs rest ([Waiter.AwaitRest]), or until some time has passed ([Waiter.Pass]).
// What programs, peers and steps are, it does not know: to it they are [Programs], of
// which it takes accounts, and a bell, which is rung when something has happened.
package waiting

import (
	"context"
	"errors"
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

// brief is how much rest and work is waited for where rest need not come.
const brief = time.Second

// Programs are the programs of a play, with all that lies between them and us.
type Programs interface {
	// Account is what is known of them now, but for the time; with arrived, also
	// whether something is on its way.
	Account(arrived bool) patience.Account
	// Delivered reports whether all that they wrote is with us, and what was typed
	// with them.
	Delivered() bool
	// Worked is the processor time of those that run: what is known soonest.
	Worked() time.Duration
}

// A Waiter waits for the steps of one play, one at a time.
type Waiter struct {
	ctx       context.Context
	began     time.Time // what accounts are dated from
	programs  Programs
	allowance patience.Allowance
	rests     func(bool) // nil where nobody asks
	bell      chan struct{}
}

// New makes the Waiter of a play that ends with ctx. Each step may wait in vain for as
// long as the allowance says. rests, where it is not nil, is told when the play begins
// to wait for programs at rest, and when it goes on.
func New(ctx context.Context, programs Programs, allowance patience.Allowance, rests func(bool)) *Waiter {
	if rests == nil {
		rests = func(bool) {}
	}
	return &Waiter{
		ctx: ctx, began: time.Now(), programs: programs, allowance: allowance, rests: rests,
		bell: make(chan struct{}, 1),
	}
}

// Ring says that something happened. It never blocks, and any goroutine may call it.
func (w *Waiter) Ring() {
	select {
	case w.bell <- struct{}{}:
	default:
	}
}

// Lasts lets the programs rest for so much longer in each step: until a clock of
// theirs wakes them.
func (w *Waiter) Lasts(d time.Duration) {
	w.allowance.Rest += d
	w.allowance.Blind += d
}

// Endless lets steps wait without limit from now on: see [patience.Allowance].
func (w *Waiter) Endless() { w.allowance.Endless = true }

// Await waits until ready says true or fails. It fails with a *Vain when what is
// awaited does not come, and with other errors that are ours.
func (w *Waiter) Await(ready func() (bool, error)) error { return w.AwaitReading(nil, ready) }

// AwaitReading is Await for a program that has much to read. progress tells how much
// of it is; as long as that grows, the limits begin anew, since a program may read a
// byte at a time.
func (w *Waiter) AwaitReading(progress func() uint64, ready func() (bool, error)) error {
	return w.newWait(lastLook, progress).until(ready)
}

// AwaitRest waits until the programs are at rest, and says whether the system is blind
// to that: then rest is a guess.
func (w *Waiter) AwaitRest() (blind bool, err error) {
	return w.awaitRest(func(*wait) bool { return false })
}

// AwaitRestBriefly does so for a second of rest and work at most.
func (w *Waiter) AwaitRestBriefly() (blind bool, err error) {
	return w.awaitRest(func(one *wait) bool { return one.limits.Spent() >= brief })
}

// awaitRest waits for rest until it is enough. As long as it looks often, it does not
// look at programs that have run since it last did: to see that takes a tenth of a
// look.
func (w *Waiter) awaitRest(enough func(*wait) bool) (blind bool, err error) {
	var rest patience.Rest
	var worked time.Duration
	one := w.newWait(restLook, nil)
	err = one.until(func() (bool, error) {
		before := worked
		if worked = w.programs.Worked(); worked != before && one.pause < restLook {
			return false, nil
		}
		a := w.look(true)
		one.account = &a
		if a.Flooded { // it stands still because we do
			return false, &Vain{patience.Flooded, w.allowance}
		}
		if a.Swarming {
			return false, &Vain{patience.Swarmed, w.allowance}
		}
		blind = blind || a.Blind()
		rested := rest.Look(a)
		if rest.MayProve() {
			one.pause = firstLook
		}
		return rested || enough(one), nil
	})
	return blind, err
}

// Pass waits until so much time has passed, whatever the programs do, and gives its
// place to another play meanwhile.
func (w *Waiter) Pass(d time.Duration) error {
	w.rests(true)
	defer w.rests(false)
	select {
	case <-time.After(d):
		return nil
	case <-w.ctx.Done():
		return w.ctx.Err()
	}
}

// now is the time by the clock of the accounts.
func (w *Waiter) now() time.Duration { return time.Since(w.began) }

// look takes an account of the programs, dated with when it began.
func (w *Waiter) look(arrived bool) patience.Account {
	at := w.now()
	a := w.programs.Account(arrived)
	a.At = at
	return a
}

// A wait is one step that waits.
type wait struct {
	*Waiter
	limits   patience.Limits
	progress func() uint64
	begun    time.Duration
	pause    time.Duration     // before the next look
	longest  time.Duration     // it gets
	looked   time.Duration     // when the accounts were looked at
	account  *patience.Account // taken by the step itself, and not yet judged
	resting  bool              // the play was told that it rests
}

func (w *Waiter) newWait(longest time.Duration, progress func() uint64) *wait {
	return &wait{
		Waiter: w, progress: progress, begun: w.now(), pause: firstLook, longest: longest,
		limits: patience.Limits{Allowance: w.allowance},
	}
}

// errStarved is ours: the programs wanted to work and could not.
var errStarved = errors.New("for three minutes the programs waited for a processor; the machine is too busy to tell, play again")

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
		case <-w.bell:
			w.limits.Happened()
		case <-timer.C:
			w.pause = min(2*w.pause, w.longest)
			timer.Reset(w.pause)
		case <-w.ctx.Done():
			return w.ctx.Err()
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
	now := w.now()
	since, least := w.looked, nextAccount
	if !w.limits.Begun() {
		since, least = w.begun, firstAccount
	}
	if now-since < least {
		return patience.Wait
	}
	w.looked = now
	account := w.account
	if w.account = nil; account == nil {
		taken := w.look(false)
		account = &taken
	}
	account.Undelivered = w.limits.Nears() && !w.programs.Delivered()
	if w.progress != nil {
		account.Progress = w.progress()
	}
	verdict := w.limits.Look(*account)
	if !w.resting && w.limits.Rest() > givesPlace {
		w.resting = true
		w.rests(true)
	}
	return verdict
}

// goOn ends the waiting.
func (w *wait) goOn() {
	if w.resting {
		w.rests(false)
	}
}
