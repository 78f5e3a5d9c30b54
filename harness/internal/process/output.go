package process

import (
	"os"
	"sync"
)

// Output is one of the two outputs of a program. It may be looked at by anyone
// at any time.
type Output struct {
	file   *os.File
	budget *budget
	over   chan struct{} // closed when the program has ended

	mu      sync.Mutex
	stalled chan struct{} // closed when we read again; nil while we read
	kept    []byte
	total   int64
	ended   bool
	flooded bool
}

func newOutput(file *os.File, budget *budget) *Output {
	return &Output{file: file, budget: budget, over: make(chan struct{})}
}

// budget is how much of both outputs is still kept.
type budget struct {
	mu      sync.Mutex
	limited bool
	left    int64
}

func (b *budget) take(n int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.limited {
		n = int(min(int64(n), b.left))
		b.left -= int64(n)
	}
	return n
}

// Bytes is what has arrived so far, or as much of it as is kept. It must not be
// changed; what comes later does not change it.
func (o *Output) Bytes() []byte { return o.Since(0) }

// Since is Bytes without the first off bytes.
func (o *Output) Since(off int64) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(o.kept)
	if off >= int64(n) {
		return nil
	}
	return o.kept[off:n:n]
}

// Len is the number of bytes that have arrived, kept or not. It is more than is
// kept when the program has flooded.
func (o *Output) Len() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.total
}

// Ended tells that nothing will come any more.
func (o *Output) Ended() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ended
}

// Flooded tells that more came than is kept. From then on nothing is taken from
// the program, so that a flood stands still instead of keeping us busy.
func (o *Output) Flooded() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.flooded
}

// Pending is the number of bytes that the program has printed and that have not
// been collected; known is false where the system cannot tell. When it was 0,
// all that the program had printed before is in Bytes, or it has flooded.
func (o *Output) Pending() (n int64, known bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended || o.flooded || o.stalled != nil {
		return 0, true
	}
	return inPipe(o.file)
}

// Stall takes nothing more from the program before Resume, or its end: what it prints
// fills the pipe, and then it must wait.
func (o *Output) Stall() {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case <-o.over: // what is left is to be had at once
	default:
		if o.stalled == nil {
			o.stalled = make(chan struct{})
		}
	}
}

// Resume takes what the program prints again.
func (o *Output) Resume() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.stalled != nil {
		close(o.stalled)
		o.stalled = nil
	}
}

// awaitResume returns when the output is not stalled.
func (o *Output) awaitResume() {
	o.mu.Lock()
	stalled := o.stalled
	o.mu.Unlock()
	if stalled != nil {
		<-stalled
	}
}

// add is called with mu held.
func (o *Output) add(b []byte) {
	o.total += int64(len(b))
	n := o.budget.take(len(b))
	o.kept = append(o.kept, b[:n]...)
	if n < len(b) {
		o.flooded = true
	}
}

// buffers are what pipes are read into: as much as a pipe holds.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// collect reads the pipe to its end.
func (o *Output) collect(notify func()) {
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for o.read(buf[:]) {
		notify()
		if o.Flooded() {
			<-o.over
		}
	}
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.file.Close()
	notify()
}
