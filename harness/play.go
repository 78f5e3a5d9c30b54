package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"wirebook/harness/internal/process"
)

// A play is one scenario being played: the programs and peers that its commands
// made, and what they did so far. Its commands run one after the other in one
// goroutine; only the bell is rung by others.
type play struct {
	ctx        context.Context
	player     *Player
	scenario   *Scenario
	transcript *Transcript
	ladder     ladder
	notes      []string
	steps      []Step

	ts       *testscript.TestScript
	dir      string         // the programs' working directory
	root     *os.Root       // the same, out of which no link leads
	unmount  func() error   // nil where nothing is mounted there
	limits   process.Limits // for programs still to be started
	programs []*program
	peers    []peer
	vars     map[string]string        // the addresses, by name
	marks    map[string]time.Duration // processor time, by mark

	// bell is rung whenever something happened at a program or a peer.
	bell chan struct{}
	err  error // what ended the play; nil if nothing did
	// atEnd is the last step, behind the script's last line.
	atEnd func() error
}

// A peer is one of our ends. Every kind of it can be settled and closed.
type peer interface {
	peerName() string
	// settled reports whether all that the peer and the programs sent each
	// other has arrived.
	settled() bool
	// pending describes what was received and no command asked for; "" if
	// nothing was.
	pending() string
	close()
}

type skipError struct{ reason string }

func (e *skipError) Error() string { return e.reason }

func newPlay(ctx context.Context, player *Player, s *Scenario) *play {
	p := &play{
		ctx:        ctx,
		player:     player,
		scenario:   s,
		transcript: newTranscript(),
		limits:     defaultLimits,
		vars:       make(map[string]string),
		marks:      make(map[string]time.Duration),
		bell:       make(chan struct{}, 1),
	}
	p.atEnd = p.checkLeftovers
	return p
}

// ring tells the play that something happened. It never blocks.
func (p *play) ring() {
	select {
	case p.bell <- struct{}{}:
	default:
	}
}

// run plays the scenario's script to its end and leaves nothing behind.
func (p *play) run() error {
	scratch, err := takeScratch()
	if err != nil {
		return err
	}
	defer scratch.giveBack()
	script := filepath.Join(scratch.dir, scriptFile)
	if err := os.WriteFile(script, p.scenario.archive(), 0o600); err != nil {
		return err
	}
	t := &scriptT{}
	t.run(func() {
		testscript.RunT(t, testscript.Params{
			Files:       []string{script},
			WorkdirRoot: scratch.dir,
			Setup:       p.setup,
			Cmds:        p.bindings(),
		})
	})
	p.cleanUp()
	switch {
	case p.err != nil:
		return p.err
	case t.skipped:
		return &skipError{t.reason()}
	case t.failed:
		return p.builtinFailed(t.reason())
	}
	return nil
}

// setup makes the programs' working directory the script's.
func (p *play) setup(env *testscript.Env) error {
	p.dir = filepath.Join(env.WorkDir, programDir)
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		return err
	}
	env.Cd = p.dir
	// Here the files are still there; a program may yet hold some open.
	env.Defer(func() {
		p.cleanUp()
		p.leaveDir()
	})
	if p.player.Mount != nil {
		var err error
		if p.unmount, err = p.player.Mount(p.dir); err != nil {
			return p.unplayable(err)
		}
	}
	var err error
	if p.root, err = os.OpenRoot(p.dir); err != nil {
		return p.unplayable(err)
	}
	return p.unplayable(p.scenario.writeProgramFiles(p.root))
}

// unplayable makes an error of the set-up that of the play.
func (p *play) unplayable(err error) error {
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("%s: %w", p.scenario.file, err)
	}
	return err
}

// leaveDir lets go of the working directory.
func (p *play) leaveDir() {
	if p.root != nil {
		p.root.Close()
	}
	if p.unmount != nil {
		// What it fails at concerns this play alone.
		_ = p.unplayable(p.unmount())
	}
}

// cleanUp ends all programs and peers.
func (p *play) cleanUp() {
	for _, prog := range p.programs {
		prog.process.Kill()
	}
	for _, peer := range p.peers {
		peer.close()
	}
}

