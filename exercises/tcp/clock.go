//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"math"
	"slices"
	"time"
)

// This file is given: the time.

// A clock starts at 0 and moves when it is told to. It does what is to be done
// at a time when that time has come.
type clock struct {
	now    time.Duration
	timers []*timer // in the order they are due
}

// A timer is something to be done later, once.
type timer struct {
	clock *clock
	due   time.Duration
	do    func()
}

// after has something done when d has passed, after all that is already to be
// done at that time.
func (c *clock) after(d time.Duration, do func()) *timer {
	t := &timer{c, c.now + min(d, math.MaxInt64-c.now), do}
	i, _ := slices.BinarySearchFunc(c.timers, t.due, func(other *timer, due time.Duration) int {
		if other.due <= due {
			return -1
		}
		return 1
	})
	c.timers = slices.Insert(c.timers, i, t)
	return t
}

// stop sees that what was to be done is not done. A timer that has done it, one
// that was stopped, and nil may be stopped too.
func (t *timer) stop() {
	if t == nil {
		return
	}
	if i := slices.Index(t.clock.timers, t); i >= 0 {
		t.clock.timers = slices.Delete(t.clock.timers, i, i+1)
	}
}

// advance lets d pass and does what is due meanwhile, each at its own time.
func (c *clock) advance(d time.Duration) {
	end := c.now + min(d, math.MaxInt64-c.now)
	for len(c.timers) > 0 && c.timers[0].due <= end {
		next := c.timers[0]
		c.timers = slices.Delete(c.timers, 0, 1)
		c.now = next.due
		next.do()
	}
	c.now = end
}
