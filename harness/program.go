package harness

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"wirebook/harness/internal/process"
)

// A program is a running program of the play: its process, and how far the
// commands have read what it printed.
type program struct {
	name    string
	args    []string
	process *process.Process
	addrs   []netip.AddrPort // where it listens, as it said
	sends   []netip.AddrPort // where its datagrams come from

	read      int64 // bytes of standard output that commands asked for
	announced int64 // bytes of the listening lines
	typed     bool  // something was typed since a frame was sent
	awaited   bool  // exits has seen its end
	signalled bool
	seen      process.Activity // at the last look
	baseline  int              // descriptors at the first look; 0 before it
	worked    time.Duration    // processor time at the last mark, when it rested again
}

// startProgram starts what with args, known as name.
func (p *play) startProgram(what Program, name string, args, env []string, trusted bool) (*program, error) {
	prog := &program{name: name, args: args}
	spec := process.Spec{
		Path:   what.Path,
		Args:   slices.Concat(what.Args, args),
		Env:    environment(what.Env, env),
		Dir:    p.dir,
		Limits: p.limits,
		Notify: p.ring,
	}
	if !trusted {
		spec.Launch = p.player.Launch
	}
	proc, err := process.Start(spec)
	if err != nil {
		return nil, fmt.Errorf("start %q: %w", what.Path, err)
	}
	prog.process = proc
	p.programs = append(p.programs, prog)
	p.transcript.add(Started, name, "", []byte(strings.Join(args, " ")))
	return prog, nil
}

// environment is base with some of its variables set anew, each once: of two
// values of one variable, some programs take the first and some the last.
func environment(base, anew []string) []string {
	name := func(setting string) string { name, _, _ := strings.Cut(setting, "="); return name }
	env := slices.DeleteFunc(slices.Clone(base), func(old string) bool {
		return slices.ContainsFunc(anew, func(s string) bool { return name(s) == name(old) })
	})
	return append(env, anew...)
}

// program finds a program by name; the newest of that name.
func (p *play) program(name string) (*program, error) {
	for _, prog := range slices.Backward(p.programs) {
		if prog.name == name {
			return prog, nil
		}
	}
	return nil, fmt.Errorf("there is no program named %q yet; start it on an earlier line", name)
}

// unread returns what the program printed and no command asked for yet.
func (g *program) unread() []byte { return g.process.Stdout().Since(g.read) }

// exit describes the end of an ended program.
func (g *program) exit() string {
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

// gone reports whether the program has ended and all its output is here.
func (g *program) gone() bool {
	_, ok := g.process.Exited()
	return ok
}

// lastWords returns the end of what it said on standard error, for a message.
func (g *program) lastWords() string {
	text := strings.TrimSpace(string(g.process.Stderr().Bytes()))
	if text == "" {
		return ""
	}
	lines := strings.Split(text, "\n")
	// A panic's first line says more than its last.
	if i := slices.IndexFunc(lines, isCrash); i >= 0 {
		return cutTo(lines[i], 200)
	}
	return cutTo(strings.TrimSpace(lines[len(lines)-1]), 200)
}

func isCrash(line string) bool {
	return strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "runtime: out of memory")
}

func cutTo(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "..."
}

// running returns the programs that have not ended.
func (p *play) running() []*program {
	var alive []*program
	for _, g := range p.programs {
		if !g.gone() {
			alive = append(alive, g)
		}
	}
	return alive
}

// owner returns the name of the program behind an address that we dialled or
// that dialled us; where that cannot be told, the newest program's.
func (p *play) owner(addr string) string {
	for _, g := range slices.Backward(p.programs) {
		for _, a := range slices.Concat(g.addrs, g.sends) {
			if a.String() == addr {
				return g.name
			}
		}
	}
	if len(p.programs) == 0 {
		return "nobody"
	}
	return p.programs[len(p.programs)-1].name
}

// listeningLine is what a server prints when it is bound; a device with several
// ports prints a line for each, with its name.
var listeningLine = lazily(`^listening on (?:([A-Za-z0-9_]+) )?(\S+)\n$`)

// awaitListening waits for a program's listening lines, as many as its
// arguments have ports, and names their addresses.
func (p *play) awaitListening(g *program, lines int) error {
	for range lines {
		text, err := p.awaitLine(g)
		if err != nil {
			return err
		}
		m := listeningLine().FindStringSubmatch(text)
		if m == nil {
			return p.compared(fmt.Sprintf("%s printed another line than where it listens", g.name),
				[]byte("listening on HOST:PORT\n"), []byte(text))
		}
		addr, err := netip.ParseAddrPort(strings.Replace(m[2], "localhost:", "127.0.0.1:", 1))
		if err != nil || addr.Port() == 0 {
			return p.failf("%s printed %q, in which %q is no address with the port that the system chose", g.name, text, m[2])
		}
		if addr.Addr().IsUnspecified() {
			addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), addr.Port())
		}
		g.addrs = append(g.addrs, addr)
		g.announced += int64(len(text))
		name := g.name
		if m[1] != "" {
			name += "_" + m[1]
		}
		p.setAddress(name, addr.String())
		p.ladder.left(screen, "listening on ‹"+name+"›", g.name)
	}
	return nil
}

// awaitLine waits for the next line of the program's screen.
func (p *play) awaitLine(g *program) (string, error) {
	var text string
	err := p.await(func() (bool, error) {
		gone := g.gone() // first: what is unread after that is all
		if line, _, found := bytes.Cut(g.unread(), []byte("\n")); found {
			text = string(line) + "\n"
			g.read += int64(len(text))
			return true, nil
		}
		if gone {
			return false, p.endedBefore(g, `it printed the line "listening on HOST:PORT"`)
		}
		return false, nil
	})
	return text, p.orLimit(err, func(l *limitError) error {
		return p.failf("%s should print the line \"listening on HOST:PORT\" when it is bound; it printed %s and %s",
			g.name, quoteShort(g.unread()), l.what())
	})
}

// endedBefore is the failure of a program that ended too early.
func (p *play) endedBefore(g *program, what string) *Failure {
	message := fmt.Sprintf("%s %s before %s", g.name, g.exit(), what)
	if words := g.lastWords(); words != "" {
		message += fmt.Sprintf("; it said %q", words)
	}
	return p.failf("%s", message)
}

// BaseEnvironment is what a Program needs to run at all: nothing of ours, and
// nothing that differs between two machines but the system's own.
func BaseEnvironment() []string {
	env := []string{
		"LANG=C.UTF-8", "TZ=UTC",
		// A Go program would find the same number, but after a search through
		// the files of its cgroup that makes a start a fifteenth longer.
		"GOMAXPROCS=" + strconv.Itoa(runtime.GOMAXPROCS(0)),
	}
	for _, name := range []string{"SystemRoot", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "GOCOVERDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}
