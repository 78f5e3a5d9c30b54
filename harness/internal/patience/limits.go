package patience

import "time"

// An Allowance is how long a step waits for something that does not come.
type Allowance struct {
	Rest  time.Duration // of the programs that owe it
	Work  time.Duration // processor time without giving it
	Blind time.Duration // the rest, where only the clock tells of it
	// Endless bounds neither rest nor work: somebody looks at the programs with a
	// debugger.
	Endless bool
}

// Usual is what every step is allowed.
var Usual = Allowance{Rest: 2 * time.Second, Work: 5 * time.Second, Blind: 10 * time.Second}

// Small is what a step is allowed in the play of a program that has already worked
// without end in several others: its hanging is to cost tenths of a second.
var Small = Allowance{Rest: Usual.Rest, Work: Usual.Work / 10, Blind: Usual.Blind}

const (
	// afterEnd is the rest that is allowed when no program runs any more: what it
	// has left behind is brought by the system and by us.
	afterEnd = 200 * time.Millisecond
	// backstop ends a step whose programs neither rest, work nor wait for a
	// processor.
	backstop = time.Minute
	// starvation ends a step whose programs wait for a processor.
	starvation = 3 * time.Minute
	// longestRead ends a step whose program goes on reading, however slowly.
	longestRead = 3 * backstop
)

// What a program may print that nobody asks for, in bytes, and how many others it may
// start that are there at a time: more than any scenario asks for, and little for the
// machine.
const (
	MaxPrinted = 8 << 20
	MaxFamily  = 100
)

// A Verdict says why a step waits in vain.
type Verdict int

const (
	Wait    Verdict = iota // it does not: what it waits for may still come
	Rested                 // the programs were at rest for as long as is allowed
	Worked                 // they worked for as long as is allowed
	Flooded                // one printed more than is kept
	Swarmed                // one started more others than are allowed
	Ended                  // none runs any more, and all that they sent is here
	Slow                   // they went on and on, with little work and little rest
	Starved                // they waited for a processor: nothing can be said
	Unseen                 // the clock says that nothing was seen of them
)

// Hung reports whether the programs went on and on, as opposed to resting.
func (v Verdict) Hung() bool { return v == Worked || v == Flooded || v == Swarmed || v == Slow }

// timed reports whether the programs did too long what they may do.
func (v Verdict) timed() bool {
	return v == Rested || v == Worked || v == Slow || v == Starved || v == Unseen
}

// Limits judges the programs of one step. The zero Limits but for the Allowance is
// ready.
type Limits struct {
	Allowance Allowance

	begun       bool
	first, last Account       // since the counting began; the latest
	slept       *Account      // the latest in which all slept
	rest        time.Duration // since something last happened
	looked      time.Duration // since the counting began, but for the next
	starved     time.Duration // in which they waited for a processor
	read        time.Duration // before the counting began anew
}

// Happened is told when something came from a program, or went to it: the rest begins
// anew.
func (l *Limits) Happened() { l.rest = 0 }

// Nears reports whether the programs have rested for nearly as long as is allowed.
func (l *Limits) Nears() bool { return l.rest+longestLook >= l.Allowance.Rest }

// Rest is for how long the programs have been at rest since something last
// happened.
func (l *Limits) Rest() time.Duration { return l.rest }

// Spent is rest and work since the counting began.
func (l *Limits) Spent() time.Duration { return l.rest + l.last.cpu() - l.first.cpu() }

// Begun reports whether an account has been handed over.
func (l *Limits) Begun() bool { return l.begun }

// Look takes an account, which becomes the last one.
func (l *Limits) Look(now Account) Verdict {
	if now.asleep() {
		// As Rest does, from one sleep to the next: else programs that ask for news
		// every now and then, on a busy machine, would rest too long before they rest.
		if l.slept != nil {
			l.rest += restBetween(*l.slept, now)
		}
		l.slept = &now
	}
	if !l.begun {
		l.begun, l.first, l.last = true, now, now
		return Wait
	}
	elapsed := min(now.At-l.last.At, longestLook)
	starved := min(elapsed, max(0, now.waiting()-l.last.waiting()))
	l.starved += starved
	l.looked += elapsed - starved
	l.last = now
	v := l.judge(now)
	if l.Allowance.Endless && v.timed() {
		return Wait
	}
	if (v == Worked || v == Slow || v == Rested) && now.Progress > l.first.Progress && l.read+l.looked < longestRead {
		// It goes on reading, perhaps a byte at a time.
		l.read += l.looked
		l.first, l.rest, l.looked = now, 0, 0
		return Wait
	}
	return v
}

func (l *Limits) judge(now Account) Verdict {
	switch {
	case now.Flooded:
		return Flooded
	case now.Swarming:
		return Swarmed
	case now.cpu()-l.first.cpu() >= l.Allowance.Work:
		return Worked
	case now.running() == 0:
		if l.rest >= afterEnd && now.Arrived {
			return Ended
		}
	case now.Blind() && l.rest >= l.Allowance.Blind:
		return Unseen
	case !now.Blind() && l.rest >= l.Allowance.Rest:
		if !now.Undelivered {
			return Rested
		}
	}
	switch {
	case l.starved >= starvation:
		return Starved
	case l.looked >= backstop:
		return Slow
	}
	return Wait
}
