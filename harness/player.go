package harness

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"wirebook/harness/internal/exchange"
	"wirebook/harness/internal/patience"
	"wirebook/harness/internal/play"
)

// A Program is an executable that plays a role.
type Program = play.Executable

// An Event is one thing that happened between a peer and a program.
type Event = play.Event

// The kinds of events that are no rungs of a ladder.
const (
	Begins = play.Begins
	Takes  = play.Takes
	Unsent = play.Unsent
	Owns   = play.Owns
)

// A Pause is a play that stands still before a step.
type Pause = play.Pause

// A Player plays scenarios with one program. Its methods are safe for concurrent
// use; its fields are set before the first play.
type Player struct {
	// Program is the program under test.
	Program Program
	// Reference is the solution's program, Generate the lesson's generator of
	// exchanges. Where one is nil, a scenario that needs it is an Error.
	Reference, Generate *Program
	// Puppet builds the program that programs may start (package puppet), unless it
	// is there, and says where it is. It may be called by several plays at once.
	// Where it is nil, a scenario that needs it is an Error.
	Puppet func() (path string, err error)
	// Seed makes the random exchanges; the same seed makes the same ones.
	Seed int64
	// Unshrunk leaves a difference in a random exchange as it was found: who asks
	// only for the status saves many plays.
	Unshrunk bool
	// Launch, where it is not nil, starts a program under test in place of the
	// command's own Start, and may change the command first: the seam for a
	// sandbox. The command is to lead a process group and to die with this
	// process, as its SysProcAttr asks for.
	Launch func(*exec.Cmd) error
	// Mount, where it is not nil, is called with the programs' working directory
	// before anything is in it, so that a sandbox can put a file system of bounded
	// size there. unmount is called when all programs of the play are dead and
	// nobody looks at their files any more.
	Mount func(dir string) (unmount func() error, err error)
	// WorkDir is how programs in a sandbox call their working directory; empty where
	// they call it as everybody does.
	WorkDir string
	// Slots bound how many plays work at once; nil means slots of the player's
	// own, PlaysPerProcessor for each. Players that share a machine share them.
	Slots *Slots
	// Apart plays scenarios that start the reference one at a time, after all
	// others. Plays of one player share a network, and a program that finds the
	// reference of another play could let that answer in its place.
	Apart bool
	// Observe, where it is not nil, is handed all that happens in each play, from
	// several goroutines.
	Observe func(*Scenario, Event)
	// Before, where it is not nil, is called before each step of each play, which
	// stands still until it returns. When it has said endless, the play's steps wait
	// without limit: a debugger may be why a program rests.
	Before func(*Scenario, Pause) (endless bool, err error)
	// Rests, where it is not nil, is told when a play begins to wait for programs that
	// are at rest, and when it goes on.
	Rests func(s *Scenario, waits bool)

	once sync.Once
	hung atomic.Int32 // plays in which the program worked without end
}

func (p *Player) init() {
	p.once.Do(func() {
		if p.Slots == nil {
			p.Slots = NewSlots(PlaysPerProcessor * runtime.GOMAXPROCS(0))
		}
	})
}

// Play plays one scenario. When it returns, every process, connection and goroutine
// of the play is gone, and so are its files.
func (p *Player) Play(ctx context.Context, s *Scenario) Result {
	p.init()
	start := time.Now()
	if err := p.Slots.enter(ctx, s.script.Lasts()); err != nil {
		return Result{Scenario: s, Status: Error, Err: err}
	}
	r := resultOf(s, play.Run(ctx, p.config(s), s.script), time.Since(start))
	if r.Failure != nil && r.Failure.Limit {
		p.hung.Add(1) // before the next play begins
	}
	p.Slots.leave()
	return r
}

// maxHung is in how many scenarios a program may work without end before its steps
// are allowed little.
const maxHung = 3

