//go:build unix

package process

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A psClock reads how long a process was on a processor, where nothing but ps(1)
// tells. That takes some milliseconds, so it is asked seldom, and nobody waits
// for the answer.
type psClock struct {
	pid  int
	ctx  context.Context
	stop func() // for good; no answer comes any more

	mu     sync.Mutex
	asking bool
	asked  time.Time
	cpu    time.Duration
	known  bool
}

// psPause is the time between two questions.
const psPause = 200 * time.Millisecond

func (c *psClock) start(pid int) {
	c.pid, c.asked = pid, time.Now()
	c.ctx, c.stop = context.WithCancel(context.Background())
}

// last is the last answer.
func (c *psClock) last() (cpu time.Duration, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cpu, c.known
}

// ask asks for the next answer, unless it is too early.
func (c *psClock) ask() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asking || time.Since(c.asked) < psPause {
		return
	}
	c.asking = true
	go func() {
		cpu, ok := psTime(c.ctx, c.pid)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asking, c.asked = false, time.Now()
		// After stop the number may be another process's.
		if ok && c.ctx.Err() == nil {
			c.cpu, c.known = max(c.cpu, cpu), true
		}
	}()
}

func psTime(ctx context.Context, pid int) (cpu time.Duration, ok bool) {
	out, err := exec.CommandContext(ctx, "ps", "-o", "time=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return 0, false
	}
	return parsePS(strings.TrimSpace(string(out)))
}

// parsePS reads [[DAYS-]HOURS:]MINUTES:SECONDS[.HUNDREDTHS].
func parsePS(text string) (cpu time.Duration, ok bool) {
	days, clock, found := strings.Cut(strings.Replace(text, ",", ".", 1), "-")
	if !found {
		days, clock = "0", days
	}
	total, err := strconv.ParseFloat(days, 64)
	fields := strings.Split(clock, ":")
	units := []float64{24, 60, 60} // of a day, an hour, a minute
	if err != nil || len(fields) < 2 || len(fields) > len(units) {
		return 0, false
	}
	for i, unit := range units[len(units)-len(fields):] {
		n, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return 0, false
		}
		total = total*unit + n
	}
	return time.Duration(total * float64(time.Second)), true
}
