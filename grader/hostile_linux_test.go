package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sandbox"
)

const hostileDir = "../testdata/hostile"

// Neighbours are honest submissions among the hostile ones, by the submission
// of the sample class that each is. One is graded first, and its twin last.
var neighbours = map[string]string{first: "whole", last: "whole", "half-honest": "half-done"}

const first, last = "aaa-honest", "zzz-honest"

// All attacks in one class: each shows what it should, honest neighbours get the
// bytes that they get alone, and nothing is seen, reached, changed or left.
func TestHostile(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("grades 70 submissions; leave out -short")
	}
	g := newGrading(t, sandbox.Strong, -1)
	attacks := readAttacks(t, hostileDir)
	alone := g.grade(nil, map[string]string{first: neighbours[first], "half-honest": neighbours["half-honest"]})
	together := g.grade(attacks, neighbours)
	g.demand(together, attacks, nil)
	g.demandNeighbours(alone, together)
	if reached := g.canaries.seen(); len(reached) > 0 {
		t.Errorf("programs reached listeners outside: %q", reached)
	}
}

// Probing are the attacks that look for a way out, and one that stays. The
// others are about quantities or the compiler, or come later with the same.
var probing = []string{
	"children-burn", "children-fork", "children-in-namespaces", "children-outlive", "children-reach", "children-signal",
	"children-strange", "children-tamper", "children-trace", "children-unbound",
	"executes", "exfiltrates", "forks", "kernel-surfaces", "reads-files", "reads-processes", "signals", "stays", "tampers",
}

// A grader that is an ordinary user contains attacks as root's does.
func TestHostileToOrdinaryUser(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("grades a class of attacks; leave out -short")
	}
	if !sandbox.Root() {
		t.Skip("not root: the other tests are an ordinary user's already")
	}
	g := newGrading(t, sandbox.Strong, sandbox.Nobody)
	attacks := probingAttacks(t)
	together := g.grade(attacks, nil)
	g.demand(together, attacks, nil)
	if reached := g.canaries.seen(); len(reached) > 0 {
		t.Errorf("programs reached listeners outside: %q", reached)
	}
}

// At the level reduced all holds but for the network, and it says so.
func TestHostileAtReduced(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("grades a class of attacks; leave out -short")
	}
	user := -1
	if sandbox.Root() {
		user = sandbox.Nobody // who shares more with its programs
	}
	g := newGrading(t, sandbox.Reduced, user)
	attacks := probingAttacks(t)
	together := g.grade(attacks, nil)
	// It finds a way to other machines, and to listeners on this one.
	g.demand(together, attacks, []string{"exfiltrates"})
	if !slices.Contains(g.canaries.seen(), "TCP") || !strings.Contains(together.said, "the network is NOT isolated") {
		t.Errorf("programs reached %q, and it said %q; want that the network is shared and is said to be", g.canaries.seen(), together.said)
	}
	for _, reached := range g.canaries.seen() {
		if strings.Contains(reached, "Unix") {
			t.Errorf("programs reached %s", reached)
		}
	}
}

// probingAttacks are those.
func probingAttacks(t *testing.T) []attack {
	attacks := slices.DeleteFunc(readAttacks(t, hostileDir), func(a attack) bool { return !slices.Contains(probing, a.name) })
	if len(attacks) != len(probing) {
		t.Fatalf("%d of the attacks %q are there", len(attacks), probing)
	}
	return attacks
}

// A grading is a grader in a process of its own, perhaps another user's.
type grading struct {
	*rig
	level    sandbox.Level
	user     int // -1 for this process's
	canaries *canaries
}

func newGrading(t *testing.T, level sandbox.Level, user int) *grading {
	g := &grading{rig: newRig(t), level: level, user: user}
	home := filepath.Dir(g.grader)
	g.canaries = layCanaries(t, filepath.Join(home, "solutions"))
	if user >= 0 {
		// Another user has to come through to its folders.
		g.must(os.Chmod(filepath.Dir(home), 0o711))
		g.must(filepath.WalkDir(home, func(path string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Lchown(path, user, user)
		}))
	}
	// In its own words, for it is perhaps another user who has to reach it.
	if can, _, _ := g.run("doctor"); !strings.Contains(can, level.String()+": works\n") {
		t.Skipf("this machine does not reach the level %v:\n%s", level, can)
	}
	return g
}

// run runs the grader in a session of its own.
func (g *grading) run(args ...string) (stdout, stderr string, state *os.ProcessState) {
	cmd := exec.Command(g.grader, args...)
	home := filepath.Dir(g.grader)
	cmd.Dir = home
	cmd.Env = append(os.Environ(), "TMPDIR="+g.scratch, "HOME="+home, "GOCACHE="+filepath.Join(home, "cache"), variableName+"="+g.canaries.variable)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if g.user >= 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(g.user), Gid: uint32(g.user)}
	}
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	_ = cmd.Wait() // its state tells
	return out.String(), said.String(), cmd.ProcessState
}

// graded is what a grading has left.
type graded struct {
	said    string            // on both of its outputs
	reports map[string]string // by format
	files   map[string]string // of the folder of results
}

