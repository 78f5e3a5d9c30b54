package patience

import (
	"testing"
	"time"
)

const ms = time.Millisecond

// A film is a play's accounts, one after another, as a made-up clock makes them.
type film struct {
	now  Account
	step time.Duration
}

// asleep is a program that sleeps, awake one that works or waits for a processor.
var (
	asleep = Program{Asleep: true}
	awake  = Program{}
	gone   = Program{Ended: true}
)

func filmOf(step time.Duration, p ...Program) *film {
	return &film{now: Account{Programs: p, Arrived: true}, step: step}
}

// next lets a step pass, in which change happens to the account.
func (f *film) next(change func(*Account)) Account {
	programs := append([]Program(nil), f.now.Programs...)
	f.now.Programs = programs
	f.now.At += f.step
	if change != nil {
		change(&f.now)
	}
	return f.now
}

// works is a change in which a program has used so much processor time.
func works(d time.Duration) func(*Account) {
	return func(a *Account) { a.Programs[0].CPU += d }
}

func waits(d time.Duration) func(*Account) {
	return func(a *Account) { a.Programs[0].Waiting += d }
}

// A step waits as long as something may still come, and no longer.
func TestLimits(t *testing.T) {
	blind := Program{RestUnknown: true, Asleep: true}
	blinder := Program{RestUnknown: true, Asleep: true}
	for _, test := range []struct {
		name   string
		film   *film
		change func(*Account)
		want   Verdict
		after  time.Duration // of the made-up clock, since the first account
	}{
		{"rest", filmOf(40*ms, asleep), nil, Rested, 2 * time.Second},
		{"rest that we saw seldom counts for little", filmOf(time.Second, asleep), nil, Rested, 13 * time.Second},
		{"rest while its words are on their way", filmOf(40*ms, asleep), func(a *Account) { a.Undelivered = true }, Slow, time.Minute},
		{"rest until its words are here", filmOf(40*ms, asleep), func(a *Account) { a.Undelivered = a.At < 3*time.Second }, Rested, 3 * time.Second},
		{"work", filmOf(40*ms, awake), works(40 * ms), Worked, 5 * time.Second},
		{"work for two", filmOf(40*ms, awake, asleep), works(80 * ms), Worked, 2520 * ms},
		{"a poll every 20 ms", filmOf(20*ms, Program{Asleep: true, Polls: true}), works(1 * ms), Rested, 2120 * ms},
		{"naps in a loop", filmOf(40*ms, Program{Asleep: true, Naps: true}), works(1 * ms), Rested, 2080 * ms},
		{"one of two works", filmOf(40*ms, asleep, awake), nil, Slow, time.Minute},
		{"a disk that does not answer", filmOf(40*ms, awake), nil, Slow, time.Minute},
		{"starved", filmOf(40*ms, awake), waits(40 * ms), Starved, 3 * time.Minute},
		{"many threads starved", filmOf(40*ms, awake), waits(400 * ms), Starved, 3 * time.Minute},
		{"starved for half of the time", filmOf(40*ms, awake), waits(20 * ms), Slow, 2 * time.Minute},
		{"starved, and at work", filmOf(40*ms, awake), func(a *Account) { works(2 * ms)(a); waits(38 * ms)(a) }, Worked, 100 * time.Second},
		{"all have ended", filmOf(40*ms, gone), nil, Ended, 200 * ms},
		{"all have ended and not all has come", filmOf(40*ms, gone), func(a *Account) { a.Arrived = false }, Slow, time.Minute},
		{"a flood", filmOf(40*ms, awake), func(a *Account) { a.Flooded = true }, Flooded, 40 * ms},
		{"a swarm", filmOf(40*ms, awake), func(a *Account) { a.Swarming = true }, Swarmed, 40 * ms},
		{"blind", filmOf(40*ms, blinder), nil, Unseen, 10 * time.Second},
		{"blind, but for its work", filmOf(40*ms, blind), works(1 * ms), Slow, time.Minute},
		{"blind, and much work", filmOf(40*ms, blind), works(40 * ms), Worked, 5 * time.Second},
		{"blind to the end", filmOf(40*ms, Program{Ended: true, RestUnknown: true}), nil, Ended, 200 * ms},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := Limits{Allowance: Usual}
			l.Look(test.film.now)
			for test.film.now.At < 5*time.Minute {
				if v := l.Look(test.film.next(test.change)); v != Wait {
					if v != test.want || test.film.now.At != test.after {
						t.Errorf("%v after %v, want %v after %v", v, test.film.now.At, test.want, test.after)
					}
					return
				}
			}
			t.Error("no verdict in five minutes")
		})
	}
}

