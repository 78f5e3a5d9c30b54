// Package play plays one scenario: it starts the programs, leads the peers through
// the script's steps, and says how it ended.
//
// A play's steps run one after the other in one goroutine. A step that waits goes
// through the play's Waiter (package waiting), which decides by what the programs do,
// and not by the clock, when it has waited in vain. What a command does stands beside
// its row in a table of [Command], in a package that knows this one: programs, files,
// and one for each kind of peer. A peer is known here as a [Peer] alone.
package play

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"wirebook/harness/internal/patience"
	"wirebook/harness/internal/process"
	"wirebook/harness/internal/script"
	"wirebook/harness/internal/waiting"
	"wirebook/harness/internal/workdir"
	"wirebook/harness/telling"
)

// An Executable is a program in a file.
type Executable struct {
	Path string
	Args []string // before the arguments that a scenario gives
	Env  []string // its whole environment, but for what a scenario adds
	// Family says that it may start others, as a shell script does: they work and rest
	// as one.
	Family bool
}

// A Config is what a play needs besides its script.
type Config struct {
	// Program is the program under test, Reference the solution's; nil where it
	// is not here.
	Program   Executable
	Reference *Executable
	// Puppet says where the program is that programs may start; nil where there
	// is none.
	Puppet func() (path string, err error)
	// WorkDir is how programs under test call their working directory, where that
	// is not its name here.
	WorkDir string
	// Commands are the language.
	Commands *Commands
	// Allowance is how long a step may wait in vain.
	Allowance patience.Allowance
	// Launch, where it is not nil, starts a program under test in place of the
	// command's own Start. Mount is called with the programs' working directory
	// before anything is in it, its result when nobody looks there any more.
	Launch func(*exec.Cmd) error
	Mount  func(dir string) (unmount func() error, err error)
	// Rests, where it is not nil, is told when the play begins to wait for
	// programs at rest, and when it goes on.
	Rests func(bool)
	// Observe, where it is not nil, is handed all that happens, from several
	// goroutines.
	Observe func(Event)
	// Before, where it is not nil, is called before each step. The play stands
	// still until it returns. When it has said endless, steps wait without limit.
	Before func(Pause) (endless bool, err error)
	// AtEnd, where it is not nil, is the last step in place of the look for what
	// no command asked for.
	AtEnd func(*Play) error
}

// A Play is one scenario being played.
type Play struct {
	config Config
	script *script.Script
	ctx    context.Context
	began  time.Time

	steps  []telling.Step
	number atomic.Int32 // of the step
	ladder []telling.Rung
	notes  []string

	Dir    *workdir.Dir   // where the programs work
	Limits process.Limits // for programs still to be started

	programs  []*Program
	peers     []Peer
	addresses telling.Names
	values    map[string]string // of the variables: the same addresses, by name

	*waiting.Waiter // waits for its steps

	err     error                    // what ended the play; nil if nothing did
	acts    int                      // what our side has done so far
	Marks   map[string]time.Duration // processor time, by mark
	watched []watched                // what must stay as it was seen

	channels int // how many have a number
	byName   map[string]int
	over     atomic.Bool // what happens now is told to nobody
}

// An Ending is how a play ended.
type Ending struct {
	// Err is nil if the program did all that was asked of it, a
	// *telling.Failure if it did not, a *Skip if the scenario cannot be played
	// here. Every other error is ours.
	Err error
	// Notes are what a reader should know although it did not decide.
	Notes []string
	// Steps and Ladder are the same as a failure's.
	Steps  []telling.Step
	Ladder []telling.Rung
}

// A Pause is a play that stands still before a step.
type Pause struct {
	Number   int // of the step, from 1
	Step     telling.Step
	Programs []Running // in the order in which they were started
}

// A Running is a program that runs.
type Running struct {
	Name string
	PID  int
}

func (p *Play) pause(step telling.Step) Pause {
	at := Pause{Number: len(p.steps) + 1, Step: step}
	for _, g := range p.programs {
		if !g.Gone() {
			at.Programs = append(at.Programs, Running{g.Name, g.Process.Pid()})
		}
	}
	return at
}

// A Skip says why a scenario cannot be played on this system.
type Skip struct{ Reason string }

func (s *Skip) Error() string { return s.Reason }

// Run plays the script to its end and leaves nothing behind. It returns within a
// second of the end of ctx.
func Run(ctx context.Context, config Config, s *script.Script) Ending {
	p := &Play{
		config: config, script: s, ctx: ctx, began: time.Now(),
		Limits: defaultLimits,
		values: make(map[string]string),
		Marks:  make(map[string]time.Duration),
	}
	p.Waiter = waiting.New(ctx, accounts{p}, config.Allowance, config.Rests)
	err := p.run()
	return Ending{Err: err, Notes: p.notes, Steps: p.steps, Ladder: p.ladder}
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
	Output:      patience.MaxPrinted,
}

