package zone

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"wirebook/harness"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sandbox"
)

// zoneName is the first argument of an executable that is to be a zone.
const zoneName = "wirebook-zone"

// Play plays the scenarios with the player's programs in a zone, and returns
// their outcomes in order. Of the player's seams Observe alone is used: the zone has its
// own.
// An error says that nothing is known of the program.
func Play(ctx context.Context, o Options, player *harness.Player, scenarios []*harness.Scenario) (outcomes []result.Scenario, err error) {
	req := request{
		Options: o, Seed: player.Seed, Unshrunk: player.Unshrunk,
		Reference: player.Reference != nil, Generate: player.Generate != nil, Puppet: player.Puppet != nil,
		Observe: player.Observe != nil,
	}
	observe := func(e event) { player.Observe(scenarios[e.Scenario], e.Event) }
	var puppet *harness.Program
	if req.Puppet {
		path, err := player.Puppet()
		if err != nil {
			return nil, err
		}
		puppet = &harness.Program{Path: path}
	}
	for _, s := range scenarios {
		file, data := s.Source()
		req.Scenarios = append(req.Scenarios, scenarioFile{s.Lesson, file, s.Hidden, s.Rule, data})
	}
	outcomes, err = ask(ctx, req, observe, &player.Program, player.Reference, player.Generate, puppet)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("zone: %w", err)
	}
	return outcomes, nil
}

// ask has a zone do what is requested with the programs, nil where there is none.
func ask(ctx context.Context, req request, observe func(event), programs ...*harness.Program) (outcomes []result.Scenario, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		// The zone is killed when the thread ends that has started it, so it
		// gets one that ends with it.
		runtime.LockOSThread()
		outcomes, err = askHere(ctx, req, observe, programs)
	}()
	<-done
	return outcomes, err
}

func askHere(ctx context.Context, req request, observe func(event), programs []*harness.Program) ([]result.Scenario, error) {
	cmd, err := command(ctx, req.Options)
	if err != nil {
		return nil, err
	}
	defer cmd.close()
	if err := cmd.start(programs); err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	if err := json.NewEncoder(cmd.stdin).Encode(req); err != nil {
		return nil, cmd.explain(err)
	}
	outcomes, err := readFrames(cmd.results, len(req.Scenarios), observe)
	if err != nil {
		return nil, cmd.explain(err)
	}
	return outcomes, nil
}

// A process is a zone as the grader sees it.
type process struct {
	*exec.Cmd
	stdin, results *os.File
	stderr         sandbox.Buffer
	scratch        string // where there is no file system in memory
}

// command prepares a zone, which ends when ctx does.
func command(ctx context.Context, o Options) (*process, error) {
	level := o.Level
	p := &process{Cmd: exec.CommandContext(ctx, "/proc/self/exe"), stderr: sandbox.Buffer{Max: 4 << 10}}
	p.Args = []string{zoneName}
	p.Stderr = &p.stderr
	p.WaitDelay = time.Second
	tmp := memory
	if level == sandbox.Strong {
		p.SysProcAttr = sandbox.ZoneAttr()
	} else {
		p.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		if o.Profile.Folder != "" {
			p.guard()
		}
		var err error
		if p.scratch, err = os.MkdirTemp("", "wirebook-zone-"); err != nil {
			return nil, err
		}
		tmp = p.scratch
		if sandbox.Root() {
			p.SysProcAttr.Credential = &syscall.Credential{Uid: sandbox.Nobody, Gid: sandbox.Nobody}
			if err := os.Chown(tmp, sandbox.Nobody, sandbox.Nobody); err != nil {
				return nil, err
			}
		}
	}
	// An interrupt is for the grader, which ends its zones.
	p.SysProcAttr.Setpgid = true
	p.Env = []string{"LANG=C.UTF-8", "TZ=UTC", "TMPDIR=" + tmp}
	return p, nil
}

// start starts the zone with the programs, nil where there is none, on
// descriptors from firstProgram on.
func (p *process) start(programs []*harness.Program) error {
	stdin, in, err := os.Pipe()
	if err != nil {
		return err
	}
	results, out, err := os.Pipe()
	if err != nil {
		return err
	}
	p.Stdin, p.stdin, p.results = stdin, in, results
	theirs := []*os.File{stdin, out}
	p.ExtraFiles = []*os.File{out}
	defer func() {
		for _, f := range theirs {
			f.Close()
		}
	}()
	for _, program := range programs {
		if program == nil {
			continue
		}
		f, err := os.Open(program.Path)
		if err != nil {
			return err
		}
		theirs = append(theirs, f)
		p.ExtraFiles = append(p.ExtraFiles, f)
	}
	return p.Start()
}

// close ends the zone and leaves nothing of it.
func (p *process) close() {
	p.stdin.Close()
	p.results.Close()
	if p.Process != nil {
		_ = p.Cancel() // it has said all that counts
		_ = p.Wait()
	}
	if p.scratch != "" {
		os.RemoveAll(p.scratch)
	}
}

// explain adds to an error what the zone itself has complained about.
func (p *process) explain(err error) error {
	p.stdin.Close()
	_ = p.Wait()
	if isKilled(p.ProcessState) {
		err = shortage{err}
	}
	said := strings.TrimSpace(p.stderr.String())
	if first, _, more := strings.Cut(said, "\n\n"); more {
		said = first
	}
	if said == "" {
		return fmt.Errorf("%w (%v)", err, p.ProcessState)
	}
	return fmt.Errorf("%w (%v): %q", err, p.ProcessState, said)
}
