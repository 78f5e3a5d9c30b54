package main

import (
	"errors"
	"net/netip"
)

// lookup asks a name server a question, with RD set, and returns the answer that can be
// believed. It asks again after 2 seconds, three times in all. An answer that is cut off
// (TC) is asked for again by TCP, and may take 10 seconds there.
//
// Beside it, a resolver needs to ask, too: with a patience of its own, and of servers of
// which it has several.
func lookup(c *clock, server netip.AddrPort, q question) (*message, error) {
	return nil, errors.New("ask.go: lookup is not written yet")
}
