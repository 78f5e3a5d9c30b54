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
	events []event // in the order they are due
}

type event struct {
	due time.Duration
	do  func()
}

// at has something done at a time: now, if that has come, and otherwise after
// all that is already to be done at that time.
func (c *clock) at(due time.Duration, do func()) {
	if due <= c.now {
		do()
		return
	}
	i, _ := slices.BinarySearchFunc(c.events, due, func(e event, due time.Duration) int {
		if e.due <= due {
			return -1
		}
		return 1
	})
	c.events = slices.Insert(c.events, i, event{due, do})
}

// advance lets d pass and does what is due meanwhile, each at its own time.
func (c *clock) advance(d time.Duration) {
	end := c.now + min(d, math.MaxInt64-c.now)
	for len(c.events) > 0 && c.events[0].due <= end {
		next := c.events[0]
		c.events = c.events[1:]
		c.now = next.due
		next.do()
	}
	c.now = end
}
