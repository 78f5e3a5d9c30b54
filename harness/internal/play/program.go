package play

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"wirebook/harness/internal/patience"
	"wirebook/harness/internal/pieces"
	"wirebook/harness/internal/pipe"
	"wirebook/harness/internal/process"
	"wirebook/harness/telling"
)

// A Program is a running program of the play: its process, and how far the commands
// have read what it printed.
type Program struct {
	Name  string
	Args  []string
	Addrs []netip.AddrPort // where it listens, as it said
	Sends []netip.AddrPort // where its datagrams come from
	// Socket is the Unix socket at which it listens, as it said; "" for none.
	Socket string
	// Typed says that something was typed since a peer last asked.
	Typed bool

	Channel    int // of its screen
	Process    *process.Process
	Unanswered pieces.Sent // typed and not answered
	Read       int64       // bytes of standard output that commands asked for
	Announced  int64       // bytes of the listening lines
	said       int64       // bytes of standard error that are drawn
	Awaited    bool        // exits has seen its end
	Signalled  bool
	Baseline   int           // descriptors at the first look; 0 before it
	Worked     time.Duration // processor time at the last mark, when it rested again
}

// A Setting is in what a program is started, beside what all of a play are.
type Setting struct {
	Env     []string // set anew
	Umask   *int     // see process.Spec
	Full    bool     // see process.Spec
	Trusted bool     // it is ours
}

// StartProgram starts what with args, known as name.
func (p *Play) StartProgram(what Executable, name string, args []string, in Setting) (*Program, error) {
	g := &Program{Name: name, Args: args, Channel: p.NewChannel()}
	spec := process.Spec{
		Path:   what.Path,
		Args:   slices.Concat(what.Args, args),
		Env:    environment(what.Env, in.Env),
		Dir:    p.Dir.Path,
		Limits: p.Limits,
		Family: what.Family || p.script.Uses("puppet"),
		Umask:  in.Umask,
		Full:   in.Full,
		Notify: p.Ring,
	}
	if p.Observing() {
		begun := make(chan struct{})
		defer close(begun)
		spec.Notify = p.observeConsole(g, begun)
	}
	if !in.Trusted {
		spec.Launch = p.config.Launch
	}
	started, err := process.Start(spec)
	if err != nil {
		return nil, fmt.Errorf("start %q: %w", what.Path, err)
	}
	g.Process = started
	p.programs = append(p.programs, g)
	text := telling.Words(args)
	p.Act("", name, telling.Starts, text)
	p.Observe(Event{Kind: telling.Starts, To: name, ToProgram: true, Text: text})
	return g, nil
}

// observeConsole rings the bell and hands on what a program has printed, and its end,
// once it has begun.
func (p *Play) observeConsole(g *Program, begun <-chan struct{}) func() {
	var mu sync.Mutex
	var printed, said int64
	ended := false
	return func() {
		defer p.Ring()
		<-begun
		mu.Lock()
		defer mu.Unlock()
		gone := g.Gone() // first: what has come by then is all
		hand := func(out *pipe.Output, from *int64, to string, channel int) {
			data, next := out.Next(*from)
			*from = next
			if len(data) > 0 {
				p.Observe(Event{Kind: telling.Bytes, From: g.Name, To: to, Channel: channel, Data: data})
			}
		}
		hand(g.Process.Stdout(), &printed, Screen, g.Channel)
		hand(g.Process.Stderr(), &said, Stderr, 0)
		if gone && !ended {
			ended = true
			p.Observe(Event{Kind: telling.Exits, From: g.Name, Channel: g.Channel, Text: g.Ending()})
		}
	}
}

// environment is base with some of its variables set anew, each once: of two values
// of one variable, some programs take the first and some the last.
func environment(base, anew []string) []string {
	name := func(setting string) string { name, _, _ := strings.Cut(setting, "="); return name }
	env := slices.DeleteFunc(slices.Clone(base), func(old string) bool {
		return slices.ContainsFunc(anew, func(s string) bool { return name(s) == name(old) })
	})
	return append(env, anew...)
}

// Program finds a program by name; the newest of that name.
func (p *Play) Program(name string) (*Program, error) {
	for _, g := range slices.Backward(p.programs) {
		if g.Name == name {
			return g, nil
		}
	}
	return nil, fmt.Errorf("there is no program named %q yet; start it on an earlier line", name)
}

