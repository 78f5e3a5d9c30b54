package zone

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"

	"golang.org/x/sys/unix"

	"wirebook/harness"

	"wirebook/grader/internal/sandbox"
)

// The descriptors of a zone behind the first three.
const (
	resultsFD = 3 + iota
	firstProgram
)

const (
	// memory is where a Strong zone keeps its files, in memory.
	memory = "/tmp"
	// room is how many bytes its own files may have: the programs, mostly.
	room = 1 << 30
	// workRoom is the same for the files of a scenario, of which the largest
	// takes a third of it.
	workRoom = 512 << 20
)

// Main does nothing in an ordinary process. In a zone it plays, and does not
// return.
func Main() {
	switch os.Args[0] {
	case zoneName:
	case guardName:
		os.Exit(guard())
	default:
		return
	}
	// Whatever is started here inherits none of it.
	for fd := resultsFD; fd < resultsFD+8; fd++ {
		unix.CloseOnExec(fd)
	}
	// Some seconds with little to keep: to collect garbage seldom is quicker.
	debug.SetGCPercent(400)
	results := json.NewEncoder(os.NewFile(resultsFD, "results"))
	if err := run(results); err != nil {
		_ = results.Encode(frame{Error: err.Error(), Short: IsShortage(err)}) // if it fails, nothing comes, which says as much
		os.Exit(1)
	}
	os.Exit(0)
}

func run(results *json.Encoder) error {
	input := json.NewDecoder(os.Stdin)
	var req request
	if err := input.Decode(&req); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	go func() {
		// Nothing comes any more but the end of the grader.
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	if req.Level == sandbox.Strong {
		if err := sandbox.Settle(memory, room); err != nil {
			return err
		}
	}
	if req.Probe != "" {
		if err := probe(&req); err != nil {
			return err
		}
		return results.Encode(frame{Done: true})
	}
	if err := req.Profile.Possible(req.Level); err != nil {
		return err
	}
	player, err := newPlayer(&req)
	scenarios, failed := req.scenarios()
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	var mu sync.Mutex // programs write at any moment
	send := func(f frame) {
		mu.Lock()
		defer mu.Unlock()
		if err := results.Encode(f); err != nil {
			failed = err
		}
	}
	if req.Observe {
		player.Observe = func(s *harness.Scenario, e harness.Event) {
			send(frame{Event: &event{slices.Index(scenarios, s), e}})
		}
	}
	player.PlayAll(context.Background(), scenarios, func(r harness.Result) {
		o := Outcome(r)
		send(frame{Outcome: &o})
	})
	send(frame{Done: true})
	return failed
}

func (req *request) scenarios() ([]*harness.Scenario, error) {
	var all []*harness.Scenario
	for _, s := range req.Scenarios {
		scenario, err := harness.ParseScenario(s.File, s.Data)
		if err != nil {
			return nil, err
		}
		scenario.Lesson, scenario.Hidden, scenario.Rule = s.Lesson, s.Hidden, s.Rule
		all = append(all, scenario)
	}
	return all, nil
}

// newPlayer copies the programs to where this process can execute them.
func newPlayer(req *request) (*harness.Player, error) {
	bin, tmp := filepath.Join(os.TempDir(), "bin"), filepath.Join(os.TempDir(), "tmp")
	for _, dir := range []string{bin, tmp} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return nil, err
		}
	}
	next := uintptr(firstProgram)
	var err error
	program := func(name string, there bool) *harness.Program {
		if !there {
			return nil
		}
		p := &harness.Program{Path: filepath.Join(bin, name), Env: harness.BaseEnvironment()}
		err = errors.Join(err, copyProgram(next, p.Path))
		next++
		return p
	}
	own, reference, generate := program("program", true), program("reference", req.Reference), program("generate", req.Generate)
	puppet := program("puppet", req.Puppet)
	if err != nil {
		return nil, err
	}
	if req.Level != sandbox.Strong {
		own.Env = append(own.Env, "TMPDIR="+tmp)
	}
	player := &harness.Player{
		Program: *own, Reference: reference, Generate: generate,
		Seed: req.Seed, Unshrunk: req.Unshrunk, Slots: harness.NewSlots(req.Plays), Apart: true,
	}
	if puppet != nil {
		player.Puppet = func() (string, error) { return puppet.Path, nil }
	}
	if req.Level == sandbox.Strong {
		player.WorkDir = sandbox.WorkDir
	}
	w := &warden{level: req.Level, profile: req.Profile, program: own.Path, tmp: tmp, jails: make(map[string][]func() error)}
	player.Launch, player.Mount = w.launch, w.mount
	return player, nil
}

func copyProgram(fd uintptr, path string) error {
	from := os.NewFile(fd, path)
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return errors.Join(err, to.Close())
}

// A warden puts the stranger's programs into their jails.
type warden struct {
	level        sandbox.Level
	profile      sandbox.Profile
	program, tmp string

	mu    sync.Mutex
	jails map[string][]func() error // by working directory; how each is left
}

// launch is harness.Player.Launch.
func (w *warden) launch(cmd *exec.Cmd) error {
	if err := w.lock(cmd.Dir, 0o555); err != nil {
		return err
	}
	release, err := sandbox.Program(w.level, w.profile, w.program, cmd.Dir, w.tmp).Start(cmd)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.jails[cmd.Dir] = append(w.jails[cmd.Dir], release)
	return nil
}

// mount is harness.Player.Mount. In a play's directory lies a file system of
// its own, which all programs of the play share.
func (w *warden) mount(dir string) (unmount func() error, err error) {
	if w.level == sandbox.Strong {
		if err := sandbox.MountTemporary(dir, workRoom); err != nil {
			return nil, err
		}
	}
	return func() error {
		w.mu.Lock()
		releases := w.jails[dir]
		delete(w.jails, dir)
		w.mu.Unlock()
		errs := []error{w.lock(dir, 0o755)}
		for _, release := range releases {
			errs = append(errs, release())
		}
		if w.level == sandbox.Strong {
			errs = append(errs, sandbox.Unmount(dir))
		}
		return errors.Join(errs...)
	}, nil
}

// lock gives the folders of what programs may start this mode, where no mount keeps
// programs from changing what is in them. They cannot give them another one.
func (w *warden) lock(dir string, mode fs.FileMode) error {
	if w.level == sandbox.Strong || w.profile.Folder == "" {
		return nil
	}
	err := filepath.WalkDir(filepath.Join(dir, w.profile.Folder), func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return os.Chmod(name, mode)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
