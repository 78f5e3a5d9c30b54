package process

import (
	"fmt"
	"os"
	"sync"
)

// input is what is typed into a program: a queue, and a goroutine that exists
// as long as there is something in it.
type input struct {
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

func newInput(file, far *os.File, notify func()) *input {
	return &input{file: file, far: keepFar(far), notify: notify}
}

func (in *input) write(b []byte) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.failed != nil:
		return in.failed
	case in.over:
		return fmt.Errorf("process: write to standard input: %w", os.ErrProcessDone)
	case in.closing:
		return fmt.Errorf("process: write to standard input: %w", os.ErrClosed)
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
func (in *input) feed() {
	err := in.drain()
	in.mu.Lock()
	if err != nil {
		in.feeding = false
		if !in.over {
			in.failed = fmt.Errorf("process: write to standard input: %w", err)
		}
	}
	shut := (in.closing && !in.feeding || err != nil) && !in.shut
	in.shut = in.shut || shut
	in.mu.Unlock()
	if shut {
		in.file.Close()
	}
}

func (in *input) close() {
	in.mu.Lock()
	in.closing = true
	shut := !in.feeding && !in.shut
	in.shut = in.shut || shut
	in.mu.Unlock()
	if shut {
		in.file.Close()
	}
}

// abandon is called when the program has ended.
func (in *input) abandon() {
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

func (in *input) unread() (int64, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	n, known := in.left, in.known
	if !in.over {
		n, known = in.pipe()
	}
	return n + int64(len(in.queue)), known
}

// settled tells whether nothing is on its way into the pipe: all is in it, and its
// end where it was closed, or there is no room because the program does not read.
func (in *input) settled() bool {
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
func (in *input) ended() bool {
	return in.shut && (in.far == nil || hungUp(in.far))
}

// pipe tells how much lies in the pipe.
func (in *input) pipe() (int64, bool) {
	if in.far == nil {
		return 0, false
	}
	return inPipe(in.far)
}
