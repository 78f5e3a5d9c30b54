package harness

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Slots bound how many plays work at once. A play that has been waiting for a
// while is not counted as working, so that another may begin: programs that
// hang cost hardly more than time. When it goes on it does so at once, and only
// later plays wait for it; otherwise it would stand in the queue with a running
// program.
type Slots struct {
	most int // plays that may work

	mu      sync.Mutex
	working int
	waiting int
	queue   []turn // plays that have not begun, the longest first
}

// A turn is a play's place in the queue.
type turn struct {
	lasts time.Duration
	come  chan struct{} // closed when the play may begin
}

// PlaysPerProcessor is how many plays are best at work for each processor. A
// play uses one for a small part of its time: for the rest it waits, some
// milliseconds, until it is sure that a program has come to rest.
const PlaysPerProcessor = 8

// waitingFor each working play this many may wait.
const waitingFor = 4

// NewSlots makes room for n plays that work.
func NewSlots(n int) *Slots { return &Slots{most: max(1, n)} }

// enter waits until a play may begin that is known to last so long; it fails
// only if ctx ends first. Who lasts longer begins earlier, so that nobody waits
// for it alone at the end.
func (s *Slots) enter(ctx context.Context, lasts time.Duration) error {
	t := turn{lasts, make(chan struct{})}
	s.mu.Lock()
	i := len(s.queue)
	for i > 0 && s.queue[i-1].lasts < lasts {
		i--
	}
	s.queue = slices.Insert(s.queue, i, t)
	s.admit()
	s.mu.Unlock()
	select {
	case <-t.come:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queue, t); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
		return ctx.Err()
	}
	return nil // its turn came at the same time
}

// leave ends a play that works.
func (s *Slots) leave() { s.count(-1, 0) }

// rests is told when a play begins and ends to wait.
func (s *Slots) rests(waits bool) {
	if waits {
		s.count(-1, +1)
	} else {
		s.count(+1, -1)
	}
}

func (s *Slots) count(working, waiting int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.working += working
	s.waiting += waiting
	s.admit()
}

// admit lets plays begin while there is room. It is called with mu held.
func (s *Slots) admit() {
	for len(s.queue) > 0 && s.working < s.most && s.waiting < waitingFor*s.most {
		close(s.queue[0].come)
		s.queue = s.queue[1:]
		s.working++
	}
}
