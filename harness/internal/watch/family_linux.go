package watch

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"wirebook/harness/internal/sys"
)

// A Family is a program and all that it has started, and that those have started. It
// is looked at as one: it sleeps when all of it does.
//
// What belongs to it is told by a mark that the program gets and that a process
// inherits, wherever it goes: to another process group, another session, another
// parent. So the processes of the machine are listed, and who bears the mark is one of
// the family. That takes longer than a look, and is done only when one of them has run,
// for who sleeps starts nothing.
//
// Without a mark the family is the program alone.
type Family struct {
	Watch         // the program itself
	mark   uint64 // 0 for none
	over   bool   // the program has ended
	others map[int]*Watch

	clock time.Duration // that of all, when they were last listed
	stale bool          // it is not to be relied on
	ended Activity      // sums of those that have ended
}

// NewMark returns a mark that no other family has.
func NewMark() uint64 { return rand.Uint64()>>1 | 1 }

// OpenFamily begins to watch a program that lives, with all that it starts. Whoever has
// started it has marked it before it ran, so that nobody could escape.
func (f *Family) OpenFamily(pid int) (err error) {
	f.Open(pid)
	f.others = make(map[int]*Watch)
	f.mark, err = sys.MarkOf(pid)
	return err
}

// Close ends the watch over the program itself. Those that it has left are still
// looked at.
func (f *Family) Close() {
	f.Watch.Close()
	f.over = true
}

// alone says that only the program itself is looked at.
func (f *Family) alone() bool { return f.mark == 0 || f.failed != nil }

// Survived reports whether the program has left somebody behind, as far as that is to
// be known.
func (f *Family) Survived() bool {
	if f.alone() || !f.over {
		return false
	}
	f.list()
	return len(f.others) > 0
}

// Size is how many have been seen when they were last listed, but for the program.
func (f *Family) Size() int { return len(f.others) }

// CPU is the processor time of all that are known.
func (f *Family) CPU() time.Duration {
	sum, _ := f.clocks()
	return sum
}

// clocks reads those of all that are known. all says that each of them could be read.
func (f *Family) clocks() (sum time.Duration, all bool) {
	sum, all = f.ended.CPU, true
	if f.over {
		sum += f.Watch.Last().CPU
	} else {
		now, err := sys.Clock(f.pid)
		sum, all = sum+now, err == nil
	}
	for pid := range f.others {
		now, err := sys.Clock(pid)
		sum, all = sum+now, all && err == nil
	}
	return sum, all
}

// Look takes a look at all of them.
func (f *Family) Look() (Activity, error) {
	if f.alone() {
		return f.Watch.Look()
	}
	if now, all := f.clocks(); !all || f.stale || now != f.clock {
		f.list() // who has run may have started another
	}
	sum := f.ended
	var err error
	if f.over {
		sum.add(f.Watch.Last())
	} else {
		var one Activity
		one, err = f.Watch.Look()
		sum.add(one)
		sum.meet(one)
	}
	for _, w := range f.others {
		one, err := w.Look()
		f.stale = f.stale || err != nil || w.Threads() == 0
		sum.add(one)
		sum.meet(one)
	}
	if now, all := f.clocks(); !all || now != f.clock {
		sum.Asleep = false // or did so after they were listed
	}
	sum.Asleep = sum.Asleep && !f.stale
	return sum, err
}

// Last is what was last seen of all of them.
func (f *Family) Last() Activity {
	if f.alone() {
		return f.Watch.Last()
	}
	sum := f.ended
	sum.add(f.Watch.Last())
	for _, w := range f.others {
		sum.add(w.Last())
	}
	return sum
}

// add adds what another has done so far.
func (a *Activity) add(b Activity) {
	a.CPU += b.CPU
	a.Waiting += b.Waiting
}

