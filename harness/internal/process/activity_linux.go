package process

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os/exec"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// watch looks at the threads of a process. It keeps their files open, since to
// read them anew is several times quicker than to open them too.
type watch struct {
	task    int // /proc/PID/task, or -1
	failed  error
	threads map[int]*thread
	round   int
	ended   time.Duration // that threads waited which have ended
	sum     Activity
	since   time.Time // when the sums were first seen as they are
	buf     [4096]byte
}

// thread is a thread of the process.
type thread struct {
	stat, schedstat int
	cpu, waiting    time.Duration
	round           int // in which it was seen

	asked   bool          // whether it naps
	askedAt time.Duration // its cpu then
	naps    bool
}

func (w *watch) open(pid int) {
	w.threads = make(map[int]*thread)
	w.task, w.failed = unix.Open(fmt.Sprintf("/proc/%d/task", pid), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
}

func (w *watch) close() {
	for id := range w.threads {
		w.drop(id)
	}
	if w.failed == nil {
		unix.Close(w.task)
	}
	w.sum.Asleep = false
}

func (w *watch) last() Activity { return w.sum }

// activity takes a look. It costs some 2 µs a thread, so that one may look often.
//
// The states are read before the clock. So when a second look finds all threads
// asleep and the clock as the first look left it, none of them has run since the
// first look read it: at that moment the whole program slept, and nothing but an
// arrival from outside, or a timer, can have woken it.
func (w *watch) activity(cmd *exec.Cmd) (Activity, error) {
	if w.failed != nil {
		return w.sum, fmt.Errorf("%w: %w", ErrUnknown, w.failed)
	}
	pid := cmd.Process.Pid
	asleep, ok := w.lookAgain(pid)
	if !ok {
		var err error
		if asleep, err = w.lookAnew(pid); err != nil {
			return w.sum, fmt.Errorf("process: %w", err)
		}
	}
	if asleep && time.Since(w.since) <= longestNap {
		asleep = !w.naps()
	}
	w.sum.Asleep = asleep
	return w.sum, nil
}

// lookAgain is the short look at a program that has not run since the last one:
// it has the same threads then, and they have waited no longer than they had.
// But one of them may have been woken.
func (w *watch) lookAgain(pid int) (asleep, ok bool) {
	if now, ok := clock(pid); !ok || now != w.sum.CPU || len(w.threads) == 0 {
		return false, false
	}
	asleep = true
	for _, t := range w.threads {
		state := w.state(t)
		if ended(state) {
			return false, false
		}
		asleep = asleep && sleeps(state)
	}
	now, ok := clock(pid)
	return asleep, ok && now == w.sum.CPU
}

// lookAnew is the long look.
func (w *watch) lookAnew(pid int) (asleep bool, err error) {
	w.round++
	alive, asleep := 0, true
	look := func(id int, t *thread) {
		switch state := w.look(id, t); {
		case ended(state):
		case sleeps(state):
			alive++
		default:
			alive++
			asleep = false
		}
	}
	if _, err := unix.Seek(w.task, 0, 0); err != nil {
		return false, err
	}
	for {
		n, err := unix.Getdents(w.task, w.buf[:2048])
		if err != nil {
			return false, err
		}
		if n <= 0 {
			break
		}
		for dir := w.buf[:n]; len(dir) > 19; {
			size := int(binary.NativeEndian.Uint16(dir[16:]))
			id, ok := number(dir[19:size])
			dir = dir[size:]
			if ok { // not . or ..
				look(id, w.threads[id])
			}
		}
	}
	cpu, waiting := time.Duration(0), time.Duration(0)
	for id, t := range w.threads {
		if t.round != w.round {
			// The list of threads may be cut short when one ends while it is
			// read, so ask the thread itself.
			look(id, t)
		}
		if t.round != w.round {
			w.ended += t.waiting
			w.drop(id)
			continue
		}
		cpu += t.cpu
		waiting += t.waiting
	}
	// The clock of the whole process counts threads that have ended, also
	// those that have come and gone since the last look.
	if now, ok := clock(pid); ok {
		cpu = now
	}
	cpu, waiting = max(w.sum.CPU, cpu), max(w.sum.Waiting, waiting+w.ended)
	if cpu != w.sum.CPU || waiting != w.sum.Waiting {
		w.since = time.Now()
	}
	w.sum.CPU, w.sum.Waiting = cpu, waiting
	return asleep && alive > 0, nil
}

// clock reads the clock that counts the processor time of a process. To read
// another's needs no permission.
func clock(pid int) (time.Duration, bool) {
	const scheduler = 2 // CPUCLOCK_SCHED: exact, where the others count ticks
	var now unix.Timespec
	err := unix.ClockGettime(int32(^pid<<3|scheduler), &now)
	return time.Duration(now.Nano()), err == nil
}

// The states of a thread, as /proc/PID/stat tells them: an ended one is a
// zombie, dead, or not there; one that sleeps may be stopped too.
func ended(state byte) bool  { return state == 0 || state == 'Z' || state == 'X' }
func sleeps(state byte) bool { return state == 'S' || state == 'I' || state == 'T' || state == 't' }

// longestNap is how long a thread of the Go runtime may nap with work to do,
// which is 10 ms, and some more.
const longestNap = 50 * time.Millisecond

// naps tells whether a thread sleeps in nanosleep(2), as the runtime's watchman
// does (sysmon in runtime/proc.go) as long as not everything is idle. Then a
// goroutine may be ready to run, and wait for the watchman to see that the one
// before it is stuck in a system call. No thread runs until the watchman wakes,
// and the program would look as if it were at rest. When there is nothing to do,
// the watchman sleeps on a futex like the others.
//
// A thread is asked again only after it has run.
func (w *watch) naps() bool {
	naps := false
	for id, t := range w.threads {
		if !t.asked || t.askedAt != t.cpu {
			t.asked, t.askedAt = true, t.cpu
			t.naps = w.ask(id)
		}
		naps = naps || t.naps
	}
	return naps
}

// ask reads which system call a thread sleeps in. Where that cannot be read,
// it may be any.
func (w *watch) ask(id int) (naps bool) {
	fd, err := unix.Openat(w.task, strconv.Itoa(id)+"/syscall", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return true
	}
	defer unix.Close(fd)
	buf := w.buf[2048:]
	n, err := unix.Pread(fd, buf, 0)
	if err != nil {
		return true
	}
	// 202 0x73af98 0x80 ..., or "running", or -1 and more.
	first, _, _ := bytes.Cut(buf[:n], []byte(" "))
	call, ok := number(first)
	return !ok || call == unix.SYS_NANOSLEEP || call == unix.SYS_CLOCK_NANOSLEEP
}

// look reads a thread's state and times.
func (w *watch) look(id int, t *thread) (state byte) {
	if t == nil {
		name := strconv.Itoa(id)
		stat, err := unix.Openat(w.task, name+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return stateOf(err)
		}
		t = &thread{stat: stat}
		t.schedstat, _ = unix.Openat(w.task, name+"/schedstat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		w.threads[id] = t
	}
	state = w.state(t)
	if state == 0 {
		return 0 // and not of this round
	}
	t.round = w.round
	if t.schedstat < 0 {
		return state
	}
	buf := w.buf[2048:]
	n, _ := unix.Pread(t.schedstat, buf, 0)
	cpu, rest, _ := bytes.Cut(buf[:max(n, 0)], []byte(" "))
	waiting, _, _ := bytes.Cut(rest, []byte(" "))
	if v, ok := number(cpu); ok {
		t.cpu = time.Duration(v)
	}
	if v, ok := number(waiting); ok {
		t.waiting = time.Duration(v)
	}
	return state
}

// state reads the state of a thread, which is 0 when it is gone.
func (w *watch) state(t *thread) byte {
	buf := w.buf[2048:]
	n, err := unix.Pread(t.stat, buf, 0)
	if err != nil {
		return stateOf(err)
	}
	// 1234 (name) S ...; the name may be anything.
	end := bytes.LastIndexByte(buf[:n], ')')
	if end < 0 || end+2 >= n {
		return '?'
	}
	return buf[end+2]
}

// stateOf is the state of a thread that cannot be looked at: it is gone, or we
// do not know, as when we have too many files open.
func stateOf(err error) byte {
	if err == unix.ENOENT || err == unix.ESRCH {
		return 0
	}
	return '?'
}

func (w *watch) drop(id int) {
	t := w.threads[id]
	delete(w.threads, id)
	unix.Close(t.stat)
	if t.schedstat >= 0 {
		unix.Close(t.schedstat)
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
