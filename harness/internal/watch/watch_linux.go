package watch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"syscall"
	"time"

	"wirebook/harness/internal/sys"
)

// A Watch looks at the threads of a process. It keeps their files open, since to
// read them anew is several times quicker than to open them too.
type Watch struct {
	pid     int
	task    int   // /proc/PID/task
	failed  error // why it could not be opened
	threads map[int]*thread
	listed  []int
	stale   bool          // it ran during the last look: there may be threads that we do not know
	ended   time.Duration // that threads waited which have ended
	sum     Activity
	since   time.Time // when the sums were first seen as they are
	buf     [4096]byte
}

// thread is a thread of the process. Its files are open, or -1.
type thread struct {
	stat, schedstat, call int
	cpu, waiting          time.Duration

	asked   bool          // how it sleeps
	askedAt time.Duration // its cpu then
	slumber slumber
}

var errBlind = errors.New("watch: told to be blind")

// A state is what a thread does.
type state int

const (
	gone  state = iota
	awake       // running, ready to run, or waiting for a disk; or we cannot tell
	asleep
	stopped // by a signal
)

// Open begins to watch a process that lives.
func (w *Watch) Open(pid int) {
	w.pid = pid
	if sys.Blind() {
		w.failed = errBlind
		return
	}
	w.threads = make(map[int]*thread)
	w.task, w.failed = syscall.Open(fmt.Sprintf("/proc/%d/task", pid), syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
}

// Close ends the watch. What was last seen stays known.
func (w *Watch) Close() {
	for id := range w.threads {
		w.drop(id)
	}
	if w.failed == nil {
		syscall.Close(w.task)
	}
	w.sum.Asleep, w.sum.Stopped = false, false
}

// Threads is how many threads are remembered.
func (w *Watch) Threads() int { return len(w.threads) }

// Last is what was last seen.
func (w *Watch) Last() Activity { return w.sum }

// Look takes a look. It costs some 2 µs a thread, so that one may look often.
//
// The states are read before the clock. So when a second look finds all threads
// asleep and the clock as the first look left it, none of them has run since the
// first look read it: at that moment the whole program slept, and nothing but an
// arrival from outside, or a timer, can have woken it.
func (w *Watch) Look() (Activity, error) {
	if w.failed != nil {
		cpu, err := sys.Clock(w.pid)
		if err == nil {
			w.sum.CPU, w.sum.KnowsCPU = cpu, true
		}
		return w.sum, nil
	}
	w.sum.KnowsCPU, w.sum.KnowsRest = true, true
	rest, err := w.look()
	if err != nil {
		return w.sum, err
	}
	w.sum.Asleep, w.sum.Stopped, w.sum.Naps, w.sum.Polls = false, rest == stopped, false, false
	if rest >= asleep {
		w.sum.Asleep, w.sum.Naps, w.sum.Polls = w.sleeps()
	}
	if rest == stopped || time.Since(w.since) > shortSleep {
		w.sum.Naps, w.sum.Polls = false, false
	}
	return w.sum, nil
}

// look tells what the program as a whole does: what the most awake of its
// threads does.
func (w *Watch) look() (state, error) {
	if rest, ok := w.lookAgain(); ok {
		return rest, nil
	}
	rest, err := w.lookAnew()
	if err != nil {
		return awake, fmt.Errorf("watch: %w", err)
	}
	return rest, nil
}

// lookAgain is the short look at a program that has not run since the last one: it has
// the same threads then. But one of them may have been woken, and it may even have run:
// on a virtual machine the clock may stand still meanwhile. For how long it has waited
// for a processor tells that.
func (w *Watch) lookAgain() (rest state, ok bool) {
	if now, err := sys.Clock(w.pid); err != nil || now != w.sum.CPU || w.stale || len(w.threads) == 0 {
		return awake, false
	}
	rest = stopped
	for _, t := range w.threads {
		s, waited := w.state(t), t.waiting
		if w.times(t); s == gone || t.waiting != waited {
			return awake, false
		}
		rest = min(rest, s)
	}
	now, err := sys.Clock(w.pid)
	return rest, err == nil && now == w.sum.CPU
}

// lookAnew is the long look, at each of the threads that there are.
func (w *Watch) lookAnew() (rest state, err error) {
	before, err := sys.Clock(w.pid)
	if err != nil {
		return awake, err
	}
	listed, err := w.list()
	if err != nil {
		return awake, err
	}
	rest, alive := w.lookAtAll(listed)
	// The clock of the whole process counts threads that have ended, also
	// those that have come and gone since the last look.
	cpu, err := sys.Clock(w.pid)
	if err != nil {
		return awake, err
	}
	w.count(cpu)
	// A thread that was made after the list was read waits for a processor,
	// perhaps for seconds on a busy machine, while the one that made it sleeps.
	w.stale = cpu != before
	if !alive || w.stale {
		return awake, nil
	}
	return rest, nil
}

// list reads the numbers of the threads.
func (w *Watch) list() ([]int, error) {
	if _, err := syscall.Seek(w.task, 0, 0); err != nil {
		return nil, err
	}
	w.listed = w.listed[:0]
	for {
		n, err := syscall.ReadDirent(w.task, w.buf[:])
		if err != nil || n <= 0 {
			return w.listed, err
		}
		for entries := w.buf[:n]; len(entries) > 19; {
			size := binary.NativeEndian.Uint16(entries[16:])
			if id, ok := number(entries[19:size]); ok { // not . or ..
				w.listed = append(w.listed, id)
			}
			entries = entries[size:]
		}
	}
}

// lookAtAll looks at the listed threads and at those known before: the list may
// be cut short when a thread ends while it is read. It forgets who has gone.
func (w *Watch) lookAtAll(listed []int) (rest state, alive bool) {
	rest = stopped
	for _, id := range listed {
		if w.threads[id] == nil && !w.meet(id) {
			rest, alive = awake, true
		}
	}
	for id, t := range w.threads {
		s := w.state(t)
		if s == gone {
			w.ended += t.waiting
			w.drop(id)
			continue
		}
		w.times(t)
		alive = true
		rest = min(rest, s)
	}
	return rest, alive
}

// meet opens the files of a new thread. It reports false when it cannot, though
// the thread is there.
func (w *Watch) meet(id int) bool {
	stat, err := w.openFile(id, "/stat")
	if err != nil {
		return stateOf(err) == gone
	}
	t := &thread{stat: stat, call: -1}
	t.schedstat, _ = w.openFile(id, "/schedstat")
	w.threads[id] = t
	return true
}

// times reads for how long a thread was on a processor and waited for one, as
// the first two numbers of "2857686 65377 8".
func (w *Watch) times(t *thread) {
	text, _ := w.read(t.schedstat)
	cpu, rest, _ := bytes.Cut(text, []byte(" "))
	waiting, _, _ := bytes.Cut(rest, []byte(" "))
	if v, ok := number(cpu); ok {
		t.cpu = time.Duration(v)
	}
	if v, ok := number(waiting); ok {
		t.waiting = time.Duration(v)
	}
}

// count makes the sums.
func (w *Watch) count(cpu time.Duration) {
	waiting := w.ended
	for _, t := range w.threads {
		waiting += t.waiting
	}
	waiting = max(w.sum.Waiting, waiting)
	if cpu != w.sum.CPU || waiting != w.sum.Waiting {
		w.since = time.Now()
	}
	w.sum.CPU, w.sum.Waiting = cpu, waiting
}

// state reads what a thread does. One that is awake is to be asked anew how it sleeps.
func (w *Watch) state(t *thread) state {
	s := w.readState(t)
	t.asked = t.asked && s >= asleep
	return s
}

func (w *Watch) readState(t *thread) state {
	text, err := w.read(t.stat)
	if err != nil {
		return stateOf(err)
	}
	// 1234 (name) S ...; the name may be anything.
	end := bytes.LastIndexByte(text, ')')
	if end < 0 || end+2 >= len(text) {
		return awake
	}
	switch text[end+2] {
	case 'Z', 'X': // ended
		return gone
	case 'S', 'I', 't': // asleep, or looked at by a debugger
		return asleep
	case 'T':
		return stopped
	}
	return awake
}

// stateOf is the state of a thread that cannot be looked at: it is gone, or we
// do not know, as when we have too many files open.
func stateOf(err error) state {
	if err == syscall.ENOENT || err == syscall.ESRCH {
		return gone
	}
	return awake
}

// openFile opens a file of a thread, and returns -1 with an error.
func (w *Watch) openFile(id int, name string) (int, error) {
	return syscall.Openat(w.task, strconv.Itoa(id)+name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
}

// read reads a file from its beginning. The text is good until the next one.
func (w *Watch) read(fd int) ([]byte, error) {
	n, err := syscall.Pread(fd, w.buf[:], 0)
	return w.buf[:max(n, 0)], err
}

func (w *Watch) drop(id int) {
	t := w.threads[id]
	delete(w.threads, id)
	for _, fd := range []int{t.stat, t.schedstat, t.call} {
		if fd >= 0 {
			syscall.Close(fd)
		}
	}
}

// number reads a decimal number, up to a byte 0 or the end.
func number(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c == 0 {
			break
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		n, ok = n*10+int(c-'0'), true
	}
	return n, ok
}
