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
	waited  time.Duration // by threads that have ended
	sum     Activity
	buf     [4096]byte
}

// thread is a thread of the process.
type thread struct {
	stat, schedstat int
	cpu, waiting    time.Duration
	round           int // in which it was seen
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

// activity takes a look.
//
// For each thread the state is read before the time that it has used. When two
// looks find a thread asleep and its times unchanged, it has slept from the
// first look's end to the second look's beginning at least; and when they find
// that of all threads, there was a moment at which the whole program slept. It
// can only be woken from outside then.
func (w *watch) activity(cmd *exec.Cmd) (Activity, error) {
	if w.failed != nil {
		return w.sum, fmt.Errorf("%w: %w", ErrUnknown, w.failed)
	}
	w.round++
	asleep := true
	if _, err := unix.Seek(w.task, 0, 0); err != nil {
		return w.sum, fmt.Errorf("process: %w", err)
	}
	alive := 0
	for {
		n, err := unix.Getdents(w.task, w.buf[:2048])
		if err != nil {
			return w.sum, fmt.Errorf("process: %w", err)
		}
		if n <= 0 {
			break
		}
		for dir := w.buf[:n]; len(dir) > 19; {
			size := int(binary.NativeEndian.Uint16(dir[16:]))
			id, ok := number(dir[19:size])
			dir = dir[size:]
			if !ok {
				continue // . and ..
			}
			state := w.look(id)
			switch state {
			case 0, 'Z', 'X': // it has ended
			case 'S', 'I', 'T', 't':
				alive++
			default:
				alive++
				asleep = false
			}
		}
	}
	cpu, waiting := time.Duration(0), w.waited
	for id, t := range w.threads {
		if t.round != w.round {
			w.waited += t.waiting
			w.drop(id)
		}
		cpu += t.cpu
		waiting += t.waiting
	}
	// The clock of the whole process counts threads that have ended, also
	// those that have come and gone since the last look.
	var clock unix.Timespec
	if unix.ClockGettime(int32(^cmd.Process.Pid<<3|2), &clock) == nil {
		cpu = time.Duration(clock.Nano())
	}
	w.sum.CPU = max(w.sum.CPU, cpu)
	w.sum.Waiting = max(w.sum.Waiting, waiting)
	w.sum.Asleep = asleep && alive > 0
	return w.sum, nil
}

// look reads the state of a thread and its times. The state is 0 when the
// thread is gone.
func (w *watch) look(id int) (state byte) {
	t := w.threads[id]
	if t == nil {
		t = &thread{stat: -1, schedstat: -1}
		name := strconv.Itoa(id)
		var err error
		if t.stat, err = unix.Openat(w.task, name+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
			return 0
		}
		t.schedstat, _ = unix.Openat(w.task, name+"/schedstat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		w.threads[id] = t
	}
	buf := w.buf[2048:]
	n, err := unix.Pread(t.stat, buf, 0)
	if err != nil {
		return 0 // and not of this round
	}
	t.round = w.round
	// 1234 (name) S ...; the name may be anything.
	end := bytes.LastIndexByte(buf[:n], ')')
	if end < 0 || end+2 >= n {
		return 0
	}
	state = buf[end+2]
	if t.schedstat >= 0 {
		n, _ = unix.Pread(t.schedstat, buf, 0)
		cpu, rest, _ := bytes.Cut(buf[:max(n, 0)], []byte(" "))
		waiting, _, _ := bytes.Cut(rest, []byte(" "))
		if v, ok := number(cpu); ok {
			t.cpu = time.Duration(v)
		}
		if v, ok := number(waiting); ok {
			t.waiting = time.Duration(v)
		}
	}
	return state
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
