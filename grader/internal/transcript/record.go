// Package transcript keeps all that happened in one play, and tells it: as text step by
// step, as a page with a drawing in the order of time, as a capture for Wireshark.
//
// A [Recorder] is what a player's Observe calls. Bytes go to a file, so that a play of
// many megabytes needs little memory. When the play is over, [Recorder.Transcript] says
// which bytes belong to which step: what our side did belongs to the step that did it;
// what came from a program to the step that asked for it, however early it came; what no
// step asked for to the last. So two plays of one program give the same transcript but
// for its times and addresses.
package transcript

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"time"

	"wirebook/harness"
	"wirebook/harness/telling"
)

// What a recorder keeps at most: bytes, and things that happened. What is more is
// counted.
const (
	mostBytes  = 64 << 20
	mostEvents = 400_000
)

// A Recorder keeps what an observer is told of one play.
type Recorder struct {
	most int64 // bytes

	mu      sync.Mutex
	file    *os.File
	out     *bufio.Writer
	size    int64
	began   time.Time
	events  []event
	flows   []flow
	known   map[flow]int
	steps   []Step
	takes   map[int][]take // by channel
	owners  map[netip.AddrPort]string
	missing Missing
	err     error
}

// A Missing counts what there was no room for.
type Missing struct{ Bytes, Events int }

// A flow is from whom to whom something went.
type flow struct {
	from, to         string
	fromAddr, toAddr netip.AddrPort
	channel          int
	toProgram        bool
}

// An event is one thing that happened. Its bytes stand in the file.
type event struct {
	at        time.Duration
	kind      telling.Kind
	flow      int
	step      int
	text      string
	off       int64
	len, kept int
}

// A take says that a step asked for n bytes, datagrams or frames, or the end.
type take struct{ step, n int }

// A Step is a line of the scenario that was played.
type Step struct {
	telling.Step
	At time.Duration
}

// NewRecorder returns one that keeps bytes in a file in a folder that others remove.
func NewRecorder(dir string) (*Recorder, error) {
	file, err := os.Create(filepath.Join(dir, "transcript"))
	if err != nil {
		return nil, err
	}
	return &Recorder{
		most: mostBytes, file: file, out: bufio.NewWriterSize(file, 1<<18),
		known: make(map[flow]int), takes: make(map[int][]take), owners: make(map[netip.AddrPort]string),
	}, nil
}

// Close closes the file. Transcripts cannot be read after that.
func (r *Recorder) Close() error { return r.file.Close() }

// Observe is for a player's Observe, for one play.
func (r *Recorder) Observe(_ *harness.Scenario, e harness.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.began.IsZero() {
		r.began = time.Now().Add(-e.At)
	}
	switch e.Kind {
	case harness.Begins:
		r.steps = append(r.steps, Step{e.Line, e.At})
	case harness.Takes:
		r.takes[e.Channel] = append(r.takes[e.Channel], take{e.Step, e.Len})
	case harness.Owns:
		r.owners[e.FromAddr] = e.From
	case harness.Unsent:
		r.cut(e)
	default:
		r.keep(e)
	}
}

func (r *Recorder) keep(e harness.Event) {
	if len(r.events) >= mostEvents {
		r.missing.Events++
		r.missing.Bytes += len(e.Data)
		return
	}
	kept := e.Data[:max(0, min(int64(len(e.Data)), r.most-r.size))]
	if _, err := r.out.Write(kept); err != nil && r.err == nil {
		r.err = fmt.Errorf("%s: %w", r.file.Name(), err)
	}
	r.missing.Bytes += len(e.Data) - len(kept)
	r.events = append(r.events, event{
		at: e.At, kind: e.Kind, flow: r.flow(e), step: e.Step, text: e.Text,
		off: r.size, len: len(e.Data), kept: len(kept),
	})
	r.size += int64(len(kept))
}

func (r *Recorder) flow(e harness.Event) int {
	f := flow{e.From, e.To, e.FromAddr, e.ToAddr, e.Channel, e.ToProgram}
	i, known := r.known[f]
	if !known {
		i = len(r.flows)
		r.known[f] = i
		r.flows = append(r.flows, f)
	}
	return i
}

// cut takes back what was told of and never sent: the last bytes of a connection, and
// the end behind them.
func (r *Recorder) cut(e harness.Event) {
	for i := len(r.events) - 1; i >= 0 && e.Len > 0; i-- {
		at := &r.events[i]
		if f := r.flows[at.flow]; f.channel != e.Channel || !f.toProgram {
			continue
		}
		switch at.kind {
		case telling.HalfClose:
			at.kind = ""
		case telling.Bytes:
			n := min(e.Len, at.len)
			e.Len -= n
			at.len -= n
			at.kept = min(at.kept, at.len)
			if at.len == 0 {
				at.kind = ""
			}
		}
	}
}
