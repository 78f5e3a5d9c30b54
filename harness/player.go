package harness

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"wirebook/harness/internal/process"
)

// A Program is an executable that plays a role.
type Program struct {
	Path string
	Args []string // before the arguments that a scenario gives
	Env  []string // its whole environment, but for what a scenario adds
}

// A Player plays scenarios with one program. Its methods are safe for
// concurrent use; its fields are set before the first play.
type Player struct {
	// Program is the program under test.
	Program Program
	// Reference is the solution's program, Generate the lesson's generator
	// of exchanges. Where one is nil, a scenario that needs it is an Error.
	Reference, Generate *Program
	// Seed makes the random exchanges; the same seed makes the same ones.
	Seed int64
	// Unshrunk leaves a difference in a random exchange as it was found:
	// who asks only for the status saves many plays.
	Unshrunk bool
	// Launch, where it is not nil, starts a program under test in place of
	// the command's own Start, and may change the command first: the seam for
	// a sandbox. The command is to lead a process group and to die with this
	// process, as its SysProcAttr asks for.
	Launch func(*exec.Cmd) error
	// Mount, where it is not nil, is called with the programs' working
	// directory before anything is in it, so that a sandbox can put a file
	// system of bounded size there. unmount is called when all programs of
	// the play are dead and nobody looks at their files any more.
	Mount func(dir string) (unmount func() error, err error)
	// Slots bound how many plays work at once; nil means slots of the
	// player's own, PlaysPerProcessor for each. Players that share a
	// machine share them.
	Slots *Slots
	// Apart lets a play in which the reference runs run beside no other. Plays
	// of one player share a network, and a program that finds the reference of
	// another play could have that answer in its place.
	Apart bool

	once sync.Once
}

// defaultLimits bound a program of which a scenario says nothing else: far more
// than any lesson needs, far less than would hurt the machine. Behind a descriptor
// there can be megabytes of the kernel's memory, which count as nobody's, and of
// which all programs of the machine have so much together.
var defaultLimits = process.Limits{
	Memory:      512 << 20,
	Descriptors: 256,
	CPU:         2 * time.Minute, // a backstop; steps have their own
	FileSize:    4 << 30,
	Output:      8 << 20,
}

func (p *Player) init() {
	p.once.Do(func() {
		if p.Slots == nil {
			p.Slots = NewSlots(PlaysPerProcessor * runtime.GOMAXPROCS(0))
		}
	})
}

// Play plays one scenario. When it returns, every process, connection and
// goroutine of the play is gone, and so are its files.
func (p *Player) Play(ctx context.Context, s *Scenario) Result {
	p.init()
	start := time.Now()
	result := Result{Scenario: s}
	if err := p.Slots.enter(ctx, s.lasts); err != nil {
		result.Status, result.Err = Error, err
		return result
	}
	pl := newPlay(ctx, p, s)
	err := pl.run()
	p.Slots.leave()

	result.Transcript = pl.transcript
	result.Notes = pl.notes
	result.Elapsed = time.Since(start)
	var failure *Failure
	var skip *skipError
	switch {
	case err == nil:
		result.Status, result.Score = Pass, s.Points
	case errors.As(err, &failure):
		result.Status, result.Failure = Fail, failure
	case errors.As(err, &skip):
		result.Status, result.Err = Skip, err
	default:
		result.Status, result.Err = Error, err
	}
	return result
}

// maxHung is in how many scenarios of a lesson a program may hang before the
// rest are no longer played.
const maxHung = 3

// PlayAll plays the scenarios, several at once, and returns their results in
// order. done, where it is not nil, is called with each result in that order.
//
// After three scenarios in which the program hung, in the sense of
// [Failure.Limit], those behind them are not played: it would hang in each.
func (p *Player) PlayAll(ctx context.Context, scenarios []*Scenario, done func(Result)) []Result {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	together, alone := p.turns(scenarios)
	pending := p.begin(ctx, scenarios, together, alone)
	results := make([]Result, len(scenarios))
	var hung []string
	told := 0
	for _, i := range slices.Concat(together, alone) {
		if len(hung) == maxHung {
			cancel() // what still plays is not looked at
			<-pending[i]
			results[i] = notPlayed(scenarios[i], hung)
		} else {
			results[i] = <-pending[i]
		}
		if f := results[i].Failure; f != nil && f.Limit && len(hung) < maxHung {
			hung = append(hung, scenarios[i].Name)
		}
		for ; done != nil && told < len(results) && results[told].Scenario != nil; told++ {
			done(results[told])
		}
	}
	return results
}

// turns says by their indexes which scenarios are played at once, and which
// behind them, one after the other.
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

// begin plays the scenarios in goroutines of their own, and returns where the
// result of each will come.
func (p *Player) begin(ctx context.Context, scenarios []*Scenario, together, alone []int) []chan Result {
	pending := make([]chan Result, len(scenarios))
	for i := range scenarios {
		pending[i] = make(chan Result, 1)
	}
	var others sync.WaitGroup
	for _, i := range together {
		others.Go(func() { pending[i] <- p.Play(ctx, scenarios[i]) })
	}
	go func() {
		others.Wait()
		for _, i := range alone {
			pending[i] <- p.Play(ctx, scenarios[i])
		}
	}()
	return pending
}

func notPlayed(s *Scenario, hung []string) Result {
	return Result{Scenario: s, Status: Fail, Failure: &Failure{
		Position: s.file,
		Message: fmt.Sprintf("not played: the program already hung in %s and %s",
			strings.Join(hung[:len(hung)-1], ", "), hung[len(hung)-1]),
		Caret: -1,
	}}
}
