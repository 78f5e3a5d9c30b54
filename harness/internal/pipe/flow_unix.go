//go:build unix

package pipe

import (
	"errors"
	"os"
	"syscall"
	"time"

	"wirebook/harness/internal/sys"
)

// read reads once and adds what it got, in one step for whoever looks: a byte
// is in the pipe or among those kept, never on its way. It is false at the end.
func (o *Output) read(buf []byte) bool {
	raw, err := o.file.SyscallConn()
	if err != nil {
		return false
	}
	n := 0
	for stalled := true; stalled; {
		o.awaitResume()
		err = raw.Read(func(fd uintptr) bool {
			var err error
			n, err = o.readNow(fd, buf)
			stalled = err == errStalled
			return err != syscall.EAGAIN
		})
		if errors.Is(err, os.ErrDeadlineExceeded) {
			o.readRest(buf)
			return false
		}
		if err != nil {
			return false
		}
	}
	return n > 0
}

// errStalled is that of a read from which Stall has kept us.
var errStalled = errors.New("pipe: the output is stalled")

func (o *Output) readNow(fd uintptr, buf []byte) (n int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.stalled != nil {
		return 0, errStalled
	}
	n, err = sys.Read(int(fd), buf)
	if n > 0 {
		o.add(buf[:n])
	}
	return n, err
}

// readRest takes what lies in the pipe of a program that has ended, and does
// not wait for the end: something that has escaped may keep the pipe open. Nor
// does it read more than what lay there to begin with.
func (o *Output) readRest(buf []byte) {
	o.file.SetReadDeadline(time.Time{})
	raw, err := o.file.SyscallConn()
	if err != nil {
		return
	}
	rest, known := inPipe(o.file)
	if !known {
		rest = 1 << 20 // as large as a pipe gets
	}
	raw.Read(func(fd uintptr) bool {
		for rest > 0 {
			n, _ := o.readNow(fd, buf)
			if n <= 0 {
				break
			}
			rest -= int64(n)
		}
		return true
	})
}

// Hurry makes the collector take what is there and end.
func (o *Output) Hurry() {
	close(o.over)
	o.Resume()
	o.file.SetReadDeadline(time.Unix(1, 0))
}

// drain writes the queue to the pipe until it is empty. Each byte is in the
// queue or in the pipe for whoever looks, never in both or in neither.
func (in *Input) drain() error {
	raw, err := in.file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Write(func(fd uintptr) (done bool) {
		defer in.notify()
		done, failed = in.writeNow(int(fd))
		return done
	})
	return errors.Join(err, failed)
}

// writeNow writes as much of the queue as there is room for, and reports whether that
// is all of it, or it failed.
func (in *Input) writeNow(fd int) (done bool, err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for len(in.queue) > 0 {
		n, err := syscall.Write(fd, in.queue)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return false, nil
		case err != nil:
			return true, err
		}
		in.queue = in.queue[n:]
	}
	// Said with the lock held, so that who writes next starts another.
	in.queue, in.feeding = nil, false
	return true, nil
}

// hasRoom tells whether a write to the pipe would find room. How many bytes lie
// in it does not tell: a pipe is full when its pages are used, be they filled or
// not.
func hasRoom(f *os.File) bool {
	raw, err := f.SyscallConn()
	if err != nil || sys.Blind() {
		return false
	}
	room := false
	raw.Control(func(fd uintptr) {
		writable, err := sys.Writable(int(fd))
		room = err != nil || writable
	})
	return room
}
