package play

import (
	"bytes"
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
	// Typed says that something was typed since a peer last asked.
	Typed bool

	process   *process.Process
	sent      Sent  // typed and not answered
	read      int64 // bytes of standard output that commands asked for
	announced int64 // bytes of the listening lines
	said      int64 // bytes of standard error that are drawn
	awaited   bool  // exits has seen its end
	signalled bool
	baseline  int           // descriptors at the first look; 0 before it
	worked    time.Duration // processor time at the last mark, when it rested again
}

// startProgram starts what with args, known as name.
func (p *Play) startProgram(what Executable, name string, args, env []string, trusted bool) (*Program, error) {
	g := &Program{Name: name, Args: args}
	spec := process.Spec{
		Path:   what.Path,
		Args:   slices.Concat(what.Args, args),
		Env:    environment(what.Env, env),
		Dir:    p.dir,
		Limits: p.limits,
		Notify: p.Ring,
	}
	if p.Observing() {
		spec.Notify = p.observeConsole(g)
	}
	if !trusted {
		spec.Launch = p.config.Launch
	}
	started, err := process.Start(spec)
	if err != nil {
		return nil, fmt.Errorf("start %q: %w", what.Path, err)
	}
	g.process = started
	p.programs = append(p.programs, g)
	text := telling.Words(args)
	p.Act("", name, telling.Starts, text)
	p.Observe(Event{Kind: telling.Starts, To: name, Data: []byte(text)})
	return g, nil
}

