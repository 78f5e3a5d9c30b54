package patience

import "time"

// How long programs must have left the processors alone to count as at rest, where
// no two accounts can prove it.
const (
	// pollsRest is for programs that ask for news every now and then, and so never
	// sleep long enough.
	pollsRest = 100 * time.Millisecond
	// sparesRest is for programs that ask so often that one of them is always awake.
	sparesRest = time.Second
	// blindRest is for a system that cannot tell: so long nothing was seen.
	blindRest = 250 * time.Millisecond
)

// Rest judges whether the programs of a play have come to rest: what everybody sent
// has arrived, and no program does anything. The zero Rest is ready.
//
// Two accounts with nothing between them show it: what wakes a program makes one of
// its threads ready to run at once, and a thread that ran shows in the kernel's
// accounts. Only a timer escapes.
type Rest struct {
	begun  bool
	fresh  bool // the last account is the first in which all is still
	last   Account
	idle   time.Duration // in which all slept, since something was last printed
	unseen time.Duration // in which a blind system saw nothing of work
	spared []spare       // of each program
	least  time.Duration // of what they spared
}

// Look takes an account and reports whether it shows, with those before it, that the
// programs are at rest.
func (r *Rest) Look(now Account) bool {
	before, first := r.last, !r.begun
	r.begun, r.last = true, now
	r.fresh = now.still() && !before.still()
	// A program may have slept because we had not taken what it sent, and we may have
	// taken it after it was looked at. So what this account adds counts from the next on.
	idle, spared := r.idle, r.least
	switch {
	case now.running() == 0:
		return now.Arrived
	case first || before.onItsWay() || now.onItsWay() || now.Output != before.Output || len(now.Programs) != len(before.Programs):
		// Who goes on printing does not rest; who logs may. Who sleeps because
		// we have not brought everything yet does not rest either.
		r.idle, r.unseen, r.spared = 0, 0, make([]spare, len(now.Programs))
		idle, spared = 0, 0
	default:
		rested := restBetween(before, now)
		r.unseen += rested
		if now.idle() {
			r.idle += rested
		}
	}
	r.least = r.spare(now)
	switch {
	case !now.Arrived:
		return false
	case now.Blind():
		return r.unseen >= blindRest
	case !first && same(before, now):
		return true
	}
	return now.idle() && idle >= pollsRest || spared >= sparesRest
}

// MayProve reports whether one more account, at once, may prove what the last one was
// the first to show: that all is still.
func (r *Rest) MayProve() bool { return r.fresh }

// same reports whether all was still in both accounts, and no program ran between
// them, nor is about to ask for news.
func same(before, now Account) bool {
	return before.still() && now.still() &&
		!now.any(func(p Program) bool { return p.Polls }) &&
		before.running() == now.running() && before.busy() == now.busy()
}

// spare counts for each program the time in which it left the processors alone, and
// returns the least of them all.
func (r *Rest) spare(now Account) time.Duration {
	least := time.Duration(-1)
	for i, p := range now.Programs {
		if p.Ended {
			continue
		}
		r.spared[i].look(now.At, p)
		if total := r.spared[i].total; least < 0 || total < least {
			least = total
		}
	}
	return max(least, 0)
}

// A spare is the time in which a program left the processors alone.
//
// It is counted from one account in which the program sleeps to the next. Between
// the two, the kernel's accounts hold all that the program did; while it waits for a
// processor they do not yet say for how long, and a program in a loop without end, on
// a busy machine, would seem to have time to spare.
type spare struct {
	begun bool
	at    time.Duration // of the last account in which it slept
	busy  time.Duration // then
	total time.Duration
}

func (s *spare) look(at time.Duration, p Program) {
	if !p.Asleep {
		return
	}
	if s.begun {
		s.total += restOf(at-s.at, p.busy()-s.busy)
	}
	s.begun, s.at, s.busy = true, at, p.busy()
}
