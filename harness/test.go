package harness

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// seedVariable gives the seed of random exchanges under `go test`.
const seedVariable = "WIREBOOK_SEED"

// grace is how long before the test's own deadline the plays are ended, so that
// what they did is still told.
const grace = 5 * time.Second

// Test plays the scenarios of the lesson in whose folder it runs, each as a
// subtest, against the program that Main makes of the test binary: the public
// ones in exercises, the hidden ones too in solutions. The first failure is
// told in full, the others in a line each, in the lesson's order.
func Test(t *testing.T) {
	run, err := newTestRun()
	if err != nil {
		t.Fatal(err)
	}
	if problems := run.forbiddenImports(); len(problems) > 0 {
		t.Fatalf("the lesson %s does without these imports:\n  %s", run.lesson.Name, strings.Join(problems, "\n  "))
	}
	ctx, cancel := run.context(t)
	defer cancel()
	run.play(ctx, t)
}

// A testRun is one `go test` of a lesson.
type testRun struct {
	dir       string // the lesson's folder
	part      string // "exercises" or "solutions"
	lesson    *Lesson
	scenarios []*Scenario
	player    *Player
	told      bool // a failure was told in full
}

func newTestRun() (*testRun, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	root := filepath.Dir(filepath.Dir(dir))
	r := &testRun{dir: dir, part: filepath.Base(filepath.Dir(dir))}
	exercises := os.DirFS(filepath.Join(root, "exercises"))
	var solutions fs.FS
	if r.part == "solutions" {
		solutions = os.DirFS(filepath.Join(root, "solutions"))
	}
	lessons, err := Syllabus(exercises)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(dir)
	for _, l := range lessons {
		if l.Name == name {
			r.lesson = l
		}
	}
	if r.lesson == nil {
		return nil, fmt.Errorf("%s: no line of exercises/README.md names the lesson %q", dir, name)
	}
	if r.scenarios, err = r.lesson.Scenarios(exercises, solutions); err != nil {
		return nil, err
	}
	if len(r.scenarios) == 0 {
		return nil, fmt.Errorf("the lesson %s has no scenario in testdata", name)
	}
	r.player, err = r.newPlayer()
	return r, err
}

// newPlayer makes a player of the test binary.
func (r *testRun) newPlayer() (*Player, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	seed := int64(1)
	if s := os.Getenv(seedVariable); s != "" {
		if seed, err = strconv.ParseInt(s, 10, 64); err != nil {
			return nil, fmt.Errorf("%s=%q: not a number", seedVariable, s)
		}
	}
	program := Program{Path: self, Env: append(BaseEnvironment(), programVariable+"=1")}
	player := &Player{Program: program, Seed: seed}
	if r.part == "solutions" {
		player.Reference = &program
	}
	return player, nil
}

// buildGenerator builds the lesson's generator, if it has one and a scenario
// needs it.
func (r *testRun) buildGenerator(t *testing.T) {
	source := filepath.Join(r.dir, "generate")
	if _, err := os.Stat(source); err != nil || r.part != "solutions" {
		return
	}
	path := filepath.Join(t.TempDir(), "generate")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, "./generate").CombinedOutput(); err != nil {
		t.Fatalf("the generator does not build: %v\n%s", err, out)
	}
	r.player.Generate = &Program{Path: path, Env: BaseEnvironment()}
}

func (r *testRun) context(t *testing.T) (context.Context, context.CancelFunc) {
	deadline, ok := t.Deadline()
	if !ok {
		return context.WithCancel(context.Background())
	}
	return context.WithDeadline(context.Background(), deadline.Add(-grace))
}

// play plays the scenarios that `go test -run` asks for at once, and tells them
// one by one.
func (r *testRun) play(ctx context.Context, t *testing.T) {
	var wanted []*Scenario
	for _, s := range r.scenarios {
		if r.matches(s) {
			wanted = append(wanted, s)
		}
		if r.matches(s) && r.player.Generate == nil && s.Needs("random") {
			r.buildGenerator(t)
		}
	}
	results := make(map[*Scenario]chan Result, len(wanted))
	for _, s := range wanted {
		results[s] = make(chan Result, 1)
	}
	ctx, cancel := context.WithCancel(ctx)
	played := make(chan struct{})
	go func() {
		defer close(played)
		r.player.PlayAll(ctx, wanted, func(res Result) { results[res.Scenario] <- res })
	}()
	defer func() { cancel(); <-played }()
	for _, s := range r.scenarios {
		t.Run(s.Name, func(t *testing.T) {
			if result, ok := results[s]; ok {
				r.tell(t, <-result)
			} else {
				r.tell(t, r.player.Play(ctx, s))
			}
		})
	}
}

// matches reports whether -run asks for the scenario, as far as its second
// element tells. It only decides what is played ahead.
func (r *testRun) matches(s *Scenario) bool {
	return matchesRun(runPattern(), s.Name)
}

// tell reports one result to its subtest.
func (r *testRun) tell(t *testing.T, result Result) {
	switch result.Status {
	case Pass:
		for _, note := range result.Notes {
			t.Log("note: " + note)
		}
	case Skip:
		t.Skip(result.Err)
	case Error:
		t.Errorf("the harness could not play this scenario; that is not the program's fault: %v", result.Err)
	case Fail:
		r.tellFailure(t, result)
	}
}

func (r *testRun) tellFailure(t *testing.T, result Result) {
	replay := fmt.Sprintf("go test ./%s/%s -run /%s", r.part, r.lesson.Name, result.Scenario.Name)
	out := t.Output()
	if r.told {
		fmt.Fprintf(out, "%s  (0 of %d)   %s\n", result.Scenario.Title, result.Scenario.Points, replay)
	} else {
		fmt.Fprintln(out)
		WriteFailure(out, result, replay)
	}
	r.told = true
	t.Fail()
}
