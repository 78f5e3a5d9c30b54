package process

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func init() {
	// leaver is parent, when its input has ended.
	programs["leaver"] = func(args []string) {
		io.Copy(io.Discard, os.Stdin)
		parent(args)
	}
	// keeper is a leaver that stays.
	programs["keeper"] = func(args []string) {
		programs["leaver"](args)
		sleep()
	}
	// spawner starts one program after the other, and waits for each.
	programs["spawner"] = func([]string) {
		self, _ := os.Executable()
		io.Copy(io.Discard, os.Stdin)
		for {
			cmd := exec.Command(self)
			cmd.Env = append(os.Environ(), programVariable+"=nothing")
			cmd.Run()
		}
	}
	programs["nothing"] = func([]string) {}
}

func family(s *Spec) { s.Family = true }

// told lets a program start another one, and waits until it has told its number.
func told(t *testing.T, p *Process) (pid int) {
	t.Helper()
	p.CloseStdin()
	await(func() bool { return strings.Contains(string(p.Stdout().Bytes()), "\n") })
	if _, err := fmt.Sscan(string(p.Stdout().Bytes()), &pid); err != nil {
		t.Fatalf("printed %q", p.Stdout().Bytes())
	}
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
	for _, head := range []string{"keeper", "leaver"} {
		t.Run(head, func(t *testing.T) {
			p := run(t, head, args("busy"), family)
			told(t, p)
			if head == "leaver" {
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

// A family stands still when all of it does, and goes on as one.
func TestFamilyStops(t *testing.T) {
	for _, name := range []string{"sleep", "busy"} {
		t.Run(name, func(t *testing.T) {
			p := run(t, "keeper", args(name), family)
			told(t, p)
			if a, err := p.Activity(); a.Stopped || err != nil {
				t.Errorf("before: %+v, %v", a, err)
			}
			p.Signal(Stop)
			await(func() bool { a, _ := p.Activity(); return a.Stopped && rests(t, p) })
			p.Signal(Continue)
			await(func() bool { a, _ := p.Activity(); return !a.Stopped })
		})
	}
}

// A family that starts and ends processes all the time never rests, and remembers
// none of them.
func TestFamilyChanges(t *testing.T) {
	p := run(t, "spawner", family)
	p.CloseStdin()
	await(func() bool { p.Activity(); return p.FamilySize() > 0 })
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
	for name, how := range map[string][]string{"in the group": {"sleep"}, "in a session": {"sleep", "escape"}} {
		t.Run(name, func(t *testing.T) {
			p := run(t, "leaver", args(how...), family)
			child := told(t, p)
			<-p.Done()
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
	p := run(t, "leaver", args("sleep", "escape"), family)
	child := told(t, p)
	<-p.Done()
	KillAll()
	awaitDeath(t, child)
}

// Nobody lives on who is started while the others are killed.
func TestFamilyThatGrows(t *testing.T) {
	p := run(t, "spawner", family)
	p.CloseStdin()
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
