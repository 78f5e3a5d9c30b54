package waiting

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wirebook/harness/internal/patience"
)

// programs are one program, made up; the clock is, too.
type programs struct {
	now    func(at time.Duration) patience.Program
	change func(*patience.Account) // nil where nothing else is to be told
	began  time.Time
	looks  int
}

func (p *programs) program() patience.Program { return p.now(time.Since(p.began)) }

func (p *programs) Account(arrived bool) patience.Account {
	p.looks++
	a := patience.Account{Programs: []patience.Program{p.program()}, Arrived: arrived || p.program().Ended}
	if p.change != nil {
		p.change(&a)
	}
	return a
}

func (p *programs) Delivered() bool       { return true }
func (p *programs) Worked() time.Duration { return p.program().CPU }

func asleep(time.Duration) patience.Program      { return patience.Program{Asleep: true} }
func ended(time.Duration) patience.Program       { return patience.Program{Ended: true} }
func blind(time.Duration) patience.Program       { return patience.Program{RestUnknown: true} }
func working(at time.Duration) patience.Program  { return patience.Program{CPU: at} }
func starving(at time.Duration) patience.Program { return patience.Program{Waiting: at} }

// works is a program that works until some time and then sleeps.
func works(until time.Duration) func(time.Duration) patience.Program {
	return func(at time.Duration) patience.Program {
		return patience.Program{CPU: min(at, until), Asleep: at >= until}
	}
}

// with calls f with a Waiter for such a program and a function that tells the time since
// it was made.
func with(t *testing.T, p *programs, rests func(bool), f func(w *Waiter, elapsed func() time.Duration)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p.began = time.Now()
		w := New(t.Context(), p, patience.Usual, rests)
		f(w, func() time.Duration { return time.Since(p.began) })
	})
}

func never() (bool, error) { return false, nil }

// between fails the test unless got lies from at least to most.
func between(t *testing.T, got, least, most time.Duration) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("after %v, want %v to %v", got, least, most)
	}
}

// A step that waits in vain says why, and by then what patience allows has passed.
func TestVain(t *testing.T) {
	flood := func(a *patience.Account) { a.Flooded = true }
	swarm := func(a *patience.Account) { a.Swarming = true }
	for _, test := range []struct {
		name        string
		programs    programs
		want        patience.Verdict
		what        string
		least, most time.Duration
	}{
		{"rest", programs{now: asleep}, patience.Rested, "it was at rest for 2s, waiting for something", 2 * time.Second, 2200 * time.Millisecond},
		{"work", programs{now: working}, patience.Worked, "it worked on and on instead, as a loop without end does", 5 * time.Second, 5200 * time.Millisecond},
		{"an end", programs{now: ended}, patience.Ended, "no program runs any more", 200 * time.Millisecond, 300 * time.Millisecond},
		{"blind", programs{now: blind}, patience.Unseen, "nothing was seen of it for 10s", 10 * time.Second, 10200 * time.Millisecond},
		{"a flood", programs{now: asleep, change: flood}, patience.Flooded, "it printed more than 8 MiB that nobody asked for", 0, 100 * time.Millisecond},
		{"a swarm", programs{now: asleep, change: swarm}, patience.Swarmed, "more than 100 processes are there that it has started", 0, 100 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			with(t, &test.programs, nil, func(w *Waiter, elapsed func() time.Duration) {
				err := w.Await(never)
				var v *Vain
				if !errors.As(err, &v) || v.Verdict != test.want || v.What() != test.what {
					t.Fatalf("%v, want %q", err, test.what)
				}
				if v.Ended() != (test.want == patience.Ended) {
					t.Errorf("Ended %v", v.Ended())
				}
				between(t, elapsed(), test.least, test.most)
			})
		})
	}
}

// Programs that wait for a processor have not failed, and nobody can tell.
func TestStarved(t *testing.T) {
	with(t, &programs{now: starving}, nil, func(w *Waiter, elapsed func() time.Duration) {
		err := w.Await(never)
		var v *Vain
		if err == nil || errors.As(err, &v) {
			t.Errorf("%v, want an error of ours", err)
		}
	})
}

// The bell makes a step look at once: it is not told by the clock.
func TestRing(t *testing.T) {
	with(t, &programs{now: asleep}, nil, func(w *Waiter, elapsed func() time.Duration) {
		const at = 1234567 * time.Microsecond
		var come atomic.Bool
		time.AfterFunc(at, func() {
			come.Store(true)
			w.Ring()
			w.Ring() // nobody has heard the first
		})
		if err := w.Await(func() (bool, error) { return come.Load(), nil }); err != nil {
			t.Fatal(err)
		}
		between(t, elapsed(), at, at)
	})
}

// What rings the bell begins the rest anew.
func TestRingBeginsRestAnew(t *testing.T) {
	with(t, &programs{now: asleep}, nil, func(w *Waiter, elapsed func() time.Duration) {
		time.AfterFunc(1500*time.Millisecond, w.Ring)
		w.Await(never)
		between(t, elapsed(), 3450*time.Millisecond, 3700*time.Millisecond)
	})
}

// What has come when the verdict falls counts.
func TestLastMoment(t *testing.T) {
	with(t, &programs{now: asleep}, nil, func(w *Waiter, elapsed func() time.Duration) {
		calls := 0
		if w.Await(func() (bool, error) { calls++; return false, nil }) == nil {
			t.Fatal("nothing has come")
		}
		last := calls
		calls = 0
		if err := w.Await(func() (bool, error) { calls++; return calls == last, nil }); err != nil {
			t.Errorf("%v, although it had come at the last moment", err)
		}
	})
}

