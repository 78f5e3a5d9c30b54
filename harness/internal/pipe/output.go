package pipe

import (
	"os"
	"sync"
)

// Output is one of the two outputs of a program. It may be looked at by anyone
// at any time.
type Output struct {
	file   *os.File
	budget *Budget
	over   chan struct{} // closed when the program has ended
	room   chan struct{} // told when there may be room again

	mu        sync.Mutex
	stalled   chan struct{} // closed when we read again; nil while we read
	kept      []byte
	forgotten int64 // so many bytes came before them
	total     int64
	ended     bool
	flooded   bool
	excess    []byte // what came when it flooded, and is not counted as kept
	held      bool
}

// NewOutput is what comes from file. Of it and of all outputs with the same budget so
// much is kept as the budget allows.
func NewOutput(file *os.File, budget *Budget) *Output {
	return &Output{file: file, budget: budget, over: make(chan struct{}), room: make(chan struct{}, 1)}
}

// A Budget is how much of a program's outputs may still be kept.
type Budget struct {
	mu      sync.Mutex
	limited bool
	left    int64
}

// NewBudget has room for n bytes; 0 is no limit.
func NewBudget(n int64) *Budget { return &Budget{limited: n > 0, left: n} }

func (b *Budget) take(n int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.limited {
		n = int(max(0, min(int64(n), b.left)))
		b.left -= int64(n)
	}
	return n
}

// give gives n bytes back, or takes them, whether there is so much or not.
func (b *Budget) give(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left += int64(n)
}

// Bytes is what has arrived so far, or as much of it as is kept. It must not be
// changed; what comes later does not change it.
func (o *Output) Bytes() []byte { return o.Since(0) }

// Since is what has arrived without the first off bytes, or as much of it as is kept.
func (o *Output) Since(off int64) []byte {
	data, _ := o.Next(off)
	return data
}

// Next is Since, and where what comes next will begin.
func (o *Output) Next(off int64) (data []byte, next int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(o.kept)
	next = o.forgotten + int64(n)
	if off >= next {
		return nil, off
	}
	return o.kept[max(0, off-o.forgotten):n:n], next
}

// MostHeld is how many bytes are kept while an output is held.
const MostHeld = 1 << 20

// Hold is for who takes more than is kept: until release is called, no more is read
// from the program than there is room for, and [Output.Forget] makes some. A flood
// begins to flow again.
func (o *Output) Hold() (release func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.held = true
	o.kept = append(o.kept, o.excess...)
	o.budget.give(-len(o.excess))
	o.excess, o.flooded = nil, false
	o.makeRoom()
	return func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.held = false
		o.makeRoom()
	}
}

// Forget gives up the bytes that came before off.
func (o *Output) Forget(off int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := int(min(off-o.forgotten, int64(len(o.kept))))
	if n <= 0 {
		return
	}
	o.kept = o.kept[n:]
	o.forgotten += int64(n)
	o.budget.give(n)
	o.makeRoom()
}

// makeRoom tells who waits for room.
func (o *Output) makeRoom() {
	select {
	case o.room <- struct{}{}:
	default:
	}
}

// Forgotten is how many bytes were given up.
func (o *Output) Forgotten() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.forgotten
}

// awaitRoom waits while no more may be kept, or until the program has ended.
func (o *Output) awaitRoom() {
	for o.full() {
		select {
		case <-o.room:
		case <-o.over:
			return
		}
	}
}

func (o *Output) full() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.flooded || o.held && len(o.kept) >= MostHeld
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
		o.excess = append(o.excess, b[n:]...)
	}
}

// buffers are what pipes are read into: as much as a pipe holds.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// Collect reads the pipe to its end, or to what lies in it after Hurry. notify is called
// whenever something has come.
func (o *Output) Collect(notify func()) {
	buf := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buf)
	for o.read(buf[:]) {
		notify()
		o.awaitRoom()
	}
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.file.Close()
	notify()
}