// open makes the programs' working directory, and in it the script's files.
func (p *Play) open(dir string) (err error) {
	p.addresses.Set(dir, "working directory")
	p.values["WORK"] = cmp.Or(p.config.WorkDir, dir)
	if p.Dir, err = workdir.Make(dir, p.config.Mount); err != nil {
		return err
	}
	return p.writeFiles()
}

// programDir is the folder of the archive that becomes the working directory.
const programDir = "w"

// writeFiles writes the archive's files for the programs. The others, hints and
// expected answers, no program can read.
func (p *Play) writeFiles() error {
	for name, data := range p.script.Files {
		name, ok := strings.CutPrefix(name, programDir+"/")
		if !ok {
			continue
		}
		if err := p.Dir.MkdirAll(path.Dir(name), 0o777); err != nil {
			return err
		}
		if err := p.Dir.WriteFile(name, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// close ends all programs and peers and lets go of the working directory.
func (p *Play) close() error {
	if p.Observing() {
		for peer := range Peers[GuestBook](p) {
			peer.TellLast(p)
		}
	}
	p.over.Store(true)
	for _, g := range p.programs {
		g.Process.Kill()
	}
	for _, peer := range p.peers {
		peer.Close()
	}
	if p.Dir == nil {
		return nil
	}
	return p.Dir.Close()
}

// step plays a line.
func (p *Play) step(l *script.Line) error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	step := telling.Step{Line: l.Number, Text: l.Text, Block: l.Block}
	if p.config.Before != nil {
		endless, err := p.config.Before(p.pause(step))
		if err != nil {
			return err
		}
		if endless {
			p.Endless()
		}
	}
	p.steps = append(p.steps, step)
	p.number.Add(1)
	p.Observe(Event{Kind: Begins, Line: step})
	return p.guard(func() error {
		call, err := l.Call(p.value)
		if err != nil {
			return err
		}
		return p.config.Commands.run(p, call)
	})
}

// theEnd is the step behind the last line.
func (p *Play) theEnd() error {
	return p.guard(func() error {
		if p.config.AtEnd != nil {
			return p.config.AtEnd(p)
		}
		return p.checkLeftovers()
	})
}

// guard calls f and completes its error; a panic becomes one of ours.
func (p *Play) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		err = p.complete(err)
	}()
	return f()
}

// complete gives a failure what stood before it, and any other error its place.
func (p *Play) complete(err error) error {
	if err == nil || len(p.steps) == 0 || isSkip(err) {
		return err
	}
	last := p.steps[len(p.steps)-1]
	var f *telling.Failure
	if !errors.As(err, &f) {
		return fmt.Errorf("%s: %w", p.script.Position(last.Line), err)
	}
	if f.Ladder == nil {
		p.SettleBriefly()
		p.TellLeftovers()
	}
	f.Position, f.Block = p.script.Position(last.Line), last.Block
	f.Message = p.addresses.In(f.Message)
	for i := range f.Ladder { // of a play within this one
		f.Ladder[i].Step += len(p.steps)
	}
	f.Steps = slices.Concat(p.steps, f.Steps)
	f.Ladder = telling.Keep(slices.Concat(p.ladder, f.Ladder))
	if hints := p.script.Hints(last.Block); len(hints) > 0 {
		f.Hint = hints[0]
	}
	return f
}

func isSkip(err error) bool {
	var skip *Skip
	return errors.As(err, &skip)
}

// value returns a variable's value: an address that a command has named.
func (p *Play) value(name string) string { return p.values[name] }

// Name gives a program or peer's address a name: $NAME in the script, ‹NAME› in
// what is told.
func (p *Play) Name(name, addr string) {
	p.Set(name, addr)
	p.addresses.Set(addr, name)
}

// Set gives the script's variable $NAME a value that is the same at every play, such
// as a path.
func (p *Play) Set(name, value string) { p.values[name] = value }

// Note adds a remark to the result, once.
func (p *Play) Note(text string) {
	if !slices.Contains(p.notes, text) {
		p.notes = append(p.notes, text)
	}
}

// Context ends with the play.
func (p *Play) Context() context.Context { return p.ctx }

// Failf returns a failure of the program with a message.
func (p *Play) Failf(format string, args ...any) *telling.Failure {
	return &telling.Failure{Message: fmt.Sprintf(format, args...)}
}

// Compared is the failure of got where want was owed. Both are shown around the
// first byte that differs.
func (p *Play) Compared(message string, want, got []byte) *telling.Failure {
	return &telling.Failure{Message: message, Difference: p.addresses.Compare(want, got)}
}

// Short quotes bytes for a sentence, with names in the place of addresses.
func (p *Play) Short(b []byte) string { return p.addresses.Short(b) }

// Redact puts names in the place of addresses and of the programs' folder, so that
// two plays of one program give the same text.
func (p *Play) Redact(s string) string { return p.addresses.In(s) }
