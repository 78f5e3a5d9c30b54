package harness

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"wirebook/harness/internal/process"
)

func cmdStart(p *play, c *call) error { return p.start(c, p.player.Program, false) }

func cmdReference(p *play, c *call) error {
	if p.player.Reference == nil {
		return errors.New("reference: the solutions are not here; only hidden scenarios may use it")
	}
	return p.start(c, *p.player.Reference, true)
}

func (p *play) start(c *call, what Program, trusted bool) error {
	args, err := c.texts(0)
	if err != nil {
		return err
	}
	name, err := c.flag("as", args[0])
	if err != nil {
		return err
	}
	var env []string
	if c.has("env") {
		pair, err := c.flag("env", "")
		if err != nil {
			return err
		}
		env = append(env, pair)
	}
	g, err := p.startProgram(what, name, args, env, trusted)
	if err != nil {
		return err
	}
	p.ladder.right("", "starts: "+strings.Join(args, " "), name)
	if ports := listeningPorts(args); ports > 0 && !c.has("nowait") {
		if err := p.awaitListening(g, ports); err != nil {
			return err
		}
		p.plug(g)
	}
	return nil
}

// listeningPorts returns how many listening lines a program with these
// arguments owes.
func listeningPorts(args []string) int {
	n := 0
	for _, arg := range args {
		if slices.Contains([]string{"-listen", "-cable", "-port"}, arg) {
			n++
		}
	}
	return n
}

func cmdRun(p *play, c *call) error {
	args, err := c.texts(0)
	if err != nil {
		return err
	}
	in, err := c.flag("in", "")
	if err != nil {
		return err
	}
	if c.has("file") {
		file, err := c.file()
		if err != nil {
			return err
		}
		in += string(file)
	}
	g, err := p.startProgram(p.player.Program, "program", args, nil, false)
	if err != nil {
		return err
	}
	p.ladder.right("", "starts: "+strings.Join(args, " "), g.name)
	if in != "" {
		p.ladder.right(keyboard, quoteShort([]byte(in)), g.name)
		if err := p.typeTo(g, []byte(in)); err != nil {
			return err
		}
	}
	g.process.CloseStdin()
	code, err := c.flag("exit", "0")
	if err != nil {
		return err
	}
	return p.awaitExit(g, code)
}

// signals are the ones that a scenario may send.
var signals = map[string]os.Signal{
	"INT":  os.Interrupt,
	"TERM": syscall.SIGTERM,
	"KILL": os.Kill,
	"HUP":  syscall.SIGHUP,
}

func cmdSignal(p *play, c *call) error {
	g, err := programArg(p, c)
	if err != nil {
		return err
	}
	name, err := c.text(1)
	if err != nil {
		return err
	}
	sig, ok := signals[name]
	if !ok {
		return fmt.Errorf("signal: unknown signal %q; there are INT, TERM, KILL and HUP", name)
	}
	p.ladder.right(keyboard, "signal "+name, g.name)
	g.signalled = true
	if err := g.process.Signal(sig); err != nil {
		if g.gone() || errors.Is(err, os.ErrProcessDone) {
			return p.endedBefore(g, "it got the signal "+name)
		}
		return err
	}
	return nil
}

func cmdExits(p *play, c *call) error {
	g, err := programArg(p, c)
	if err != nil {
		return err
	}
	code := "0"
	if len(c.args) > 1 {
		if code, err = c.text(1); err != nil {
			return err
		}
	}
	return p.awaitExit(g, code)
}

// awaitExit waits for the program's end with one of the exit statuses that code
// names, as in "0|1"; "any" is every end that is no crash.
func (p *play) awaitExit(g *program, code string) error {
	err := p.await(func() (bool, error) { return g.gone(), nil })
	if err != nil {
		return p.orLimit(err, func(e *limitError) error {
			return p.failf("%s should end; %s", g.name, e.what())
		})
	}
	g.awaited = true
	p.ladder.left(screen, g.exit(), g.name)
	exit, _ := g.process.Exited()
	killed := code == "killed" && exit.Signal != ""
	if killed || (exit.Signal == "" && slices.Contains(strings.Split(code, "|"), strconv.Itoa(exit.Code))) {
		return nil
	}
	return p.failf("%s should end with exit status %s, but %s%s", g.name, strings.ReplaceAll(code, "|", " or "), g.exit(), saying(g))
}

// cmdDescriptors remembers how many files and sockets a program has open, and
// at later uses asks that it has no more.
func cmdDescriptors(p *play, c *call) error {
	g, err := programArg(p, c)
	if err != nil {
		return err
	}
	if g.baseline == 0 {
		if err := p.settleOr("come to rest"); err != nil {
			return err
		}
		g.baseline, err = g.process.Descriptors()
		return p.unknown(g, err, "how many descriptors a program has open")
	}
	var open int
	err = p.await(func() (bool, error) {
		var err error
		open, err = g.process.Descriptors()
		return open <= g.baseline, p.unknown(g, err, "how many descriptors a program has open")
	})
	return p.orLimit(err, func(e *limitError) error {
		return p.failf("%s should have closed what it opened: %d descriptors were open at the first look, now there are %d; %s",
			g.name, g.baseline, open, e.what())
	})
}

// unknown turns what this system cannot tell into a note, and the end of the
// program into its failure.
func (p *play) unknown(g *program, err error, what string) error {
	if errors.Is(err, os.ErrProcessDone) {
		return p.endedBefore(g, "it was looked at")
	}
	if errors.Is(err, process.ErrUnknown) {
		p.note("this system cannot tell " + what)
		return nil
	}
	return err
}

// limitKinds set one limit each.
var limitKinds = map[string]func(*process.Limits, string) error{
	"memory":      func(l *process.Limits, s string) (err error) { l.Memory, err = parseSize(s); return err },
	"disk":        func(l *process.Limits, s string) (err error) { l.FileSize, err = parseSize(s); return err },
	"descriptors": func(l *process.Limits, s string) (err error) { l.Descriptors, err = strconv.Atoi(s); return err },
	"cpu":         func(l *process.Limits, s string) (err error) { l.CPU, err = time.ParseDuration(s); return err },
}

func cmdLimit(p *play, c *call) error {
	kind, value, err := two(c)
	if err != nil {
		return err
	}
	set, ok := limitKinds[kind]
	if !ok {
		return fmt.Errorf("limit: unknown kind %q; there are memory, disk, descriptors and cpu", kind)
	}
	if err := set(&p.limits, value); err != nil {
		return fmt.Errorf("limit %s: %w", kind, err)
	}
	return nil
}

// parseSize reads a number of bytes: 4096, 64K, 64M or 1G.
func parseSize(s string) (int64, error) {
	shift := 0
	if i := strings.IndexAny(s, "KMG"); i == len(s)-1 && i > 0 {
		shift = 10 * (1 + strings.Index("KMG", s[i:]))
		s = s[:i]
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n > 1<<40>>shift {
		return 0, fmt.Errorf("%q is no size; write 4096, 64K, 64M or 1G", s)
	}
	return n << shift, nil
}

func programArg(p *play, c *call) (*program, error) {
	name, err := c.text(0)
	if err != nil {
		return nil, err
	}
	return p.program(name)
}
