package play

import (
	"fmt"
	"time"

	"wirebook/harness/internal/patience"
	"wirebook/harness/telling"
)

// maxFamily is how many processes that a program has started may be there at a time:
// more than any scenario asks for, and few for the machine.
const maxFamily = 100

// account looks at the programs and then, where it is asked for or no program runs,
// at what is on its way.
func (p *Play) account(arrived bool) patience.Account {
	a := patience.Account{At: time.Since(p.began), Programs: make([]patience.Program, len(p.programs))}
	running := false
	for i, g := range p.programs {
		a.Programs[i] = g.account()
		a.Swarming = a.Swarming || g.Process.FamilySize() > maxFamily
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

// delivered reports whether all that the programs wrote is with us, and what was typed
// with them.
func (p *Play) delivered() bool {
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
func (p *Play) arrived() (all, logs bool) {
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

// settle waits until the play is at rest. As long as it looks often, it does not
// look at programs that have run since it last did: to see that takes a tenth of a
// look.
func (p *Play) settle() error {
	return p.awaitRest(func(*wait) bool { return false })
}

// SettleBriefly waits for rest before a failure is told; programs that do not come
// to rest are told as they are.
func (p *Play) SettleBriefly() {
	_ = p.awaitRest(func(w *wait) bool { return w.limits.Spent() >= time.Second })
}

func (p *Play) awaitRest(enough func(*wait) bool) error {
	var rest patience.Rest
	var worked time.Duration
	w := p.newWait(restLook, nil)
	return w.until(func() (bool, error) {
		before := worked
		if worked = p.worked(); worked != before && w.pause < restLook {
			return false, nil
		}
		a := p.account(true)
		w.account = &a
		if a.Flooded { // it stands still because we do
			return false, &Vain{patience.Flooded, w.limits.Allowance}
		}
		if a.Swarming {
			return false, &Vain{patience.Swarmed, w.limits.Allowance}
		}
		if a.Blind() {
			p.Note("this system cannot tell whether a program is at rest: something late may stay unseen here")
		}
		rested := rest.Look(a)
		if rest.MayProve() {
			w.pause = firstLook
		}
		return rested || enough(w), nil
	})
}

// Blind reports whether the system cannot tell whether the programs rest.
func (p *Play) Blind() bool { return p.account(false).Blind() }

// worked is the processor time of all programs that run.
func (p *Play) worked() (sum time.Duration) {
	for _, g := range p.programs {
		sum += g.Process.CPU()
	}
	return sum
}

// Settle waits until the play is at rest, and makes of programs that never rest a
// failure: what they should do, as in "the program should SHOULD".
func (p *Play) Settle(should string) error {
	return p.InVain(p.settle(), func(v *Vain) error {
		if unread := p.unread(); unread != "" {
			return p.Failf("the program should %s, but %s; %s", should, unread, v.What())
		}
		return p.Failf("the program should %s; %s", should, v.What())
	})
}

// unread says of whose bytes some lie unread, or "".
func (p *Play) unread() string {
	var found []string
	for s := range Peers[Stream](p) {
		if _, n := s.Unanswered(); n > 0 {
			found = append(found, fmt.Sprintf("some of what %s sent lies unread", s.Name()))
		}
	}
	return telling.Few(found)
}

// maxTimers bounds how long silence waits for the programs' timers.
const maxTimers = 2 * time.Second

// AwaitTimers waits until each timer that the programs have armed has fired once and
// they are at rest again, two seconds at most.
func (p *Play) AwaitTimers(should string) error {
	end := time.Since(p.began) + maxTimers
	for time.Since(p.began) < end {
		fires, armed := p.nextTimer(end)
		if !armed || fires > end {
			return nil
		}
		if err := p.Pass(fires - time.Since(p.began)); err != nil {
			return err
		}
		if err := p.Settle(should); err != nil {
			return err
		}
	}
	return nil
}

// Pass waits until so much time has passed, whatever the programs do, and gives its
// place to another play meanwhile.
func (p *Play) Pass(d time.Duration) error {
	if p.config.Rests != nil {
		p.config.Rests(true)
		defer p.config.Rests(false)
	}
	select {
	case <-time.After(d):
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}

// nextTimer is when the next timer of a program fires at the latest, by the play's
// clock. One whose time cannot be read may fire until the end.
func (p *Play) nextTimer(end time.Duration) (fires time.Duration, armed bool) {
	for _, g := range p.programs {
		runs, is := g.timer()
		if !is {
			continue
		}
		at := end
		if runs > 0 {
			at = time.Since(p.began) + runs
		}
		if !armed || at < fires {
			fires, armed = at, true
		}
	}
	return fires, armed
}

// A watched is something that a step has seen and that must stay so.
type watched struct {
	acts  int // of ours when it was seen
	check func() error
}

// See checks something about files once the programs are at rest. check returns nil,
// the failure, or an error that is ours.
//
// Where the system cannot tell of rest, it checks until it is so, and once more at
// the scenario's end if we have done nothing since that could change it.
func (p *Play) See(check func() error) error {
	if err := p.Settle("come to rest"); err != nil {
		return err
	}
	if !p.Blind() {
		return check()
	}
	var last error
	err := p.Await(func() (bool, error) {
		if last = check(); last != nil && asFailure(last) == nil {
			return false, last
		}
		return last == nil, nil
	})
	p.watched = append(p.watched, watched{p.acts, check})
	return p.InVain(err, func(*Vain) error { return last })
}

// seeAgain looks again at what must have stayed as it was.
func (p *Play) seeAgain() error {
	for _, w := range p.watched {
		if w.acts == p.acts {
			if err := w.check(); err != nil {
				return err
			}
		}
	}
	return nil
}