// What comes from a program begins its rest anew; its work goes on being counted.
func TestHappened(t *testing.T) {
	f := filmOf(40*ms, asleep)
	l := Limits{Allowance: Usual}
	l.Look(f.now)
	for range 1000 {
		if v := l.Look(f.next(nil)); v != Wait {
			t.Fatalf("%v after %v, want Wait", v, f.now.At)
		}
		l.Happened()
	}
	if l.Rest() != 0 {
		t.Errorf("rest %v, want 0", l.Rest())
	}
}

// A program that goes on reading may take long, but not for ever.
func TestReading(t *testing.T) {
	f := filmOf(40*ms, awake)
	l := Limits{Allowance: Usual}
	l.Look(f.now)
	read := func(a *Account) { a.Programs[0].CPU += 40 * ms; a.Progress++ }
	for f.now.At < 170*time.Second {
		if v := l.Look(f.next(read)); v != Wait {
			t.Fatalf("%v after %v, want Wait", v, f.now.At)
		}
	}
	for f.now.At < 200*time.Second {
		if v := l.Look(f.next(read)); v == Worked {
			return
		}
	}
	t.Errorf("no verdict after %v of reading", f.now.At)
}

// When it stops reading, the limits are those of every step.
func TestReadingEnds(t *testing.T) {
	f := filmOf(40*ms, awake)
	l := Limits{Allowance: Usual}
	l.Look(f.now)
	for range 200 {
		l.Look(f.next(func(a *Account) { a.Programs[0].CPU += 40 * ms; a.Progress++ }))
	}
	stopped := f.now.At
	for f.now.At < stopped+time.Minute {
		if v := l.Look(f.next(works(40 * ms))); v == Worked {
			if f.now.At-stopped > 10*time.Second {
				t.Errorf("told after %v", f.now.At-stopped)
			}
			return
		}
	}
	t.Error("no verdict")
}

func TestSpent(t *testing.T) {
	f := filmOf(40*ms, asleep)
	l := Limits{Allowance: Usual}
	if l.Begun() {
		t.Error("begun before the first account")
	}
	l.Look(f.now)
	l.Look(f.next(works(10 * ms)))
	if got := l.Spent(); got != 40*ms {
		t.Errorf("spent %v, want 40ms: 10 of work, 30 of rest", got)
	}
}

// Programs have come to rest when it is proved, or when they have left the
// processors alone for long enough.
func TestRest(t *testing.T) {
	blinder := Program{RestUnknown: true, Asleep: true}
	blind := Program{RestUnknown: true, Asleep: true}
	// inTurn makes one of two programs awake, and then the other.
	inTurn := func(f func(*Account)) func(*Account) {
		turn := 0
		return func(a *Account) {
			turn = 1 - turn
			a.Programs[turn].Asleep, a.Programs[1-turn].Asleep = true, false
			f(a)
		}
	}
	for _, test := range []struct {
		name   string
		film   *film
		change func(*Account)
		after  time.Duration // 0: never
	}{
		{"two equal accounts", filmOf(5*ms, asleep), nil, 5 * ms},
		{"two programs", filmOf(5*ms, asleep, asleep), nil, 5 * ms},
		{"all have ended", filmOf(5*ms, gone), nil, 5 * ms},
		{"one has ended", filmOf(5*ms, gone, asleep), nil, 5 * ms},
		{"at work", filmOf(5*ms, awake), works(5 * ms), 0},
		{"waiting for a processor", filmOf(5*ms, awake), nil, 0},
		{"napping", filmOf(5*ms, Program{Asleep: true, Naps: true}), nil, 1005 * ms},
		{"a short poll", filmOf(5*ms, Program{Asleep: true, Polls: true}), nil, 105 * ms},
		{"a short poll that works", filmOf(5*ms, Program{Asleep: true, Polls: true}), works(1 * ms), 130 * ms},
		{"one of two is always awake", filmOf(5*ms, asleep, awake), inTurn(func(*Account) {}), 1010 * ms},
		{"one of two is always at work", filmOf(5*ms, asleep, awake), inTurn(works(5 * ms)), 0},
		{"printing", filmOf(5*ms, asleep), func(a *Account) { a.Output++; a.Programs[0].CPU++ }, 0},
		{"not all has arrived", filmOf(5*ms, asleep), func(a *Account) { a.Arrived = false }, 0},
		{"not all of the dead has arrived", filmOf(5*ms, gone), func(a *Account) { a.Arrived = false }, 0},
		{"asleep until we bring more, now and then", filmOf(5*ms, Program{Asleep: true, Polls: true}), func(a *Account) { a.Arrived = a.At%(50*ms) == 0 }, 0},
		{"asleep until we take more, and late", filmOf(150*ms, asleep), func(a *Account) { works(1 * ms)(a); a.Arrived = a.At%(300*ms) == 0 }, 0},
		{"its log is on its way, now and then", filmOf(5*ms, Program{Asleep: true, Polls: true}), func(a *Account) { works(1 * ms)(a); a.Arrived = a.At%(10*ms) == 0; a.Logs = !a.Arrived }, 130 * ms},
		{"its log is always on its way", filmOf(5*ms, Program{Asleep: true, Polls: true}), func(a *Account) { a.Arrived, a.Logs = false, true }, 0},
		{"one works", filmOf(5*ms, awake, asleep), works(5 * ms), 0},
		{"blind", filmOf(5*ms, blinder), nil, blindRest},
		{"blind, but for its work", filmOf(5*ms, blind), works(1 * ms), 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r Rest
			r.Look(test.film.now)
			for test.film.now.At < 20*time.Second {
				if r.Look(test.film.next(test.change)) {
					if test.film.now.At != test.after {
						t.Errorf("at rest after %v, want %v", test.film.now.At, test.after)
					}
					return
				}
			}
			if test.after != 0 {
				t.Errorf("not at rest, want so after %v", test.after)
			}
		})
	}
}

