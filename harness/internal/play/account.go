package play

import (
	"time"

	"wirebook/harness/internal/patience"
)

// accounts are a play's programs, as package waiting looks at them.
type accounts struct{ *Play }

// Account looks at the programs and then, where it is asked for or no program runs,
// at what is on its way.
func (p accounts) Account(arrived bool) patience.Account {
	a := patience.Account{Programs: make([]patience.Program, len(p.programs))}
	running := false
	for i, g := range p.programs {
		a.Programs[i] = g.account()
		a.Swarming = a.Swarming || g.Process.FamilySize() > patience.MaxFamily
		running = running || !a.Programs[i].Ended
	}
	if arrived || !running {
		a.Arrived, a.Logs = p.arrived()
	}
	for _, g := range p.programs { // last, see Account.Output
		a.Output += g.Process.Stdout().Len()
		a.Flooded = a.Flooded || g.flooded()
	}
	return a
}

// Delivered reports whether all that the programs wrote is with us, and what was typed
// with them.
func (p accounts) Delivered() bool {
	for _, peer := range p.peers {
		if !peer.Delivered() {
			return false
		}
	}
	for _, g := range p.programs {
		if !g.Gone() && !(g.printed() && g.logged() && g.Process.StdinSettled()) {
			return false
		}
	}
	return true
}

// arrived reports whether nothing is on its way, neither between programs and peers
// nor in what programs read and print, or nothing but words on standard error.
func (p accounts) arrived() (all, logs bool) {
	for _, peer := range p.peers {
		if !peer.Settled() {
			return false, false
		}
	}
	all = true
	for _, g := range p.programs {
		if g.Gone() {
			continue
		}
		if !g.printed() || !g.Process.StdinSettled() {
			return false, false
		}
		all = all && g.logged()
	}
	return all, !all
}

// Worked is the processor time of all programs that run.
func (p accounts) Worked() (sum time.Duration) {
	for _, g := range p.programs {
		sum += g.Process.CPU()
	}
	return sum
}
