package build

import (
	"fmt"
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

func middle(d []time.Duration) time.Duration { return slices.Sorted(slices.Values(d))[len(d)/2] }

// used is the processor time of all processes that have been waited for.
func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
