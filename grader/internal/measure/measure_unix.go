//go:build unix

package measure

import (
	"slices"
	"syscall"
	"testing"
	"time"
)

// Children is the processor time of all processes that have been waited for.
func Children(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Median is the middle of some times, of which there is at least one.
func Median(d []time.Duration) time.Duration { return slices.Sorted(slices.Values(d))[len(d)/2] }
