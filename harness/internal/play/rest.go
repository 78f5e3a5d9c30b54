package play

import (
	"errors"
	"fmt"
	"time"

	"wirebook/harness/internal/waiting"
	"wirebook/harness/telling"
)

// Settle waits until the play is at rest, and makes of programs that never rest a
// failure: what they should do, as in "the program should SHOULD".
func (p *Play) Settle(should string) error {
	err := p.guessed(p.AwaitRest())
	return p.InVain(err, func(v *Vain) error {
		if unread := p.unread(); unread != "" {
			return p.Failf("the program should %s, but %s; %s", should, unread, v.What())
		}
		return p.Failf("the program should %s; %s", should, v.What())
	})
}

// SettleBriefly waits for rest before a failure is told; programs that do not come
// to rest are told as they are.
func (p *Play) SettleBriefly() { _ = p.guessed(p.AwaitRestBriefly()) }

// guessed notes where rest was a guess.
func (p *Play) guessed(blind bool, err error) error {
	if blind {
		p.Note("this system cannot tell whether a program is at rest: something late may stay unseen here")
	}
	return err
}

// Blind reports whether the system cannot tell whether the programs rest.
func (p *Play) Blind() bool { return accounts{p}.Account(false).Blind() }

// A Vain is the error of a step that waited in vain.
type Vain = waiting.Vain

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