// meet joins what another does now to what those before it do.
func (a *Activity) meet(b Activity) {
	first := !a.KnowsCPU
	a.Asleep = b.Asleep && (first || a.Asleep)
	a.Stopped = b.Stopped && (first || a.Stopped)
	a.Naps, a.Polls = a.Naps || b.Naps, a.Polls || b.Polls
	a.KnowsCPU, a.KnowsRest = b.KnowsCPU, b.KnowsRest
}

// Timers is that of the first of them to wake up.
func (f *Family) Timers() (shortest time.Duration, armed, known bool) {
	if f.over {
		known = true
	} else {
		shortest, armed, known = f.Watch.Timers()
	}
	for _, w := range f.others {
		after, is, _ := w.Timers()
		armed = armed || is
		if after > 0 && (shortest == 0 || after < shortest) {
			shortest = after
		}
	}
	return shortest, armed, known
}

// list finds all that bear the mark and live.
func (f *Family) list() {
	f.clock, _ = f.clocks() // first: who runs after that is seen to have run
	f.stale = false
	living := make(map[int]bool)
	for _, b := range f.bearers() {
		if b.lives() && (f.over || b.pid != f.pid) {
			living[b.pid] = true
		}
	}
	for pid, w := range f.others {
		if !living[pid] {
			f.ended.add(w.Last())
			w.Close()
			delete(f.others, pid)
			f.stale = true
		}
	}
	for pid := range living {
		if f.others[pid] == nil {
			f.others[pid] = new(Watch)
			f.others[pid].Open(pid)
			f.stale = true
		}
	}
}

// A bearer is a process that bears the mark.
type bearer struct {
	pid, parent int
	state       string // of its first thread
	threads     int
}

// lives reports whether it has not ended. Its first thread may have, and others are on
// their way: only after them does anybody learn of its end.
func (b bearer) lives() bool { return b.state != "Z" && b.state != "X" || b.threads > 1 }

// bearers are all processes of the family that are there, those included that have
// ended and that nobody has waited for.
func (f *Family) bearers() (all []bearer) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1)
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if mark, err := sys.MarkOf(pid); err == nil && mark == f.mark {
			if b, ok := bearerOf(pid); ok {
				all = append(all, b)
			}
		}
	}
	return all
}

// bearerOf reads "PID (name) S PARENT ..." of proc(5), where the number of threads is
// the eighteenth word behind the name.
func bearerOf(pid int) (b bearer, ok bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return b, false
	}
	words := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:]) // the name may be anything
	if len(words) < 18 {
		return b, false
	}
	parent, known := number(words[1])
	threads, counted := number(words[17])
	return bearer{pid, parent, string(words[0]), threads}, known && counted
}

// Children is how many processes are the program's own children, those included that
// have ended and that it has not waited for.
func (f *Family) Children() (n int, err error) {
	if f.mark == 0 {
		return 0, errors.New("watch: children are known of a family alone")
	}
	for _, b := range f.bearers() {
		if b.parent == f.pid {
			n++
		}
	}
	return n, nil
}

// Kill kills all of the family that live, and returns when they have ended. A process
// may start another while they are listed; so it lists them until there is none.
func (f *Family) Kill() {
	if f.mark == 0 {
		return
	}
	for f.killOnce() {
	}
	for pid, w := range f.others {
		w.Close()
		delete(f.others, pid)
	}
}

// killOnce kills those that are there now, and reports whether there was one.
func (f *Family) killOnce() bool {
	var dying []*os.Process
	for _, b := range f.bearers() {
		p, err := os.FindProcess(b.pid)
		if err != nil || !b.lives() {
			continue
		}
		// Its number may be another's by now; what was found is held.
		if mark, err := sys.MarkOf(b.pid); err == nil && mark == f.mark && p.Kill() == nil {
			dying = append(dying, p)
		}
	}
	for _, p := range dying {
		// An old kernel has no handles; there it is listed again until it has ended.
		_ = p.WithHandle(func(handle uintptr) { _ = sys.AwaitHandle(handle) })
		p.Release()
	}
	return len(dying) > 0
}