// grade grades the attacks and the neighbours, in a new folder.
func (g *grading) grade(attacks []attack, neighbours map[string]string) graded {
	g.t.Helper()
	g.must(os.RemoveAll(g.out))
	g.must(os.RemoveAll(g.class))
	take(g.t, g.class, neighbours)
	for _, a := range attacks {
		g.place(a)
	}
	release := adoptOrphans(g.t)
	defer release()
	stdout, stderr, state := g.run("grade", g.class, "subnet", "chat", "upload", "remotecmd", "-o", g.out, "--seed", "1", "--sandbox", g.level.String())
	if state.ExitCode() != exitGraded {
		g.t.Errorf("exit status %d\n%s", state.ExitCode(), stderr)
	}
	if left := append(processesOf(g.t, state.Pid()), childrenLeft(g.t)...); len(left) > 0 {
		g.t.Errorf("processes stayed: %q", left)
	}
	if left := g.leftovers(); len(left) > 0 {
		g.t.Errorf("temporary files stayed: %q", left)
	}
	all := graded{stdout + stderr, make(map[string]string), g.rig.files()}
	for _, format := range []string{"text", "json", "csv", "html", "junit", "gradescope", "github", "gitlab", "prairielearn", "autolab", "markdown", "moodle", "canvas"} {
		report, stderr, state := g.run("report", g.out, "--format", format)
		if report == "" || !state.Success() {
			g.t.Errorf("report --format %s: %v\n%s", format, state, stderr)
		}
		all.reports[format] = report + stderr
	}
	return all
}

// place puts an attack into the class and tells it where the canaries are.
func (g *grading) place(a attack) {
	from, to := filepath.Join(hostileDir, a.name), filepath.Join(g.class, a.name)
	g.must(os.CopyFS(to, os.DirFS(from)))
	known := g.canaries.placeholders(g.out)
	g.must(filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "attack.go" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(known.Replace(string(text))), 0o644)
	}))
}

// demand checks that each attack shows what it should, but for the open ones,
// and that nothing of the attacks' is where it must not be.
func (g *grading) demand(all graded, attacks []attack, open []string) {
	g.t.Helper()
	for _, a := range attacks {
		r := all.result(g.t, a.name)
		for _, s := range a.shows {
			if diff := s.differs(r); diff != "" && !(slices.Contains(open, a.name) && s.kind == "score") {
				g.t.Errorf("%s: %s: %s %s; it is %s", a.name, s.kind, s.lesson, s.what, diff)
			}
		}
	}
	for name := range all.files {
		name, _, _ := strings.Cut(name, "/")
		known := slices.ContainsFunc(attacks, func(a attack) bool { return a.name == name }) || neighbours[name] != ""
		if !known && !slices.Contains([]string{"class.json", "class.csv", "index.html"}, name) {
			g.t.Errorf("the results hold %q, which is not the grader's", name)
		}
	}
	g.demandHarmless(all)
	if text, err := os.ReadFile(g.canaries.file); err != nil || string(text) != g.canaries.text+"\n" {
		g.t.Errorf("the secret is now %q (%v)", text, err)
	}
}

// demandHarmless checks that no secret is in what a grading has left, nor what a
// terminal or a browser obeys.
func (g *grading) demandHarmless(all graded) {
	g.t.Helper()
	check := func(where, text string, bad map[string]string) {
		for what, bad := range bad {
			if at := strings.Index(text, bad); at >= 0 {
				g.t.Errorf("%s holds %s: %q", where, what, text[max(0, at-100):min(len(text), at+100)])
			}
		}
	}
	everywhere := map[string]string{
		"an escape": "\x1b", "a terminal command": "\u009b",
		"the secret of the environment": g.canaries.variable, "the secret of the file": g.canaries.text,
	}
	markup := map[string]string{"markup": "<script>alert"}
	check("what was said", all.said, everywhere)
	for name, text := range all.files {
		check(name, text, everywhere)
	}
	for format, text := range all.reports {
		check("the report as "+format, text, everywhere)
	}
	check("index.html", all.files["index.html"], markup)
	check("the report as html", all.reports["html"], markup)
	check("the report as junit", all.reports["junit"], markup)
}

func (all graded) result(t *testing.T, name string) *result.Submission {
	t.Helper()
	r, err := result.Decode([]byte(all.files[name+"/result.json"]))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

// demandNeighbours checks that honest submissions got what they get without the
// attacks.
func (g *grading) demandNeighbours(alone, together graded) {
	g.t.Helper()
	for name := range neighbours {
		got, want := together.files[name+"/result.json"], alone.files[name+"/result.json"]
		if name == last { // alone, it would be its twin
			want = strings.ReplaceAll(alone.files[first+"/result.json"], first, last)
		}
		if diff := cmp.Diff(want, got); diff != "" || want == "" {
			g.t.Errorf("%s (-alone +among attacks):\n%s", name, diff)
		}
	}
	for _, lesson := range []string{"subnet", "chat"} {
		if l := alone.result(g.t, first).Lesson(lesson); amount(l) != "full" {
			g.t.Errorf("%s: %s is %s\n%s", first, lesson, amount(l), losses(l))
		}
	}
}