// config is what a play of the scenario needs.
func (p *Player) config(s *Scenario) play.Config {
	config := play.Config{
		Program: p.Program, Reference: p.Reference, Puppet: p.Puppet,
		Launch: p.Launch, Mount: p.Mount, WorkDir: p.WorkDir,
		Rests:     p.Slots.rests,
		Allowance: patience.Usual,
	}
	if p.Rests != nil {
		config.Rests = func(waits bool) {
			p.Slots.rests(waits)
			p.Rests(s, waits)
		}
	}
	if p.hung.Load() >= maxHung {
		config.Allowance = patience.Small
	}
	if p.Before != nil {
		config.Before = func(at play.Pause) (bool, error) { return p.Before(s, at) }
	}
	if p.Observe != nil {
		config.Observe = func(e Event) { p.Observe(s, e) }
	}
	config.Commands = language()
	if s.Needs("random") {
		inner := config // an exchange has commands of its own, and no exchange in it
		config.Commands = commandsOf(&exchange.Player{Generate: p.Generate, Seed: p.Seed, Unshrunk: p.Unshrunk, Config: inner})
	}
	return config
}

// PlayAll plays the scenarios, several at once, and returns their results in order.
// done, where it is not nil, is called with each result in that order.
//
// When the program has worked without end in three scenarios, the steps of those
// that begin later are allowed a tenth of the work: each is still played, and one
// more hang costs little.
func (p *Player) PlayAll(ctx context.Context, scenarios []*Scenario, done func(Result)) []Result {
	together, alone := p.turns(scenarios)
	pending := p.begin(ctx, scenarios, together, alone)
	results := make([]Result, len(scenarios))
	told := 0
	for _, i := range slices.Concat(together, alone) {
		results[i] = <-pending[i]
		for ; done != nil && told < len(results) && results[told].Scenario != nil; told++ {
			done(results[told])
		}
	}
	return results
}

// turns says by their indexes which scenarios are played at once, and which behind
// them, one after the other.
func (p *Player) turns(scenarios []*Scenario) (together, alone []int) {
	for i, s := range scenarios {
		if p.Apart && s.meetsReference() {
			alone = append(alone, i)
		} else {
			together = append(together, i)
		}
	}
	return together, alone
}

// begin plays the scenarios in goroutines of their own, and returns where the result
// of each will come.
func (p *Player) begin(ctx context.Context, scenarios []*Scenario, together, alone []int) []chan Result {
	pending := make([]chan Result, len(scenarios))
	for i := range scenarios {
		pending[i] = make(chan Result, 1)
	}
	play := func(i int) { pending[i] <- p.Play(ctx, scenarios[i]) }
	var others sync.WaitGroup
	for _, i := range together {
		others.Go(func() { play(i) })
	}
	go func() {
		others.Wait()
		for _, i := range alone {
			play(i)
		}
	}()
	return pending
}

// resultOf makes a result of how a play ended.
func resultOf(s *Scenario, ending play.Ending, elapsed time.Duration) Result {
	r := Result{Scenario: s, Notes: ending.Notes, Elapsed: elapsed}
	var skip *play.Skip
	switch {
	case ending.Err == nil:
		r.Status, r.Score = Pass, s.Points
	case errors.As(ending.Err, &r.Failure):
		r.Status = Fail
	case errors.As(ending.Err, &skip):
		r.Status, r.Err = Skip, skip
	default:
		r.Status, r.Err = Error, ending.Err
	}
	return r
}

// BaseEnvironment is what a Program needs to run at all: nothing of ours, and nothing
// that differs between two machines but the system's own.
func BaseEnvironment() []string {
	env := []string{
		"LANG=C.UTF-8", "TZ=UTC",
		// A Go program would find the same number, but after a search through the
		// files of its cgroup that makes a start a fifteenth longer.
		"GOMAXPROCS=" + strconv.Itoa(runtime.GOMAXPROCS(0)),
	}
	for _, name := range []string{"SystemRoot", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "GOCOVERDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}
