// Package pipe holds our ends of the three pipes of a program: what is typed into it
// (Input), and what it prints (Output).
//
// Nothing here makes whoever types or looks wait for the program: a goroutine of each
// pipe does. And for whoever looks, a byte is always in one place: not yet in the pipe,
// in it, or out of it. So it can be told whether something is on its way.
package pipe

import (
	"fmt"
	"os"
	"sync"
)

// Input is what is typed into a program: a queue, and a goroutine that exists
// as long as there is something in it.
type Input struct {
	file   *os.File // we write here
	far    *os.File // the program reads here; kept to see what it has not read
	notify func()   // called when something was written

	mu      sync.Mutex
	queue   []byte
	feeding bool
	closing bool  // close when the queue is empty
	shut    bool  // file is closed, or about to be
	over    bool  // the program has ended
	left    int64 // then: what it had not read of the pipe
	known   bool
	failed  error
	feeders sync.WaitGroup
}

// NewInput types into file, of which the program reads the far end. notify is called
// after some of it was written.
func NewInput(file, far *os.File, notify func()) *Input {
	return &Input{file: file, far: keepFar(far), notify: notify}
}

// Write types b into the program. It takes a copy, and returns at once.
func (in *Input) Write(b []byte) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.failed != nil:
		return in.failed
	case in.over:
		return fmt.Errorf("pipe: write to standard input: %w", os.ErrProcessDone)
	case in.closing:
		return fmt.Errorf("pipe: write to standard input: %w", os.ErrClosed)
	}
	in.queue = append(in.queue, b...)
	if !in.feeding && len(in.queue) > 0 {
		in.feeding = true
		in.feeders.Go(in.feed)
	}
	return nil
}

// feed writes the queue until it is empty. It closes the pipe if that is what
// comes next, and if no other feeder has been started by then.
func (in *Input) feed() {
	err := in.drain()
	in.mu.Lock()
	if err != nil {
		in.feeding = false
		if !in.over {
			in.failed = fmt.Errorf("pipe: write to standard input: %w", err)
		}
	}
	shut := (in.closing && !in.feeding || err != nil) && !in.shut
	in.shut = in.shut || shut
	in.mu.Unlock()
	if shut {
		in.file.Close()
	}
}

// Close ends the input after all that was written to it.
func (in *Input) Close() {
	in.mu.Lock()
	in.closing = true
	shut := !in.feeding && !in.shut
	in.shut = in.shut || shut
	in.mu.Unlock()
	if shut {
		in.file.Close()
	}
}

// Abandon is called when the program has ended.
func (in *Input) Abandon() {
	in.mu.Lock()
	in.over = true
	in.left, in.known = in.pipe()
	shut := !in.shut
	in.shut = true
	in.mu.Unlock()
	if shut {
		// Not with the lock held: Close waits for a feeder that wants it.
		in.file.Close()
	}
	in.feeders.Wait()
	if in.far != nil {
		in.far.Close()
	}
}

// Unread is how many of the bytes given to Write the program has not read; known is
// false where the system cannot tell.
func (in *Input) Unread() (int64, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	n, known := in.left, in.known
	if !in.over {
		n, known = in.pipe()
	}
	return n + int64(len(in.queue)), known
}

// Settled tells whether nothing is on its way into the pipe: all is in it, and its
// end where it was closed, or there is no room because the program does not read.
func (in *Input) Settled() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.over || in.failed != nil {
		return true
	}
	if len(in.queue) > 0 || in.feeding {
		return !hasRoom(in.file)
	}
	return !in.closing || in.ended()
}

// ended tells whether the program can see the end of its input. To close the pipe
// is not all: for a moment, a process that is just being started may have a copy
// of our end.
func (in *Input) ended() bool {
	return in.shut && (in.far == nil || hungUp(in.far))
}

// pipe tells how much lies in the pipe.
func (in *Input) pipe() (int64, bool) {
	if in.far == nil {
		return 0, false
	}
	return inPipe(in.far)
}
