package process

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func init() {
	// keeper starts a program, tells its number, and stays: "keeper NAME".
	programs["keeper"] = func(args []string) {
		parent(args)
		sleep()
	}
	// spawner starts one program after the other, and waits for each.
	programs["spawner"] = func([]string) {
		self, _ := os.Executable()
		for {
			cmd := exec.Command(self)
			cmd.Env = append(os.Environ(), programVariable+"=nothing")
			cmd.Run()
		}
	}
	programs["nothing"] = func([]string) {}
}

func family(s *Spec) { s.Family = true }

// told waits until a program has told the number of another one, which may print a word
// before it.
func told(t *testing.T, p *Process) (pid int) {
	t.Helper()
	await(func() bool {
		for line := range strings.Lines(string(p.Stdout().Bytes())) {
			if n, err := strconv.Atoi(strings.TrimSuffix(line, "\n")); err == nil && strings.HasSuffix(line, "\n") {
				pid = n
			}
		}
		return pid > 0
	})
	return pid
}

func TestFamilyRests(t *testing.T) {
	p := run(t, "keeper", args("sleep"), family)
	told(t, p)
	awaitRest(t, p)
	if n, err := p.Children(); p.FamilySize() != 1 || n != 1 || err != nil {
		t.Errorf("a family of %d others and %d children (%v), want one", p.FamilySize(), n, err)
	}
}

// The head of a family sleeps, and somebody works.
func TestFamilyWorks(t *testing.T) {
	for _, head := range []string{"keeper", "parent"} {
		t.Run(head, func(t *testing.T) {
			p := run(t, head, args("busy"), family)
			told(t, p)
			if head == "parent" {
				<-p.Done()
			}
			await(func() bool { a, _ := p.Activity(); return a.CPU > 50*time.Millisecond })
			for i := range 200 {
				if rests(t, p) {
					t.Fatalf("it rests in look %d", i)
				}
			}
			if p.CPU() < 50*time.Millisecond {
				t.Errorf("the family's clocks say %v", p.CPU())
			}
		})
	}
}

// A family that starts and ends processes all the time never rests, and remembers
// none of them.
func TestFamilyChanges(t *testing.T) {
	p := run(t, "spawner", family)
	var all time.Duration
	for i := range 500 {
		if rests(t, p) {
			t.Fatalf("it rests in look %d", i)
		}
		if n := p.FamilySize(); n > 2 {
			t.Fatalf("%d others are remembered", n)
		}
		a, err := p.Activity()
		if err != nil || a.CPU < all {
			t.Fatalf("%+v, %v after %v", a, err, all)
		}
		all = a.CPU
	}
}

// What a program leaves behind lives until Kill, in its own session or not.
func TestFamilySurvives(t *testing.T) {
	for name, how := range map[string][]string{"in the group": {"numb"}, "in a session": {"numb", "escape"}} {
		t.Run(name, func(t *testing.T) {
			p := run(t, "parent", args(how...), family)
			<-p.Done()
			child := told(t, p)
			await(func() bool { return p.Survived() })
			awaitRest(t, p)
			if _, armed, known := p.Timers(); armed || !known {
				t.Errorf("timers: %v, %v", armed, known)
			}
			p.Kill()
			awaitDeath(t, child)
			if _, err := p.Activity(); p.Survived() || !errors.Is(err, os.ErrProcessDone) {
				t.Errorf("after Kill somebody has survived: %v, %v", p.Survived(), err)
			}
		})
	}
}

func TestFamilyEndsWithAll(t *testing.T) {
	p := run(t, "parent", args("numb", "escape"), family)
	<-p.Done()
	child := told(t, p)
	KillAll()
	awaitDeath(t, child)
}

// Nobody lives on who is started while the others are killed.
func TestFamilyThatGrows(t *testing.T) {
	p := run(t, "spawner", family)
	await(func() bool { p.Activity(); return p.FamilySize() > 0 })
	p.Kill()
	if p.Survived() {
		t.Error("somebody has survived")
	}
}

// Two families do not know each other.
func TestFamilies(t *testing.T) {
	one, two := run(t, "keeper", args("sleep"), family), run(t, "keeper", args("busy"), family)
	told(t, two)
	told(t, one)
	awaitRest(t, one)
	two.Kill()
	if n, err := one.Children(); n != 1 || err != nil {
		t.Errorf("%d children, %v", n, err)
	}
}
