package sandbox

import (
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkStart compares a program that does next to nothing and ends, in a
// jail and bare, in turns:
//
//	ms/jailed, ms/bare: from its start to its end
//	jail-ms:            the difference
//	jail-cpu-ms:        the difference in processor time, of both processes
func BenchmarkStart(b *testing.B) {
	if notStrong != "" {
		b.Skip("no namespaces here:", notStrong)
	}
	attack := os.Getenv(zoneVariable)
	dir := b.TempDir()
	var jailed, bare []time.Duration
	var jailedCPU, bareCPU time.Duration
	used := func() time.Duration {
		var own, children syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &own)
		syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children)
		return time.Duration(own.Utime.Nano() + own.Stime.Nano() + children.Utime.Nano() + children.Stime.Nano())
	}
	for b.Loop() {
		start, cpu := time.Now(), used()
		cmd := exec.Command(attack, "write", "x")
		cmd.Dir = dir
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		bare = append(bare, time.Since(start))
		bareCPU += used() - cpu

		start, cpu = time.Now(), used()
		cmd = exec.Command(attack, "write", "x")
		cmd.Dir = dir
		release, err := Program(Strong, Profile{}, attack, dir, "").Start(cmd)
		if err != nil {
			b.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		if err := release(); err != nil {
			b.Fatal(err)
		}
		jailed = append(jailed, time.Since(start))
		jailedCPU += used() - cpu
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(middle(jailed), "ms/jailed")
	b.ReportMetric(middle(bare), "ms/bare")
	b.ReportMetric(middle(jailed)-middle(bare), "jail-ms")
	b.ReportMetric(1000*(jailedCPU-bareCPU).Seconds()/float64(len(jailed)), "jail-cpu-ms")
}

func middle(d []time.Duration) float64 {
	return slices.Sorted(slices.Values(d))[len(d)/2].Seconds() * 1000
}
