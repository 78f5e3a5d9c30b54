package process

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// awaitDeath waits until a process is no more than a zombie.
func awaitDeath(t *testing.T, pid int) {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if err == unix.ESRCH {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for {
		_, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, -1)
		if err != unix.EINTR {
			return
		}
	}
}

// rests takes two looks and tells whether the program is at rest.
func rests(t testing.TB, p *Process) bool {
	t.Helper()
	one, err := p.Activity()
	if err != nil {
		t.Fatal(err)
	}
	two, err := p.Activity()
	if err != nil {
		t.Fatal(err)
	}
	if two.CPU < one.CPU || two.Waiting < one.Waiting {
		t.Errorf("activity shrinks: %+v, %+v", one, two)
	}
	return one.Asleep && !one.Naps && two == one
}

func awaitRest(t testing.TB, p *Process) { await(func() bool { return rests(t, p) }) }

func TestRest(t *testing.T) {
	for _, name := range []string{"sleep", "echo", "numb"} {
		awaitRest(t, run(t, name))
	}
}

func TestNoRest(t *testing.T) {
	for _, name := range []string{"busy", "pingpong", "mayflies"} {
		t.Run(name, func(t *testing.T) {
			p := run(t, name)
			// It has to come to work first.
			await(func() bool { a, _ := p.Activity(); return a.CPU > 20*time.Millisecond })
			first, _ := p.Activity()
			for i := range 2000 {
				if rests(t, p) {
					t.Fatalf("in look %d", i)
				}
			}
			await(func() bool { last, _ := p.Activity(); return last.CPU > first.CPU })
			if n := p.control.family.Threads(); name == "mayflies" && n > 100 {
				t.Errorf("%d threads are remembered", n)
			}
		})
	}
}

// TestFloodRests shows that a flood stands still.
func TestFloodRests(t *testing.T) {
	p := run(t, "flood", limits(Limits{Output: 1000}))
	// Its few complaints may all have been read before the flood was.
	await(func() bool { return p.Stdout().Flooded() && rests(t, p) })
}

// TestRestMeansAnswered asks a program and looks for rest: then the answer must
// be there. This is what a scenario's quiet is made of.
func TestRestMeansAnswered(t *testing.T) {
	for _, name := range []string{"echo", "handing"} {
		t.Run(name, func(t *testing.T) {
			p := run(t, name)
			for i := range 100 {
				p.Write([]byte("ask\n"))
				await(func() bool {
					n, known := p.StdinUnread()
					return n == 0 && known && rests(t, p)
				})
				await(func() bool { n, _ := p.Stdout().Pending(); return n == 0 })
				if got := p.Stdout().Len(); got != int64(4*(i+1)) {
					t.Fatalf("at rest after %d questions and %d bytes", i+1, got)
				}
			}
		})
	}
}

