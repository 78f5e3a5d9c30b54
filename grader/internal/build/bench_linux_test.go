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
// has seen before: without a sandbox and in one.
func BenchmarkBuild(b *testing.B) {
	if err := zone.Probe(b.Context(), sandbox.Strong); err != nil {
		b.Skip("this machine does not reach the level:", err)
	}
	find := func(level sandbox.Level) *Toolchain {
		tools, err := Find(b.Context(), Options{Level: level})
		if err != nil {
			b.Fatal(err)
		}
		return tools
	}
	ways := []struct {
		name  string
		tools *Toolchain
	}{{"plain", find(sandbox.Plain)}, {"strong", find(sandbox.Strong)}}
	took := make(map[string][]time.Duration)
	for b.Loop() {
		for _, way := range ways {
			text := fmt.Sprintf("package main\n\nimport \"net\"\n\nfunc main() {\n\t_, _ = net.Listen(\"tcp\", \"%d %s\")\n}\n", time.Now().UnixNano(), way.name)
			before := children(b)
			if err := way.tools.Build(b.Context(), source.Files{"main.go": []byte(text)}, filepath.Join(b.TempDir(), "program")); err != nil {
				b.Fatal(err)
			}
			took[way.name] = append(took[way.name], children(b)-before)
		}
	}
	b.ReportMetric(0, "ns/op")
	strong := median(took["strong"])
	for name, all := range took {
		b.ReportMetric(1000*median(all).Seconds(), "cpu-ms/"+name)
		if name != "strong" {
			b.ReportMetric(float64(strong)/float64(median(all)), "strong/"+name)
		}
	}
}

// children is the processor time of all processes that have been waited for.
func children(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// median is the middle of some times, of which there is at least one.
func median(d []time.Duration) time.Duration { return slices.Sorted(slices.Values(d))[len(d)/2] }