// bindings are the script's commands, each bound to its line.
func (p *play) bindings() map[string]func(*testscript.TestScript, bool, []string) {
	cmds := make(map[string]func(*testscript.TestScript, bool, []string))
	for _, l := range p.scenario.lines {
		if l.builtin {
			continue
		}
		cmds[l.binding()] = func(ts *testscript.TestScript, _ bool, _ []string) {
			p.ts = ts
			if err := p.step(l); err != nil {
				p.err = err
				ts.Fatalf("%v", err)
			}
		}
	}
	cmds[theEnd] = func(ts *testscript.TestScript, _ bool, _ []string) {
		if err := p.guard(p.atEnd); err != nil {
			p.err = err
			ts.Fatalf("%v", err)
		}
	}
	return cmds
}

// step plays one line.
func (p *play) step(l *line) error {
	p.steps = append(p.steps, Step{l.number, l.text})
	if err := p.ctx.Err(); err != nil {
		return err
	}
	call := l.call
	call.lookup = p.variable
	return p.guard(func() error { return l.command.run(p, &call) })
}

// guard calls f and explains its error; a panic becomes one of ours.
func (p *play) guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		err = p.explain(err)
	}()
	return f()
}

// explain completes a failure with where and what came before; another error
// it only gives a position.
func (p *play) explain(err error) error {
	if err == nil {
		return nil
	}
	if len(p.steps) == 0 {
		return err
	}
	last := p.steps[len(p.steps)-1]
	var f *Failure
	if !errors.As(err, &f) {
		return fmt.Errorf("%s: %w", p.scenario.position(last.Line), err)
	}
	f.Position = p.scenario.position(last.Line)
	f.Steps = slices.Clone(p.steps)
	f.Phase = p.phase(last.Line)
	f.Message = p.redact(f.Message)
	if len(p.scenario.Hints) > 0 {
		f.Hint = p.scenario.Hints[0]
	}
	if f.Ladder == "" {
		f.Ladder = p.ladder.draw(p.redact)
	}
	return f
}

// phase returns the promise under which a line of the script stands.
func (p *play) phase(number int) string {
	for _, l := range p.scenario.lines {
		if l.number == number {
			return l.phase
		}
	}
	return ""
}

// variable returns a variable's value: an address that a command set, or what
// the script's env says.
func (p *play) variable(name string) string {
	if v, ok := p.vars[name]; ok {
		return v
	}
	if p.ts == nil {
		return ""
	}
	return p.ts.Getenv(name)
}

// setAddress gives a program or peer's address a name.
func (p *play) setAddress(name, addr string) { p.vars[name] = addr }

// note adds a remark to the result, once.
func (p *play) note(text string) {
	if !slices.Contains(p.notes, text) {
		p.notes = append(p.notes, text)
	}
}

// peer finds a peer by name.
func findPeer[T peer](p *play, name string) (T, error) {
	for _, candidate := range slices.Backward(p.peers) {
		if candidate.peerName() != name {
			continue
		}
		if t, ok := candidate.(T); ok {
			return t, nil
		}
	}
	var none T
	return none, fmt.Errorf("there is no %s named %q yet; %s", kindOf(none), name, "an earlier line must make it")
}

func kindOf(p peer) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", p), "*harness.")
}

// builtinFaults tells which built-in commands check what a program did; the
// others' failures are ours.
var builtinFaults = []string{"cmp", "exists", "grep"}

// builtinFailed turns the failure of one of testscript's own commands, told in
// its log, into ours.
func (p *play) builtinFailed(log string) error {
	number, message := lastFailure(log)
	for _, l := range p.scenario.lines {
		if l.number != number {
			continue
		}
		p.steps = append(p.steps, Step{l.number, l.text})
		if slices.Contains(builtinFaults, l.verb) {
			return p.explain(p.failf("%s: %s", l.text, strings.ReplaceAll(message, p.dir, ".")))
		}
	}
	return fmt.Errorf("%s: %s", p.scenario.position(number), message)
}
