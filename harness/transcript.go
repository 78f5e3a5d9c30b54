package harness

import (
	"sync"
	"time"
)

// An EventKind says what an Event is.
type EventKind string

// The kinds of events. Data stands with those that carry bytes.
const (
	Started   EventKind = "started"   // a program began to run
	Exited    EventKind = "exited"    // a program ended; Data says how
	Typed     EventKind = "typed"     // to a program's standard input
	Printed   EventKind = "printed"   // on a program's standard output
	Said      EventKind = "said"      // on a program's standard error
	Connected EventKind = "connected" // a TCP connection was made
	Sent      EventKind = "sent"      // bytes or a datagram or a frame, by a peer
	Received  EventKind = "received"  // the same, by a peer
	Closed    EventKind = "closed"    // one direction of a connection ended
	Reset     EventKind = "reset"     // a connection was reset
)

// An Event is one thing that happened between a peer and a program.
type Event struct {
	At   time.Duration // since the play began
	Kind EventKind
	From string // the peer or program that did it
	To   string // the one that it was done to; empty where nobody was
	Data []byte // at most the first 64 KiB of it
}

// maxTranscript bounds the bytes that a Transcript keeps, maxEvent those of one
// event, so that a flood costs no memory: the rest is counted and dropped.
const (
	maxTranscript = 1 << 20
	maxEvent      = 64 << 10
)

// A Transcript is what happened in a play, in the order in which the harness
// saw it. It holds times and real addresses: two plays give two transcripts.
// Its methods are safe for concurrent use.
type Transcript struct {
	start time.Time

	mu      sync.Mutex
	events  []Event
	size    int
	dropped int
}

func newTranscript() *Transcript { return &Transcript{start: time.Now()} }

// Events returns the events so far.
func (t *Transcript) Events() []Event {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.events[:len(t.events):len(t.events)]
}

// Dropped returns how many bytes were too many to be kept.
func (t *Transcript) Dropped() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dropped
}

func (t *Transcript) add(kind EventKind, from, to string, data []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if keep := min(maxEvent, maxTranscript-t.size); len(data) > keep {
		t.dropped += len(data) - keep
		data = data[:keep]
	}
	t.size += len(data)
	kept := append([]byte(nil), data...)
	t.events = append(t.events, Event{time.Since(t.start), kind, from, to, kept})
}
