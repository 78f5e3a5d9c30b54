// Package patience decides for how long a play waits: whether a step may still get
// what it waits for, and whether the programs have come to rest.
//
// Nothing in it waits, and it has no clock. It is handed accounts of what the
// programs did, one after the other, and answers each with a verdict:
//
//	limits := patience.Limits{Allowance: patience.Usual}
//	for {
//		if ready() {
//			return nil
//		}
//		// wait a little
//		if v := limits.Look(account()); v != patience.Wait {
//			return inVain(v)
//		}
//	}
//
// Limits count what the programs did and not the time that passed, so that a busy
// machine trips none. A step waits in vain when its programs have been at rest for
// two seconds, or have worked for five seconds of processor time. At rest is a
// program when the kernel says that all of its threads sleep, twice, with nothing in
// its accounts between. Where a system cannot tell that, the clock must do, and the
// limits are longer.
package patience

import "time"

// An Account is what is known of a play's programs at one moment.
type Account struct {
	// At is when it was taken, by a clock that never goes back.
	At       time.Duration
	Programs []Program
	// Arrived says that nothing is on its way: all that was sent and typed lies
	// where the programs can read it, all that they wrote is with us. It is looked
	// at after the programs: in that order, two equal accounts are a proof.
	Arrived bool
	// Logs says that nothing is on its way but words on standard error. Nobody
	// sleeps because those are late.
	Logs bool
	// Undelivered says that some of what the programs wrote is on its way to us, or
	// some of what was typed on its way to them: that they rest says nothing then.
	// It is looked at before a step is over.
	Undelivered bool
	// Output is how much the programs have printed on standard output, in bytes. It is
	// looked at last, so that what came meanwhile is not missed; Flooded too.
	Output int64
	// Flooded says that a program printed more than is kept. It stands still then,
	// because nothing more is read from it.
	Flooded bool
	// Swarming says that a program has started more others than any lesson needs.
	Swarming bool
	// Progress grows as long as the program goes on reading what a step waits for.
	Progress uint64
}

// A Program is what one program has done so far.
type Program struct {
	Ended   bool
	CPU     time.Duration // on a processor
	Waiting time.Duration // ready, and waiting for a processor
	// Asleep says that all threads sleep, or are stopped by a signal; Naps, that one
	// of them may go on by itself with work that is there already; Polls, that one
	// sleeps for some milliseconds only, to look then whether there is news.
	Asleep, Naps, Polls bool
	// RestUnknown says that the system cannot tell whether it sleeps. It may tell
	// all the same how long it has worked; if not, CPU stays 0.
	RestUnknown bool
}

// busy is the time that the program was at work or ready for it.
func (p Program) busy() time.Duration { return p.CPU + p.Waiting }

// running is how many programs have not ended.
func (a Account) running() (n int) {
	for _, p := range a.Programs {
		if !p.Ended {
			n++
		}
	}
	return n
}

func (a Account) sum(of func(Program) time.Duration) (sum time.Duration) {
	for _, p := range a.Programs {
		sum += of(p)
	}
	return sum
}

func (a Account) busy() time.Duration { return a.sum(Program.busy) }

func (a Account) cpu() time.Duration {
	return a.sum(func(p Program) time.Duration { return p.CPU })
}

func (a Account) waiting() time.Duration {
	return a.sum(func(p Program) time.Duration { return p.Waiting })
}

// any reports whether something is so of a program that runs.
func (a Account) any(is func(Program) bool) bool {
	for _, p := range a.Programs {
		if !p.Ended && is(p) {
			return true
		}
	}
	return false
}

// Blind reports whether the system cannot tell of a program that runs whether it
// rests.
func (a Account) Blind() bool {
	return a.any(func(p Program) bool { return p.RestUnknown })
}

// asleep reports whether all programs sleep, as far as the system can tell.
func (a Account) asleep() bool {
	return !a.any(func(p Program) bool { return !p.RestUnknown && !p.Asleep })
}

// idle is asleep with nothing left to do.
func (a Account) idle() bool {
	return a.asleep() && !a.any(func(p Program) bool { return p.Naps })
}

// onItsWay reports whether more than words on standard error is on its way.
func (a Account) onItsWay() bool { return !a.Arrived && !a.Logs }

// still is idle with nothing on its way.
func (a Account) still() bool { return a.Arrived && a.idle() }

// longestLook bounds the rest that is counted between two accounts: a longer time
// says that we were starved, and not that the program rested.
const longestLook = 160 * time.Millisecond

// restBetween is for how long the programs left the processors alone between two
// accounts.
//
// A blind system that tells processor time has rested as long as none was used;
// one that tells nothing, always.
func restBetween(last, now Account) time.Duration {
	busy := max(0, now.busy()-last.busy()) // an ended program's waiting is forgotten
	if now.Blind() && busy > 0 {
		return 0
	}
	return restOf(now.At-last.At, busy)
}

// restOf is the rest that counts of the time between two accounts, in part of which
// programs were busy.
func restOf(elapsed, busy time.Duration) time.Duration {
	return max(0, min(elapsed-busy, longestLook))
}
