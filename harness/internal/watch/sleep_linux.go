package watch

import (
	"bytes"
	"strconv"
	"syscall"
	"time"
)

// shortSleep is how long a sleep may be and still count as a short one. A
// thread of the Go runtime may nap for 10 ms with work to do, and a program that
// asks for news by a timer seldom leaves more time than this between two looks.
const shortSleep = 50 * time.Millisecond

// A slumber is how a thread sleeps, by the system call that it is in.
type slumber struct {
	running bool          // it does not sleep
	naps    bool          // in nanosleep(2), or we cannot tell
	ends    bool          // by itself, if nothing else ends it before
	after   time.Duration // then: how long it lasts, or 0 when that cannot be read
}

// polls tells whether the thread sleeps for a short time: it will ask for news.
func (s slumber) polls() bool { return s.ends && s.after <= shortSleep }

// sleeps tells whether all threads of a program sleep indeed, and whether some of them nap
// or poll.
//
// A thread that is about to fall asleep, or to be stopped, already says that it is, and
// may be kept from a processor then. The kernel tells of the call that a thread is in only
// when it really sleeps or has stopped.
//
// The Go runtime's watchman naps (sysmon in runtime/proc.go) as long as not
// everything is idle. Then a goroutine may be ready to run, and wait for the
// watchman to see that the one before it is stuck in a system call. No thread
// runs until the watchman wakes, and the program would look as if it were at
// rest. When there is nothing to do, the watchman sleeps on a futex like the
// others.
//
// A program that polls may have been sent something, and not know it yet.
//
// A thread is asked again only after it has run.
func (w *Watch) sleeps() (all, nap, poll bool) {
	all = true
	for id, t := range w.threads {
		s := w.slumber(id, t)
		all = all && !s.running
		nap = nap || s.naps
		poll = poll || s.polls()
	}
	return all, nap, poll
}

// Timers tells whether the program will wake up by itself, and, where that can be
// read, how long the shortest of its sleeps lasts; 0 where it cannot. known is false
// where /proc is not to be looked at.
func (w *Watch) Timers() (shortest time.Duration, armed, known bool) {
	if w.failed != nil {
		return 0, false, false
	}
	rest, err := w.look()
	if err == nil && rest == stopped {
		return 0, false, true
	}
	armed = err != nil || rest != asleep
	for id, t := range w.threads {
		s := w.slumber(id, t)
		armed = armed || s.naps || s.ends
		if s.after > 0 && (shortest == 0 || s.after < shortest) {
			shortest = s.after
		}
	}
	return shortest, armed, true
}

// slumber tells how a thread sleeps.
func (w *Watch) slumber(id int, t *thread) slumber {
	if !t.asked || t.askedAt != t.cpu {
		t.slumber = w.ask(id, t)
		t.asked, t.askedAt = !t.slumber.running, t.cpu
	}
	return t.slumber
}

// ask reads which system call a thread sleeps in. (Whether it sleeps is not to
// be asked here: a thread that is being woken is still in its call.)
func (w *Watch) ask(id int, t *thread) slumber {
	if t.call < 0 {
		t.call, _ = w.openFile(id, "/syscall")
	}
	text, _ := w.read(t.call)
	return slumberOf(text)
}

// slumberOf reads the kernel's "202 0x73af98 0x80 ...", the number of a call and
// its arguments; or "running", or -1 and more.
func slumberOf(text []byte) slumber {
	if bytes.HasPrefix(text, []byte("running")) {
		return slumber{running: true, naps: true}
	}
	first, arguments, _ := bytes.Cut(text, []byte(" "))
	call, ok := number(first)
	if !ok || call == syscall.SYS_NANOSLEEP || call == syscall.SYS_CLOCK_NANOSLEEP {
		return slumber{naps: true}
	}
	at, ok := timeouts[call]
	if !ok {
		return slumber{}
	}
	var word []byte
	for range at.argument + 1 {
		word, arguments, _ = bytes.Cut(arguments, []byte(" "))
	}
	value, err := strconv.ParseUint(string(word), 0, 64)
	ms := int32(value)
	switch {
	case err != nil:
		return slumber{naps: true}
	case at.pointer:
		return slumber{ends: value != 0}
	case ms < 0:
		return slumber{}
	}
	return slumber{ends: true, after: time.Duration(ms) * time.Millisecond}
}

// A timeout is where a system call is told for how long it may wait: in
// milliseconds, or by a pointer that is not nil.
type timeout struct {
	argument int
	pointer  bool
}
