//go:build unix

package harness_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"wirebook/harness"
	"wirebook/harness/lessontest"
)

// BenchmarkLessons plays every scenario of every lesson, but for the random
// exchanges, against the solutions: all lessons at once, as one who is in a
// hurry would.
//
//	s/all:                the wall time of it
//	scenarios/cpu-second: how many one processor plays in a second
func BenchmarkLessons(b *testing.B) {
	lessons, err := harness.Syllabus(os.DirFS("../exercises"))
	if err != nil {
		b.Fatal(err)
	}
	slots := harness.NewSlots(harness.PlaysPerProcessor * runtime.GOMAXPROCS(0))
	players := make(map[*harness.Player][]*harness.Scenario)
	scenarios := 0
	for _, l := range lessons {
		all, err := l.Scenarios(os.DirFS("../exercises"), os.DirFS("../solutions"))
		if err != nil {
			b.Fatal(err)
		}
		program := buildSolution(b, l.Name)
		player := &harness.Player{Program: program, Reference: &program, Puppet: lessontest.Puppet, Slots: slots, Seed: 1}
		for _, s := range all {
			if !s.Needs("random") {
				players[player] = append(players[player], s)
				scenarios++
			}
		}
	}
	var took []time.Duration
	before := processorTime()
	for b.Loop() {
		start := time.Now()
		var all sync.WaitGroup
		for player, scenarios := range players {
			all.Go(func() {
				playAll(b, player, scenarios)
			})
		}
		all.Wait()
		took = append(took, time.Since(start))
	}
	used := processorTime() - before
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(scenarios), "scenarios")
	b.ReportMetric(median(took).Seconds(), "s/all")
	b.ReportMetric(float64(scenarios*len(took))/used.Seconds(), "scenarios/cpu-second")
}

// BenchmarkPublic plays the public scenarios of each lesson against its solution, as
// one who has finished the lesson does.
//
//	s/public: the wall time of it
//	s/clock:  the longest wait for a clock that the lesson's rules demand; it is a part of s/public
func BenchmarkPublic(b *testing.B) {
	exercises := os.DirFS("../exercises")
	lessons, err := harness.Syllabus(exercises)
	if err != nil {
		b.Fatal(err)
	}
	for _, l := range lessons {
		b.Run(l.Name, func(b *testing.B) {
			public, err := l.Scenarios(exercises, nil)
			if err != nil {
				b.Fatal(err)
			}
			program := buildSolution(b, l.Name)
			player := &harness.Player{Program: program, Reference: &program, Puppet: lessontest.Puppet,
				Slots: harness.NewSlots(harness.PlaysPerProcessor * runtime.GOMAXPROCS(0)), Seed: 1}
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				playAll(b, player, public)
				took = append(took, time.Since(start))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(took).Seconds(), "s/public")
			b.ReportMetric(longestWait(b, exercises, l.Name).Seconds(), "s/clock")
		})
	}
}

// playAll plays scenarios that must all be passed.
func playAll(b *testing.B, player *harness.Player, scenarios []*harness.Scenario) {
	for _, r := range player.PlayAll(context.Background(), scenarios, nil) {
		if r.Status == harness.Fail || r.Status == harness.Error {
			b.Errorf("%s/%s: %v %v %v", r.Scenario.Lesson, r.Scenario.Name, r.Status, r.Failure, r.Err)
		}
	}
}

// longestWait is the greatest D of a lesson's public `lasts D`.
func longestWait(b *testing.B, exercises fs.FS, lesson string) (longest time.Duration) {
	names, err := fs.Glob(exercises, lesson+"/testdata/*.txtar")
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(exercises, name)
		if err != nil {
			b.Fatal(err)
		}
		for _, word := range regexp.MustCompile(`(?m)^lasts (\S+)`).FindAllStringSubmatch(string(text), -1) {
			d, err := time.ParseDuration(word[1])
			if err != nil {
				b.Fatalf("%s: %v", name, err)
			}
			longest = max(longest, d)
		}
	}
	return longest
}

func buildSolution(b *testing.B, lesson string) harness.Program {
	path := filepath.Join(b.TempDir(), lesson)
	build := exec.Command("go", "build", "-o", path, "./"+lesson)
	build.Dir = filepath.Join("..", "solutions")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as the grader builds
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v\n%s", build, err, out)
	}
	return harness.Program{Path: path, Env: harness.BaseEnvironment()}
}

// processorTime is what this process and its ended children have used.
func processorTime() time.Duration {
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}
