package build

import (
	"fmt"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"wirebook/grader/internal/measure"
	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/zone"
)

// BenchmarkBuild compares the processor time of building a program that nobody
// has seen before, in a sandbox and without one, in turns.
func BenchmarkBuild(b *testing.B) {
	if err := zone.Probe(b.Context(), sandbox.Strong); err != nil {
		b.Skip("this machine does not reach the level:", err)
	}
	tools, err := Find(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	took := make(map[sandbox.Level][]time.Duration)
	for n := 0; b.Loop(); n++ {
		for _, level := range []sandbox.Level{sandbox.Plain, sandbox.Strong} {
			tools.Confine(level)
			text := fmt.Sprintf("package main\n\nimport \"net\"\n\nfunc main() {\n\t_, _ = net.Listen(\"tcp\", \"%d %d %v\")\n}\n", n, time.Now().UnixNano(), level)
			before := measure.Children(b)
			if err := tools.Build(b.Context(), source.Files{"main.go": []byte(text)}, filepath.Join(b.TempDir(), "program")); err != nil {
				b.Fatal(err)
			}
			took[level] = append(took[level], measure.Children(b)-before)
		}
	}
	b.ReportMetric(0, "ns/op")
	plain, strong := measure.Median(took[sandbox.Plain]), measure.Median(took[sandbox.Strong])
	b.ReportMetric(1000*plain.Seconds(), "cpu-ms/plain")
	b.ReportMetric(1000*strong.Seconds(), "cpu-ms/strong")
	b.ReportMetric(float64(strong)/float64(plain), "strong/plain")
}

// BenchmarkTogether compares the processor time of building the programs of a
// submission that nobody has seen before with one link and with one each, in
// turns, in a sandbox.
func BenchmarkTogether(b *testing.B) {
	tools := newTools(b, sandbox.Strong)
	var apart, together []time.Duration
	for n := 0; b.Loop(); n++ {
		programs := solutions(b)
		for name, files := range programs {
			programs[name] = maps.Clone(files)
			programs[name]["edit.go"] = fmt.Appendf(nil, "package main\n\nvar edit = %d\n", time.Now().UnixNano())
		}
		before, dir := measure.Children(b), b.TempDir()
		for name, files := range programs {
			if err := tools.Build(b.Context(), files, filepath.Join(dir, name)); err != nil {
				b.Fatal(err)
			}
		}
		between := measure.Children(b)
		batch := tools.Together(programs)
		for name := range programs {
			if _, err := batch.Build(b.Context(), name, filepath.Join(dir, name+"-together")); err != nil {
				b.Fatal(err)
			}
		}
		if err := batch.Close(); err != nil {
			b.Fatal(err)
		}
		apart, together = append(apart, between-before), append(together, measure.Children(b)-between)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(1000*measure.Median(apart).Seconds(), "cpu-ms/apart")
	b.ReportMetric(1000*measure.Median(together).Seconds(), "cpu-ms/together")
	b.ReportMetric(float64(measure.Median(together))/float64(measure.Median(apart)), "together/apart")
}
