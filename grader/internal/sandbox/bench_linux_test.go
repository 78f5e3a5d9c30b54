package sandbox

import (
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// BenchmarkStart compares a program that does next to nothing and ends, in a
// jail and bare, in turns:
//
//	ms/jailed, ms/bare: from its start to its end
//	jail-ms:            the difference
//	jail-cpu-ms:        the difference in processor time
func BenchmarkStart(b *testing.B) {
	attack := os.Getenv(zoneVariable)
	dir := b.TempDir()
	var jailed, bare []time.Duration
	var jailedCPU, bareCPU time.Duration
	for b.Loop() {
		start := time.Now()
		cmd := exec.Command(attack, "write", "x")
		cmd.Dir = dir
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		bare = append(bare, time.Since(start))
		bareCPU += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()

		start = time.Now()
		cmd = exec.Command(attack, "write", "x")
		cmd.Dir = dir
		release, err := Program(Strong, attack, dir, "").Start(cmd)
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
		jailedCPU += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
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
