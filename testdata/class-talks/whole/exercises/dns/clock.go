package main

import (
	"math"
	"slices"
	"sync"
	"time"
)

// A clock tells the time since the program's start. It moves by tick alone, and if it
// is realtime also by itself. Its methods may be called by any goroutine.
type clock struct {
	mu      sync.Mutex
	ticked  time.Duration
	started time.Time // the zero time unless it is realtime
	alarms  []*alarm
}

// An alarm is something to be done at a time.
type alarm struct {
	due   time.Duration
	do    func()
	timer *time.Timer // nil unless the clock is realtime
}

func newClock(realtime bool) *clock {
	c := new(clock)
	if realtime {
		c.started = time.Now()
	}
	return c
}

// now returns the time.
func (c *clock) now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read()
}

// read is now for who has the lock.
func (c *clock) read() time.Duration {
	if c.started.IsZero() {
		return c.ticked
	}
	return plus(c.ticked, time.Since(c.started))
}

// tick moves the clock and returns the new time. What falls due is begun, and perhaps
// not yet done.
func (c *clock) tick(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ticked = plus(c.ticked, d)
	c.ring()
	return c.read()
}

// ring does what is due, each in a goroutine of its own.
func (c *clock) ring() {
	now := c.read()
	c.alarms = slices.DeleteFunc(c.alarms, func(a *alarm) bool {
		if a.due > now {
			return false
		}
		go a.do()
		return true
	})
}

// at has do called when the clock reaches the time t, in a goroutine of its own; at
// once if it has. After cancel it is not called any more, if it has not been.
func (c *clock) at(t time.Duration, do func()) (cancel func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{due: t, do: do}
	if !c.started.IsZero() {
		a.timer = time.AfterFunc(t-c.read(), func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.ring()
		})
	}
	c.alarms = append(c.alarms, a)
	c.ring()
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if a.timer != nil {
			a.timer.Stop()
		}
		c.alarms = slices.DeleteFunc(c.alarms, func(other *alarm) bool { return other == a })
	}
}

// plus adds times; there is a greatest.
func plus(a, b time.Duration) time.Duration {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
