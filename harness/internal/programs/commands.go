// Package programs holds the commands about the programs of a play: how they are
// started and ended, what is typed to them and what they print.
package programs

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"wirebook/harness/internal/play"
	"wirebook/harness/internal/process"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// Commands are the rows of this package.
func Commands() []play.Command { return slices.Concat(programCommands, consoleCommands) }

// programCommands are those about the life of programs.
var programCommands = []play.Command{
	play.Row("start [-as NAME] [-nowait] [-bare] [-env K=V] [-umask MODE] [-full] ROLE [ARG...]",
		`Start the program with the arguments ROLE ARG..., known as NAME (otherwise ROLE). For each argument that tells it to bind a port that the system chooses, [NAME=]HOST:0[,REMOTE], and for -socket PATH, it waits for the program's line "listening on", unless -nowait is given, and sets $NAME to the address ($NAME_PORT for a named port). K=V is set in its environment, where a PATH stands in front of what PATH was; with -bare no other variable that means something to programs is, such as LANG. With -umask its umask is this octal number, where the system has one. With -full its standard output has no room and each write fails; where the system has no such file, the scenario is skipped.`,
		func(p *play.Play, c *script.Call) error { return start(p, c, p.Executable(), false) }).Checked(checkStart),
	play.Row("run [-exit CODE] [-in BYTES] [-file NAME] [ARG...]",
		"Run the program to its end, known as program, with BYTES and the archive's file NAME as its standard input. Its exit status must be CODE: 0, or as given; 1|2 is either.",
		cmdRun),
	play.Row("reference [-as NAME] [-nowait] [-env K=V] ROLE [ARG...]",
		"Start the solution's program, as start does the student's. In hidden scenarios only.",
		cmdReference),
	play.Row("limit KIND VALUE",
		"Limit programs started from now on: memory 64M, descriptors 64, disk 10M (the size of one file).",
		func(p *play.Play, c *script.Call) error { return setLimit(&p.Limits, c) }).Checked(checkLimit),
	play.Row("lasts D",
		"The play takes about this long, because the script waits for a clock of the program's: it is begun before others, and its steps wait so much longer. Nothing is measured.",
		cmdLasts).Checked(play.Duration(0)),
	play.Row("skip REASON",
		"End the scenario here, as one that cannot be played on this system. Behind a condition: [windows] skip 'there are no signals'.",
		func(_ *play.Play, c *script.Call) error { return &play.Skip{Reason: c.Args[0]} }),
	play.Row("signal NAME SIGNAL [-busy]",
		"Send a program INT, TERM, KILL, HUP, STOP or CONT once it is at rest, with -busy at once. From STOP to CONT it stands still, which counts as rest: what is sent to it lies unread. Where the system has no such signal, the scenario is skipped.",
		cmdSignal).Checked(play.OneOf(1, "INT", "TERM", "KILL", "HUP", "STOP", "CONT")),
	play.Row("exits NAME [CODE]",
		"Wait for a program's end. Its exit status must be CODE, 0 if it is not given; 0|1 is either, killed the end by a signal, 1|killed either of these.",
		func(p *play.Play, c *script.Call) error {
			g, err := p.Program(c.Args[0])
			if err != nil {
				return err
			}
			code := "0"
			if len(c.Args) > 1 {
				code = c.Args[1]
			}
			return awaitExit(p, g, code)
		}),
	play.Row("descriptors NAME",
		"The first time: remember how many files and sockets the program has open. Later: wait until it has no more open than that.",
		cmdDescriptors),
	play.Row("childless NAME",
		"Wait until the program has no child: each process that it has started has ended, and the program has waited for it. In a play with a puppet, on Linux only.",
		cmdChildless),
	play.Row("work NAME MARK [MARK RATIO]",
		"With one MARK: note under it the processor time that the program has used since it came to rest after its previous mark. With two and a RATIO: the greater of both must be at most RATIO times the smaller.",
		cmdWork).Checked(checkWork),
}

func cmdLasts(p *play.Play, c *script.Call) error {
	d, err := time.ParseDuration(c.Args[0])
	p.Lasts(d)
	return err
}

func cmdReference(p *play.Play, c *script.Call) error {
	if p.Reference() == nil {
		return errors.New("reference: the solutions are not here; only hidden scenarios may use it")
	}
	return start(p, c, *p.Reference(), true)
}

