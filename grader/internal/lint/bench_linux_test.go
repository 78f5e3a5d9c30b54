package lint

import (
	"testing"
	"time"

	"wirebook/grader/internal/measure"
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
		before := measure.Children(b)
		for _, files := range programs {
			if _, err := linter.Find(b.Context(), files, nil); err != nil {
				b.Fatal(err)
			}
		}
		between := measure.Children(b)
		batch := linter.Together(programs)
		for name := range programs {
			if _, err := batch.Find(b.Context(), name, nil); err != nil {
				b.Fatal(err)
			}
		}
		apart, together = append(apart, between-before), append(together, measure.Children(b)-between)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(1000*measure.Median(apart).Seconds(), "cpu-ms/apart")
	b.ReportMetric(1000*measure.Median(together).Seconds(), "cpu-ms/together")
	b.ReportMetric(float64(measure.Median(together))/float64(measure.Median(apart)), "together/apart")
}
