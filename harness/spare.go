package harness

import "time"

// A spare is the time in which a program left the processors alone.
//
// It is counted from one look that found the program asleep to the next that
// did. Between the two, the kernel's accounts hold all that the program did;
// while it waits for a processor they do not yet say for how long, and a program
// in a loop without end, on a busy machine, would seem to have time to spare.
type spare struct {
	begun bool
	at    time.Time     // of the last look that found it asleep
	sum   time.Duration // processor and run-queue time then
	total time.Duration
}

// look counts the time since the last look.
func (s *spare) look(now time.Time, asleep bool, sum time.Duration) {
	if !asleep {
		return
	}
	if s.begun {
		s.total += max(0, min(now.Sub(s.at), maxLook)-(sum-s.sum))
	}
	s.begun, s.at, s.sum = true, now, sum
}

// spares are those of several programs.
type spares map[*program]*spare

// look counts for each program the time since the last look at it, which is over
// now, and returns the least of them all.
func (all spares) look(now time.Time, programs []*program) time.Duration {
	var least time.Duration
	for i, g := range programs {
		s := all[g]
		if s == nil {
			s = new(spare)
			all[g] = s
		}
		s.look(now, g.seen.Asleep, g.seen.CPU+g.seen.Waiting)
		if i == 0 || s.total < least {
			least = s.total
		}
	}
	return least
}