func start(p *play.Play, c *script.Call, what play.Executable, trusted bool) error {
	setting := play.Setting{Full: c.Has("full"), Trusted: trusted}
	if c.Has("env") {
		setting.Env = append(setting.Env, inFront(c.Flag("env", ""), what.Env))
	}
	if c.Has("bare") {
		what.Env = slices.DeleteFunc(slices.Clone(what.Env), meaningful)
	}
	if c.Has("umask") {
		mode, _ := umask(c)
		setting.Umask = &mode
	}
	g, err := p.StartProgram(what, c.Flag("as", c.Args[0]), c.Args, setting)
	if errors.Is(err, process.ErrNoFull) {
		return &play.Skip{Reason: runtime.GOOS + " has no file that is always full"}
	}
	if err != nil || c.Has("nowait") {
		return err
	}
	if ports := Ports(c.Args); len(ports) > 0 {
		err = awaitListening(p, g, len(ports))
	}
	if path := SocketOf(c.Args); path != "" && err == nil {
		err = awaitSocket(p, g, path)
	}
	return err
}

// inFront returns a setting of the environment; one of PATH stands in front of what env
// has, for a program that is a script needs its interpreter. No env is our own.
func inFront(setting string, env []string) string {
	if !strings.HasPrefix(setting, "PATH=") {
		return setting
	}
	if env == nil {
		env = os.Environ()
	}
	for _, s := range slices.Backward(env) {
		if name, old, _ := strings.Cut(s, "="); strings.EqualFold(name, "PATH") {
			return setting + string(os.PathListSeparator) + old
		}
	}
	return setting
}

func checkStart(c *script.Call) error {
	_, err := umask(c)
	return err
}

// umask reads -umask.
func umask(c *script.Call) (int, error) {
	mode, err := strconv.ParseUint(c.Flag("umask", "0"), 8, 9)
	if err != nil {
		return 0, fmt.Errorf("-umask %q is no octal number up to 777", c.Flag("umask", ""))
	}
	return int(mode), nil
}

// meaningful reports whether a setting of the environment means something to programs,
// and not to the system or to us alone.
func meaningful(setting string) bool {
	name, _, _ := strings.Cut(setting, "=")
	return slices.Contains([]string{"LANG", "TZ", "TMPDIR", "TMP", "TEMP"}, name)
}

func cmdRun(p *play.Play, c *script.Call) error {
	in := []byte(c.Flag("in", "") + string(c.File()))
	g, err := p.StartProgram(p.Executable(), "program", c.Args, play.Setting{})
	if err != nil {
		return err
	}
	if len(in) > 0 {
		p.Sent(play.Keyboard, g.Name, telling.Bytes, 1, in, len(in))
		if err := TypeTo(p, g, in); err != nil {
			return err
		}
	}
	closeInput(p, g)
	return awaitExit(p, g, c.Flag("exit", "0"))
}

// signals are the ones that a scenario may send.
var signals = map[string]os.Signal{
	"INT":  os.Interrupt,
	"TERM": syscall.SIGTERM,
	"KILL": os.Kill,
	"HUP":  syscall.SIGHUP,
	"STOP": process.Stop,
	"CONT": process.Continue,
}

func cmdSignal(p *play.Play, c *script.Call) error {
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	name := c.Args[1]
	if !c.Has("busy") {
		// It may ask to be told of signals only after it has said where it listens.
		if err := p.Settle("come to rest before it gets the signal " + name); err != nil {
			return err
		}
	}
	p.Act("", g.Name, telling.Signal, name)
	p.Observe(play.Event{Kind: telling.Signal, To: g.Name, ToProgram: true, Text: name})
	g.Signalled = g.Signalled || name != "STOP" && name != "CONT" // which end no program
	err = g.Process.Signal(signals[name])
	switch {
	case err == nil && name == "STOP":
		return awaitStop(p, g)
	case err == nil:
		return nil
	case g.Gone() || errors.Is(err, os.ErrProcessDone):
		return p.EndedBefore(g, "it got the signal "+name)
	case errors.Is(err, process.ErrNoSignal):
		return &play.Skip{Reason: fmt.Sprintf("%s has no signal %s", runtime.GOOS, name)}
	}
	return err
}

// awaitStop waits until a program stands still: each of its threads stops by itself,
// and until then could still read what is sent next. Where the system does not tell of
// threads, it still tells whoever has started a program that all of it has stopped.
func awaitStop(p *play.Play, g *play.Program) error {
	return p.Await(func() (bool, error) {
		a, err := g.Process.Activity()
		return a.Stopped || g.Gone() || err == nil && !a.KnowsRest && g.Process.Stopped(), nil
	})
}

// awaitExit waits for the program's end with one of the exit statuses that code
// names, as in "0|1".
func awaitExit(p *play.Play, g *play.Program, code string) error {
	err := p.Await(func() (bool, error) { return g.Gone(), nil })
	if err != nil {
		return p.InVain(err, func(v *play.Vain) error {
			return p.Failf("%s should end; %s", g.Name, v.What())
		})
	}
	g.Awaited = true
	p.Took(g.Channel, 0)
	p.Tell(telling.Rung{Program: g.Name, Kind: telling.Exits, Text: g.Ending()})
	exit, _ := g.Process.Exited()
	ended := strconv.Itoa(exit.Code)
	if exit.Signal != "" {
		ended = "killed"
	}
	if slices.Contains(strings.Split(code, "|"), ended) {
		return nil
	}
	return p.Failf("%s should end with exit status %s, but %s%s%s", g.Name, strings.ReplaceAll(code, "|", " or "), g.Ending(), g.Saying(), printed(p, g))
}

