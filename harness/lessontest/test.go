package lessontest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wirebook/harness"
	"wirebook/harness/lessonfile"
)

// seedVariable gives the seed of random exchanges.
const seedVariable = "WIREBOOK_SEED"

// grace is how long before the test's own deadline the plays are ended, so that what
// they did is still told.
const grace = 5 * time.Second

// Test plays the scenarios of the lesson in whose folder it runs, each as a subtest:
// the public ones in exercises, the hidden ones too in solutions. Of each failure it
// tells the cause in a line, of the one from which the mistake is found soonest the
// whole page, last.
func Test(t *testing.T) {
	r, err := newRun()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.checkPattern(runPattern()); err != nil {
		t.Fatal(err)
	}
	if r.untouched() {
		t.Fatal(r.welcome())
	}
	if refused := r.refused(); len(refused) > 0 {
		t.Fatalf("this would be refused when your work is graded:\n  %s", strings.Join(refused, "\n  "))
	}
	ctx, cancel := r.context(t)
	defer cancel()
	r.tell(t, r.play(ctx, t))
}

// A run is one `go test` of a lesson.
type run struct {
	dir       string // the lesson's folder
	part      string // "exercises" or "solutions"
	lessons   []*harness.Lesson
	lesson    *harness.Lesson
	scenarios []*harness.Scenario
	player    *harness.Player
	folder    *lessonfile.Folder // the student's files
	given     map[string][]byte  // the files that were handed out
}

func newRun() (*run, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	root, name := filepath.Dir(filepath.Dir(dir)), filepath.Base(dir)
	r := &run{dir: dir, part: filepath.Base(filepath.Dir(dir))}
	exercises := os.DirFS(filepath.Join(root, "exercises"))
	var solutions fs.FS
	if r.part == "solutions" {
		solutions = os.DirFS(filepath.Join(root, "solutions"))
	}
	if r.lessons, err = harness.Syllabus(exercises); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(r.lessons, func(l *harness.Lesson) bool { return l.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("%s: no line of exercises/README.md names the lesson %q", dir, name)
	}
	r.lesson = r.lessons[i]
	if r.scenarios, err = r.lesson.Scenarios(exercises, solutions); err != nil {
		return nil, err
	}
	if len(r.scenarios) == 0 {
		return nil, fmt.Errorf("the lesson %s has no scenario in testdata", name)
	}
	if err := r.readSource(); err != nil {
		return nil, err
	}
	r.player, err = r.newPlayer()
	return r, err
}

// newPlayer makes a player of the test binary.
func (r *run) newPlayer() (*harness.Player, error) {
	self, err := Self()
	if err != nil {
		return nil, err
	}
	seed := int64(1)
	if s := os.Getenv(seedVariable); s != "" {
		if seed, err = strconv.ParseInt(s, 10, 64); err != nil {
			return nil, fmt.Errorf("%s=%q: not a number", seedVariable, s)
		}
	}
	player := &harness.Player{Program: self, Puppet: Puppet, Seed: seed}
	if r.part == "solutions" {
		player.Reference = &self
	}
	return player, nil
}

// buildGenerator builds the lesson's generator, if it has one.
func (r *run) buildGenerator(t *testing.T) {
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
	r.player.Generate = &harness.Program{Path: path, Env: harness.BaseEnvironment()}
}

func (r *run) context(t *testing.T) (context.Context, context.CancelFunc) {
	deadline, ok := t.Deadline()
	if !ok {
		return context.WithCancel(context.Background())
	}
	return context.WithDeadline(context.Background(), deadline.Add(-grace))
}

// play plays the scenarios that -run asks for, all at once, and gives each its
// subtest. It returns the results in the lesson's order.
func (r *run) play(ctx context.Context, t *testing.T) []harness.Result {
	var wanted []*harness.Scenario
	for _, s := range r.scenarios {
		if matchesRun(runPattern(), s.Name) {
			wanted = append(wanted, s)
		}
	}
	if slices.ContainsFunc(wanted, func(s *harness.Scenario) bool { return s.Needs("random") }) {
		r.buildGenerator(t)
	}
	pending := make(map[*harness.Scenario]chan harness.Result, len(wanted))
	for _, s := range wanted {
		pending[s] = make(chan harness.Result, 1)
	}
	ctx, cancel := context.WithCancel(ctx)
	played := make(chan struct{})
	go func() {
		defer close(played)
		r.player.PlayAll(ctx, wanted, func(res harness.Result) { pending[res.Scenario] <- res })
	}()
	defer func() { cancel(); <-played }()
	var results []harness.Result
	for _, s := range wanted {
		t.Run(s.Name, func(t *testing.T) {
			result := <-pending[s]
			results = append(results, result)
			tellOne(t, result)
		})
	}
	return results
}
