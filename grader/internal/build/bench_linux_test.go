package build

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

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
			before := used(b)
			if err := tools.Build(b.Context(), source.Files{"main.go": []byte(text)}, filepath.Join(b.TempDir(), "program")); err != nil {
				b.Fatal(err)
			}
			took[level] = append(took[level], used(b)-before)
		}
	}
	b.ReportMetric(0, "ns/op")
	plain, strong := middle(took[sandbox.Plain]), middle(took[sandbox.Strong])
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
		before, dir := used(b), b.TempDir()
		for name, files := range programs {
			if err := tools.Build(b.Context(), files, filepath.Join(dir, name)); err != nil {
				b.Fatal(err)
			}
		}
		between := used(b)
		batch := tools.Together(programs)
		for name := range programs {
			if _, err := batch.Build(b.Context(), name, filepath.Join(dir, name+"-together")); err != nil {
				b.Fatal(err)
			}
		}
		if err := batch.Close(); err != nil {
			b.Fatal(err)
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
