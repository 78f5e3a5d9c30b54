//go:build unix

package process

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

func TestParsePS(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0:00.25":    250 * time.Millisecond, // macOS, FreeBSD
		"0:00,25":    250 * time.Millisecond, // the same in some countries
		"61:02.50":   61*time.Minute + 2500*time.Millisecond,
		"00:00:03":   3 * time.Second, // Linux
		"1:02:03":    time.Hour + 2*time.Minute + 3*time.Second,
		"2-03:00:01": 51*time.Hour + time.Second,
	} {
		if got, ok := parsePS(text); !ok || got != want {
			t.Errorf("%q: %v, %t; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "-", "12", "1:2:3:4", "a:b", "x-1:2:3", ":"} {
		if got, ok := parsePS(text); ok {
			t.Errorf("%q: %v; want nothing", text, got)
		}
	}
}

// TestPS asks the ps of this system.
func TestPS(t *testing.T) {
	if _, err := exec.LookPath("ps"); err != nil {
		t.Skip(err)
	}
	if _, ok := psTime(t.Context(), os.Getpid()); !ok {
		t.Error("ps does not tell our own processor time")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok := psTime(ended, os.Getpid()); ok {
		t.Error("ps answered although nobody waits")
	}
}

// TestPSClock asks until there is an answer, and then no more.
func TestPSClock(t *testing.T) {
	if _, err := exec.LookPath("ps"); err != nil {
		t.Skip(err)
	}
	known := func(c *psClock) bool { c.ask(); _, known := c.last(); return known }
	var c psClock
	c.start(os.Getpid())
	for !known(&c) {
		runtime.Gosched()
	}
	c.stop()

	var stopped psClock
	stopped.start(os.Getpid())
	stopped.asked = time.Time{}
	stopped.stop()
	stopped.ask()
	for done := false; !done; runtime.Gosched() {
		stopped.mu.Lock()
		done = !stopped.asking
		stopped.mu.Unlock()
	}
	if _, known := stopped.last(); known {
		t.Error("there is an answer after the end")
	}
}