// A program that goes on reading has the limits anew.
func TestAwaitReading(t *testing.T) {
	with(t, &programs{now: working}, nil, func(w *Waiter, elapsed func() time.Duration) {
		progress := func() uint64 { return uint64(min(elapsed(), 20*time.Second)) }
		var v *Vain
		if err := w.AwaitReading(progress, never); !errors.As(err, &v) || v.Verdict != patience.Worked {
			t.Errorf("%v, want that it worked", err)
		}
		between(t, elapsed(), 20*time.Second, 31*time.Second)
	})
}

// Who may rest longer, or without end, does.
func TestLonger(t *testing.T) {
	with(t, &programs{now: asleep}, nil, func(w *Waiter, elapsed func() time.Duration) {
		w.Lasts(3 * time.Second)
		var v *Vain
		if err := w.Await(never); !errors.As(err, &v) || v.What() != "it was at rest for 5s, waiting for something" {
			t.Errorf("%v, want a rest of 5 s", err)
		}
		between(t, elapsed(), 5*time.Second, 5200*time.Millisecond)
		w.Endless()
		if err := w.Await(func() (bool, error) { return elapsed() > 2*time.Minute, nil }); err != nil {
			t.Error(err)
		}
	})
}

// Rest is seen soon after it begins, and of a program that ends it is no guess.
func TestAwaitRest(t *testing.T) {
	for _, test := range []struct {
		name        string
		now         func(time.Duration) patience.Program
		blind       bool
		least, most time.Duration
	}{
		{"asleep", asleep, false, 0, 10 * time.Millisecond},
		{"ended", ended, false, 0, 10 * time.Millisecond},
		{"works for a while", works(time.Second), false, time.Second, 1050 * time.Millisecond},
		{"blind", blind, true, 250 * time.Millisecond, 300 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			with(t, &programs{now: test.now}, nil, func(w *Waiter, elapsed func() time.Duration) {
				blind, err := w.AwaitRest()
				if err != nil || blind != test.blind {
					t.Errorf("blind %v, %v; want %v", blind, err, test.blind)
				}
				between(t, elapsed(), test.least, test.most)
			})
		})
	}
}

// A flood is told at once: a program that prints too much stands still because we do.
func TestAwaitRestFlooded(t *testing.T) {
	for _, test := range []struct {
		change func(*patience.Account)
		want   patience.Verdict
	}{
		{func(a *patience.Account) { a.Flooded = true }, patience.Flooded},
		{func(a *patience.Account) { a.Swarming = true }, patience.Swarmed},
	} {
		with(t, &programs{now: asleep, change: test.change}, nil, func(w *Waiter, elapsed func() time.Duration) {
			_, err := w.AwaitRest()
			var v *Vain
			if !errors.As(err, &v) || v.Verdict != test.want {
				t.Errorf("%v, want verdict %v", err, test.want)
			}
			between(t, elapsed(), 0, 10*time.Millisecond)
		})
	}
}

// Where rest need not come, a second of work is enough.
func TestAwaitRestBriefly(t *testing.T) {
	with(t, &programs{now: working}, nil, func(w *Waiter, elapsed func() time.Duration) {
		if _, err := w.AwaitRestBriefly(); err != nil {
			t.Error(err)
		}
		between(t, elapsed(), time.Second, 1200*time.Millisecond)
	})
}

// While its programs rest, a play gives its place to another, and takes it back.
func TestRests(t *testing.T) {
	var told []bool
	rests := func(waits bool) { told = append(told, waits) }
	with(t, &programs{now: asleep}, rests, func(w *Waiter, elapsed func() time.Duration) {
		soon := elapsed() + 20*time.Millisecond
		w.Await(func() (bool, error) { return elapsed() >= soon, nil })
		if told != nil {
			t.Errorf("told %v of a step that is soon over", told)
		}
		w.Await(never)
		if !slices.Equal(told, []bool{true, false}) {
			t.Errorf("told %v in a step that waits for long", told)
		}
		told = nil
		if err := w.Pass(time.Minute); err != nil || !slices.Equal(told, []bool{true, false}) {
			t.Errorf("told %v, %v while time passes", told, err)
		}
	})
}

// The end of a play ends each way of waiting, and what fails ends it at once.
func TestEnds(t *testing.T) {
	broken := errors.New("broken")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		p := &programs{now: working, began: time.Now()}
		w := New(ctx, p, patience.Usual, nil)
		if err := w.Await(func() (bool, error) { return false, broken }); err != broken {
			t.Errorf("%v, want what ready said", err)
		}
		for _, wait := range []func() error{
			func() error { return w.Await(never) },
			func() error { _, err := w.AwaitRest(); return err },
			func() error { return w.Pass(time.Hour) },
		} {
			if err := wait(); err != context.DeadlineExceeded {
				t.Errorf("%v, want the end of the play", err)
			}
		}
		between(t, time.Since(p.began), 100*time.Millisecond, 100*time.Millisecond)
	})
}

// The accounts are looked at seldom.
func TestLooksSeldom(t *testing.T) {
	p := &programs{now: asleep}
	with(t, p, nil, func(w *Waiter, elapsed func() time.Duration) {
		w.Await(func() (bool, error) { return elapsed() >= time.Second, nil })
		if p.looks > 51 {
			t.Errorf("%d looks in a second", p.looks)
		}
		if p.looks < 20 {
			t.Errorf("%d looks in a second: rest is hardly seen", p.looks)
		}
	})
}