func TestActivityAfterTheEnd(t *testing.T) {
	p := run(t, "busy")
	await(func() bool { a, _ := p.Activity(); return a.CPU > 0 })
	p.Kill()
	a, err := p.Activity()
	if !errors.Is(err, os.ErrProcessDone) || a.CPU == 0 {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := p.Descriptors(); !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

func TestNothingStaysOpen(t *testing.T) {
	count := func() int {
		names, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	play := func() {
		p := run(t, "threads", args("8"))
		p.Write([]byte("unread"))
		p.Activity()
		p.Kill()
		Start(Spec{Path: "/dev/null"})
	}
	play()
	before := count()
	for range 5 {
		play()
	}
	if after := count(); after != before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

// TestBlind asks what is known of a program, and what when nothing can be.
func TestBlind(t *testing.T) {
	for setting, want := range map[string]string{
		"WIREBOOK_BLIND=":  "true true true <nil> <nil> true true true true\n0 hello\n\n",
		"WIREBOOK_BLIND=1": fmt.Sprintln(false, false, false, nil, ErrUnknown, false, false, false, true) + "0 hello\n\n",
	} {
		p := run(t, "starter", func(s *Spec) { s.Env = append(s.Env, setting) })
		<-p.Done()
		if got := string(p.Stdout().Bytes()); got != want {
			t.Errorf("%s: %q; want %q", setting, got, want)
		}
	}
}

func TestDescriptors(t *testing.T) {
	p := run(t, "sleep")
	// Three, the poller's, and the pipe that it sleeps on.
	await(func() bool { n, err := p.Descriptors(); return err == nil && n >= 5 })
}

func TestLimits(t *testing.T) {
	t.Run("descriptors", func(t *testing.T) {
		p := run(t, "descriptors", limits(Limits{Descriptors: 50}))
		<-p.Done()
		if got := string(p.Stdout().Bytes()); !strings.Contains(got, "too many open files") {
			t.Errorf("printed %q", got)
		}
	})
	t.Run("memory", func(t *testing.T) {
		if raceEnabled {
			t.Skip("no limit of memory with the race detector")
		}
		p := run(t, "memory", limits(Limits{Memory: 256 << 20}))
		<-p.Done()
		exit, _ := p.Exited()
		// Which part of the runtime is the first to miss memory, and so what it
		// says, is chance: the heap, or a thread's stack.
		if exit.Code == 0 || string(p.Stdout().Bytes()) != "ready\n" || len(p.Stderr().Bytes()) == 0 {
			t.Errorf("exit %+v, printed %q, %.100q", exit, p.Stdout().Bytes(), p.Stderr().Bytes())
		}
	})
	t.Run("file size", func(t *testing.T) {
		name := t.TempDir() + "/file"
		p := run(t, "file", args(name), limits(Limits{FileSize: 100_000}))
		p.CloseStdin()
		<-p.Done()
		if info, err := os.Stat(name); err != nil || info.Size() != 100_000 {
			t.Errorf("%v, %v", info, err)
		}
		if got := string(p.Stdout().Bytes()); !strings.Contains(got, "file too large") {
			t.Errorf("printed %q", got)
		}
	})
	t.Run("CPU", func(t *testing.T) {
		if testing.Short() {
			t.Skip("takes a second")
		}
		p := run(t, "busy", limits(Limits{CPU: time.Millisecond}))
		<-p.Done()
		exit, _ := p.Exited()
		if exit.Signal != "SIGKILL" {
			t.Errorf("exit %+v", exit)
		}
	})
}

func BenchmarkActivity(b *testing.B) {
	for _, n := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("threads=%d", n), func(b *testing.B) {
			notified, await := awaiting()
			p := run(b, "threads", args(fmt.Sprint(n)), notified)
			await(func() bool { return p.Stdout().Len() > 0 })
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Activity(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(p.control.family.Threads()), "threads")
		})
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		p := run(b, "tell")
		<-p.Done()
	}
}

// TestTimers asks programs at rest what will wake them.
func TestTimers(t *testing.T) {
	for name, want := range map[string]struct {
		shortest time.Duration
		armed    bool
	}{
		"sleep": {0, false},
		"echo":  {0, false},
		"alarm": {time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			notified, await := awaiting()
			p := run(t, name, notified)
			if name == "alarm" {
				await(func() bool { return p.Stdout().Len() > 0 })
			}
			awaitRest(t, p)
			shortest, armed, known := p.Timers()
			if !known || armed != want.armed || shortest > want.shortest || (shortest > 0) != want.armed {
				t.Errorf("%v, armed %t, known %t; want %v at most, armed %t", shortest, armed, known, want.shortest, want.armed)
			}
			p.Kill()
			if _, armed, known := p.Timers(); armed || !known {
				t.Errorf("after its end: armed %t, known %t", armed, known)
			}
		})
	}
	busy := run(t, "busy")
	await(func() bool { a, _ := busy.Activity(); return a.CPU > 20*time.Millisecond })
	if _, armed, known := busy.Timers(); !armed || !known {
		t.Errorf("at work: armed %t, known %t; want both", armed, known)
	}
}

// A program that is stopped is at rest, whatever it was at, until it may go on.
func TestStopped(t *testing.T) {
	for _, name := range []string{"busy", "alarm", "pingpong", "mayflies"} {
		t.Run(name, func(t *testing.T) {
			p := run(t, name)
			await(func() bool { return p.CPU() > 0 })
			if a, err := p.Activity(); a.Stopped || err != nil || p.Stopped() {
				t.Errorf("before: %+v, %v, stopped: %t", a, err, p.Stopped())
			}
			p.Signal(Stop)
			await(p.Stopped)
			// The last thread says that it is stopped a moment before it is.
			await(func() bool { a, _ := p.Activity(); return a.Stopped && rests(t, p) })
			for range 100 {
				if !rests(t, p) {
					t.Fatal("it does not rest")
				}
			}
			if _, armed, known := p.Timers(); armed || !known {
				t.Errorf("stopped: armed %t, known %t; want that nothing is armed", armed, known)
			}
			p.Signal(Continue)
			await(func() bool { a, _ := p.Activity(); return !a.Stopped && !p.Stopped() })
		})
	}
}

// TestLimitsFromTheFirstMoment starts shells that tell their limit at once, while all
// processors are busy: none of them runs before it is set. As root, Go's runtime would
// also raise again what was lowered while it started.
func TestLimitsFromTheFirstMoment(t *testing.T) {
	for range 2 * runtime.NumCPU() {
		run(t, "busy")
	}
	for i := range 50 {
		p, err := Start(Spec{Path: "/bin/sh", Args: []string{"-c", "ulimit -n"}, Limits: Limits{Descriptors: 50}})
		if err != nil {
			t.Fatal(err)
		}
		<-p.Done()
		if untraceable.Load() {
			t.Skip("nobody may trace a program here")
		}
		if out := string(p.Stdout().Bytes()); out != "50\n" {
			t.Fatalf("shell %d has the limit %q", i, out)
		}
	}
}