// The first account in which all is still is worth another at once.
func TestMayProve(t *testing.T) {
	f := filmOf(5*ms, awake)
	var r Rest
	r.Look(f.now)
	if r.MayProve() {
		t.Error("a program at work may prove nothing")
	}
	r.Look(f.next(func(a *Account) { a.Programs[0].Asleep = true; a.Programs[0].CPU++ }))
	if !r.MayProve() {
		t.Error("a program that fell asleep may prove its rest")
	}
	if !r.Look(f.next(nil)) {
		t.Error("it has not")
	}
	if r.MayProve() {
		t.Error("it has been proved")
	}
}

func TestHung(t *testing.T) {
	for v, want := range map[Verdict]bool{Wait: false, Rested: false, Worked: true, Flooded: true, Ended: false, Slow: true, Starved: false, Unseen: false} {
		if v.Hung() != want {
			t.Errorf("verdict %d: hung %v, want %v", v, v.Hung(), want)
		}
	}
}

// Where somebody looks at the programs with a debugger, neither rest nor work ends a
// step; their end does.
func TestEndless(t *testing.T) {
	for _, f := range []*film{filmOf(time.Second, asleep), filmOf(time.Second, awake), filmOf(time.Second, Program{RestUnknown: true})} {
		limits := Limits{Allowance: Usual}
		limits.Allowance.Endless = true
		for range 3600 {
			if v := limits.Look(f.next(works(500 * ms))); v != Wait {
				t.Fatalf("after %v: %v", f.now.At, v)
			}
		}
		f.now.Programs = []Program{gone}
		v := Wait
		for range 10 {
			v = limits.Look(f.next(nil))
		}
		if v != Ended {
			t.Errorf("when the program has ended: %v, want %v", v, Ended)
		}
	}
}

// Programs that rest are not said to have rested too long before: also where one asks for
// news every now and then, waits for a processor each time, and we look seldom.
func TestRestComesBeforeItsLimit(t *testing.T) {
	const nap, wait, work = 40 * ms, 25 * ms, 5 * ms
	at := func(now time.Duration) Account {
		rounds, in := now/(nap+wait+work), now%(nap+wait+work)
		p := Program{Naps: true, Asleep: in < nap, CPU: rounds * work, Waiting: rounds * wait}
		if in >= nap+wait { // the kernel tells of the waiting when it is over
			p.Waiting += wait
			p.CPU += in - nap - wait
		}
		return Account{At: now, Programs: []Program{p}, Arrived: true}
	}
	for step := 10 * ms; step <= 400*ms; step += 10 * ms {
		limits := Limits{Allowance: Usual}
		var rest Rest
		for now := time.Duration(0); !rest.Look(at(now)); now += step {
			if v := limits.Look(at(now)); v != Wait {
				t.Errorf("looked at every %v: verdict %d after %v, and it does not rest yet", step, v, now)
				break
			}
		}
	}
}
