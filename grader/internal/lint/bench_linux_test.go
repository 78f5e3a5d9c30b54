package lint

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"wirebook/grader/internal/source"
)

// BenchmarkTogether compares the processor time of looking at the programs of a
// submission in one child and in one each, in turns.
func BenchmarkTogether(b *testing.B) {
	linter := newLinter(b)
	programs := make(map[string]source.Files)
	for _, l := range embedded(b) {
		programs[l.Name] = l.Solution
	}
	var apart, together []time.Duration
	for b.Loop() {
		before := used(b)
		for _, files := range programs {
			if _, err := linter.Find(b.Context(), files, nil); err != nil {
				b.Fatal(err)
			}
		}
		between := used(b)
		batch := linter.Together(programs)
		for name := range programs {
			if _, err := batch.Find(b.Context(), name, nil); err != nil {
				b.Fatal(err)
			}
		}
		apart, together = append(apart, between-before), append(together, used(b)-between)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(1000*middle(apart).Seconds(), "cpu-ms/apart")
	b.ReportMetric(1000*middle(together).Seconds(), "cpu-ms/together")
	b.ReportMetric(float64(middle(together))/float64(middle(apart)), "together/apart")
}

func middle(d []time.Duration) time.Duration { return slices.Sorted(slices.Values(d))[len(d)/2] }

// used is the processor time of all processes that have been waited for.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