// observeConsole rings the bell and hands on what a program has printed.
func (p *Play) observeConsole(g *Program) func() {
	var mu sync.Mutex
	var printed, said int64
	return func() {
		defer p.Ring()
		mu.Lock()
		defer mu.Unlock()
		if g.process == nil {
			return // it is just being started; the next call tells
		}
		hand := func(out *process.Output, from *int64, to string) {
			if data := out.Since(*from); len(data) > 0 {
				*from += int64(len(data))
				p.Observe(Event{Kind: telling.Bytes, From: g.Name, To: to, Data: data})
			}
		}
		hand(g.process.Stdout(), &printed, Screen)
		hand(g.process.Stderr(), &said, Stderr)
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
func (g *Program) Unread() []byte { return g.process.Stdout().Since(g.read) }

// Gone reports whether the program has ended and all its output is here.
func (g *Program) Gone() bool {
	_, ok := g.process.Exited()
	return ok
}

// Ending describes how the program ended.
func (g *Program) Ending() string {
	e, ok := g.process.Exited()
	switch {
	case !ok:
		return "still runs"
	case e.Signal != "":
		return "was ended by the signal " + e.Signal
	default:
		return fmt.Sprintf("ended with exit status %d", e.Code)
	}
}

// saying tells a program's last words, to stand at the end of a sentence.
func (g *Program) saying() string {
	if words := telling.LastWords(string(g.process.Stderr().Bytes())); words != "" {
		return "; " + words
	}
	return ""
}

// lastRungs are what it said on standard error, and its end, as far as they are not
// drawn yet.
func (g *Program) lastRungs(p *Play) (rungs []telling.Rung) {
	if said := g.process.Stderr().Since(g.said); len(said) > 0 {
		g.said += int64(len(said))
		rungs = append(rungs, p.Rung(telling.Rung{Peer: Stderr, Program: g.Name, Kind: telling.Bytes}, said))
	}
	if g.Gone() && !g.awaited {
		rungs = append(rungs, telling.Rung{Program: g.Name, Kind: telling.Exits, Text: g.Ending()})
	}
	return rungs
}

// collected reports whether all that the program has printed is here.
func (g *Program) collected() bool {
	out, _ := g.process.Stdout().Pending()
	complaints, _ := g.process.Stderr().Pending()
	return out == 0 && complaints == 0
}

// flooded reports whether the program printed more than is kept.
func (g *Program) flooded() bool {
	return g.process.Stdout().Flooded() || g.process.Stderr().Flooded()
}

// account is what is known of the program now.
func (g *Program) account() patience.Program {
	if e, gone := g.process.Exited(); gone {
		return patience.Program{Ended: true, CPU: e.CPU}
	}
	a, err := g.process.Activity() // an error: it is ending just now
	return patience.Program{
		CPU: a.CPU, Waiting: a.Waiting,
		Asleep: err == nil && a.Asleep, Naps: a.Naps, Polls: a.Polls,
		RestUnknown: err == nil && !a.KnowsRest,
	}
}

// timer is how long the shortest timer that the program has armed runs, from its
// beginning; 0 where that cannot be read.
func (g *Program) timer() (runs time.Duration, armed bool) {
	if g.Gone() {
		return 0, false
	}
	runs, armed, _ = g.process.Timers()
	return runs, armed
}

// listeningLine is what a server prints when it is bound; a device with several
// ports prints a line for each, with its name.
var listeningLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^listening on (?:([A-Za-z0-9_]+) )?(\S+)\n$`)
})

// A Port is an address that a program's arguments tell it to be bound to.
type Port struct{ Remote string } // the other end of a cable, or ""

// Ports returns the ports that a program is told to bind and whose number the system
// chooses, [NAME=]HOST:0[,REMOTE], in the order of its arguments. It owes a line
// "listening on" for each.
func Ports(args []string) (ports []Port) {
	for _, arg := range args {
		local, remote, _ := strings.Cut(arg, ",")
		_, local, _ = cutLast(local, "=")
		if strings.HasSuffix(local, ":0") && !strings.ContainsAny(local, " \n") {
			ports = append(ports, Port{remote})
		}
	}
	return ports
}

// cutLast is strings.Cut, with all of s behind the separator where there is none.
func cutLast(s, sep string) (before, after string, found bool) {
	if before, after, found = strings.Cut(s, sep); !found {
		return "", s, false
	}
	return before, after, true
}

// awaitListening waits for a program's listening lines, and names their addresses.
func (p *Play) awaitListening(g *Program, lines int) error {
	for range lines {
		text, err := p.awaitLine(g)
		if err != nil {
			return err
		}
		m := listeningLine().FindStringSubmatch(text)
		if m == nil {
			g.read -= int64(len(text))
			return p.Compared(fmt.Sprintf("%s printed another line than where it listens", g.Name),
				[]byte("listening on HOST:PORT\n"), []byte(text))
		}
		addr, err := netip.ParseAddrPort(strings.Replace(m[2], "localhost:", "127.0.0.1:", 1))
		if err != nil || addr.Port() == 0 {
			return p.Failf("%s printed %q, in which %q is no address with the port that the system chose", g.Name, text, m[2])
		}
		if addr.Addr().IsUnspecified() {
			addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), addr.Port())
		}
		g.Addrs = append(g.Addrs, addr)
		g.announced += int64(len(text))
		name := g.Name
		if m[1] != "" {
			name += "_" + m[1]
		}
		p.Name(name, addr.String())
		p.Tell(telling.Rung{Peer: Screen, Program: g.Name, Kind: telling.Listens, Text: "‹" + name + "›"})
	}
	for s := range Peers[Socketed](p) {
		s.Started(g)
	}
	return nil
}

// awaitLine waits for the next line of the program's screen, and takes it.
func (p *Play) awaitLine(g *Program) (string, error) {
	var text string
	err := p.Await(func() (bool, error) {
		gone := g.Gone() // first: what is unread after that is all
		if line, _, found := bytes.Cut(g.Unread(), []byte("\n")); found {
			text = string(line) + "\n"
			g.read += int64(len(text))
			return true, nil
		}
		if gone {
			return false, p.EndedBefore(g, `it printed the line "listening on HOST:PORT"`)
		}
		return false, nil
	})
	return text, p.InVain(err, func(v *Vain) error {
		return p.Failf("%s should print the line \"listening on HOST:PORT\" when it is bound; it printed %s and %s",
			g.Name, p.Short(g.Unread()), v.What())
	})
}

// EndedBefore is the failure of a program that ended too early.
func (p *Play) EndedBefore(g *Program, what string) *telling.Failure {
	return p.Failf("%s %s before %s%s", g.Name, g.Ending(), what, g.saying())
}

// NobodyLeft is the failure of the newest program, when none runs any more.
func (p *Play) NobodyLeft(before string) error {
	if len(p.programs) == 0 {
		return errors.New("no program was started")
	}
	return p.EndedBefore(p.programs[len(p.programs)-1], before)
}

// unknown turns what this system cannot tell into a note, and the end of the program
// into its failure.
func (p *Play) unknown(g *Program, err error, what string) error {
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