// Unread returns what the program printed and no command asked for yet.
func (g *Program) Unread() []byte { return g.Process.Stdout().Since(g.Read) }

// Gone reports whether the program has ended and all its output is here.
func (g *Program) Gone() bool {
	_, ok := g.Process.Exited()
	return ok
}

// unawaited reports whether it has ended though no step has asked it to.
func (g *Program) unawaited() bool { return g.Gone() && !g.Awaited && !g.Signalled }

// Ending describes how the program ended.
func (g *Program) Ending() string {
	e, ok := g.Process.Exited()
	switch {
	case !ok:
		return "still runs"
	case e.Signal != "":
		return "was ended by the signal " + e.Signal
	default:
		return fmt.Sprintf("ended with exit status %d", e.Code)
	}
}

// unsteady is what differs from play to play in a panic or a log: addresses in memory,
// and the time.
var unsteady = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b0x[0-9a-f]{5,16}\b|\b\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(\.\d+)?\b`)
})

// Said is what it wrote on standard error behind the first bytes, with … in the place
// of what differs from play to play.
func (g *Program) Said(from int64) string {
	return unsteady().ReplaceAllString(string(g.Process.Stderr().Since(from)), "…")
}

// Saying tells a program's last words, to stand at the end of a sentence.
func (g *Program) Saying() string {
	if words := telling.LastWords(g.Said(0)); words != "" {
		return "; " + words
	}
	return ""
}

// lastRungs are what it said on standard error, and its end, as far as they are not
// drawn yet.
func (g *Program) lastRungs(p *Play) (rungs []telling.Rung) {
	if said := g.Said(g.said); said != "" {
		g.said = g.Process.Stderr().Len()
		rungs = append(rungs, p.Rung(telling.Rung{Peer: Stderr, Program: g.Name, Kind: telling.Bytes}, []byte(said)))
	}
	if g.Gone() && !g.Awaited {
		rungs = append(rungs, telling.Rung{Program: g.Name, Kind: telling.Exits, Text: g.Ending()})
	}
	return rungs
}

// printed reports whether all that the program has printed is here.
func (g *Program) printed() bool {
	pending, _ := g.Process.Stdout().Pending()
	return pending == 0
}

// logged reports it of standard error.
func (g *Program) logged() bool {
	pending, _ := g.Process.Stderr().Pending()
	return pending == 0
}

// flooded reports whether the program printed more than is kept.
func (g *Program) flooded() bool {
	return g.Process.Stdout().Flooded() || g.Process.Stderr().Flooded()
}

// account is what is known of the program now.
func (g *Program) account() patience.Program {
	e, gone := g.Process.Exited()
	if gone && !g.Process.Survived() {
		return patience.Program{Ended: true, CPU: e.CPU}
	}
	a, err := g.Process.Activity() // an error: it is ending just now
	return patience.Program{
		CPU: a.CPU, Waiting: a.Waiting,
		Asleep: err == nil && a.Asleep, Naps: a.Naps, Polls: a.Polls,
		RestUnknown: err == nil && !a.KnowsRest,
	}
}

// timer is how long the shortest timer that the program has armed runs, from its
// beginning; 0 where that cannot be read.
func (g *Program) timer() (runs time.Duration, armed bool) {
	if g.Gone() && !g.Process.Survived() {
		return 0, false
	}
	runs, armed, _ = g.Process.Timers()
	return runs, armed
}

// EndedBefore is the failure of a program that ended too early.
func (p *Play) EndedBefore(g *Program, what string) *telling.Failure {
	return p.Failf("%s %s before %s%s", g.Name, g.Ending(), what, g.Saying())
}

// NobodyLeft is the failure of the newest program, when none runs any more.
func (p *Play) NobodyLeft(before string) error {
	if len(p.programs) == 0 {
		return errors.New("no program was started")
	}
	return p.EndedBefore(p.programs[len(p.programs)-1], before)
}

// Unknown turns what this system cannot tell into a note, and the end of the program
// into its failure.
func (p *Play) Unknown(g *Program, err error, what string) error {
	if errors.Is(err, os.ErrProcessDone) {
		return p.EndedBefore(g, "it was looked at")
	}
	if errors.Is(err, process.ErrUnknown) {
		p.Note("this system cannot tell " + what)
		return nil
	}
	return err
}

func asFailure(err error) *telling.Failure {
	var f *telling.Failure
	if errors.As(err, &f) {
		return f
	}
	return nil
}