// printed tells what a program has printed that nobody asked for yet.
func printed(p *play.Play, g *play.Program) string {
	if out := g.Unread(); len(out) > 0 {
		return "; it printed " + p.Short(out)
	}
	return ""
}

func cmdDescriptors(p *play.Play, c *script.Call) error {
	const what = "how many descriptors a program has open"
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	if g.Baseline == 0 {
		if err := p.Settle("come to rest"); err != nil {
			return err
		}
		g.Baseline, err = g.Process.Descriptors()
		return p.Unknown(g, err, what)
	}
	var open int
	err = p.Await(func() (bool, error) {
		var err error
		open, err = g.Process.Descriptors()
		return open <= g.Baseline, p.Unknown(g, err, what)
	})
	return p.InVain(err, func(v *play.Vain) error {
		return p.Failf("%s should have closed what it opened: %d descriptors were open at the first look, now there are %d; %s",
			g.Name, g.Baseline, open, v.What())
	})
}

func cmdChildless(p *play.Play, c *script.Call) error {
	const what = "how many children a program has"
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	var children int
	err = p.Await(func() (bool, error) {
		var err error
		children, err = g.Process.Children()
		return children == 0, p.Unknown(g, err, what)
	})
	return p.InVain(err, func(v *play.Vain) error {
		return p.Failf("%s should have no child process any more, but it has %d: they have not ended, or it has not waited for them; %s", g.Name, children, v.What())
	})
}

// limitKinds set one limit each.
var limitKinds = map[string]func(*process.Limits, string) error{
	"memory":      func(l *process.Limits, s string) (err error) { l.Memory, err = parseSize(s); return err },
	"disk":        func(l *process.Limits, s string) (err error) { l.FileSize, err = parseSize(s); return err },
	"descriptors": func(l *process.Limits, s string) (err error) { l.Descriptors, err = strconv.Atoi(s); return err },
}

func checkLimit(c *script.Call) error { return setLimit(new(process.Limits), c) }

func setLimit(limits *process.Limits, c *script.Call) error {
	set, ok := limitKinds[c.Args[0]]
	if !ok {
		return fmt.Errorf("unknown kind %q; there are memory, disk and descriptors", c.Args[0])
	}
	return set(limits, c.Args[1])
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

func checkWork(c *script.Call) error {
	switch len(c.Args) {
	case 2:
		return nil
	case 4:
		if ratio, err := strconv.ParseFloat(c.Args[3], 64); err != nil || ratio < 1 {
			return fmt.Errorf("%q is no ratio of at least 1", c.Args[3])
		}
		return nil
	}
	return errors.New("give one mark, or two marks and a ratio")
}

func cmdWork(p *play.Play, c *script.Call) error {
	g, err := p.Program(c.Args[0])
	if err != nil {
		return err
	}
	if len(c.Args) == 2 {
		return markWork(p, g, c.Args[1])
	}
	a, okA := p.Marks[c.Args[1]]
	b, okB := p.Marks[c.Args[2]]
	if !okA || !okB {
		return fmt.Errorf("work: %q and %q must both be marks", c.Args[1], c.Args[2])
	}
	ratio, _ := strconv.ParseFloat(c.Args[3], 64)
	if float64(max(a, b)) > ratio*float64(min(a, b)) {
		return p.Failf("%s should do the same work for %q and %q; one of them took it more than %v times the processor time of the other",
			g.Name, c.Args[1], c.Args[2], ratio)
	}
	return nil
}

// markWork adds to a mark what a program has worked since it came to rest after the
// last. It does not wait first: what comes now is not work that was asked for, but
// what a program does of itself, and some do that all the time.
func markWork(p *play.Play, g *play.Program, mark string) error {
	spent, err := workOf(p, g)
	if err != nil {
		return err
	}
	p.Marks[mark] += spent - g.Worked
	if err := p.Settle("come to rest"); err != nil {
		return err
	}
	g.Worked, err = workOf(p, g)
	return err
}

// workOf is the processor time that a program has used.
func workOf(p *play.Play, g *play.Program) (time.Duration, error) {
	a, err := g.Process.Activity()
	if err == nil && !a.KnowsRest {
		err = process.ErrUnknown
	}
	return a.CPU, p.Unknown(g, err, "how much a program worked")
}
