package transcript

import (
	"cmp"
	"net/netip"
	"os"
	"slices"
	"time"

	"wirebook/harness"
	"wirebook/harness/telling"
)

// A Transcript is all that happened in a play that is over.
type Transcript struct {
	Result  harness.Result
	Steps   []Step
	Entries []Entry // by step, and in that by time
	Missing Missing

	began  time.Time
	events []event // by time
	parts  [][]part
	flows  []flow
	owners map[netip.AddrPort]string
	only   string // the one program of the play; "" where there are several
	file   *os.File
}

// An Entry is something that went one way under one step.
type Entry struct {
	At               time.Duration
	Step             int // from 1
	Kind             telling.Kind
	From, To         string
	FromAddr, ToAddr netip.AddrPort
	ToProgram        bool
	Pieces           int // in which our side sent it
	Len              int
	Text             string
	Unasked          bool // it came, and no step asked for it

	spans []span
}

// A span is where bytes stand in the file.
type span struct {
	off int64
	len int
}

// A part of an event belongs to a step.
type part struct {
	step, len int
	take      int // which take of its channel, from 1; 0 for none
	unasked   bool
}

// Transcript tells what was recorded of a play that is over, and ended so.
func (r *Recorder) Transcript(result harness.Result) (*Transcript, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.out.Flush(); r.err == nil {
		r.err = err
	}
	t := &Transcript{
		Result: result, Steps: r.steps, Missing: r.missing,
		began: r.began, flows: r.flows, owners: r.owners, file: r.file,
	}
	t.events = slices.DeleteFunc(r.events, func(e event) bool { return e.kind == "" })
	slices.SortStableFunc(t.events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	t.nameAll()
	t.assign(r.takes)
	t.collect()
	return t, r.err
}

// nameAll learns whose the addresses are.
func (t *Transcript) nameAll() {
	programs := make(map[string]bool)
	for _, e := range t.events {
		f := t.flows[e.flow]
		if e.kind == telling.Starts {
			programs[f.to] = true
		}
		for addr, name := range map[netip.AddrPort]string{f.fromAddr: f.from, f.toAddr: f.to} {
			if addr.IsValid() && name != "" && t.owners[addr] == "" {
				t.owners[addr] = name
			}
		}
	}
	if len(programs) == 1 {
		for name := range programs {
			t.only = name
		}
	}
}

// ends are the names of a flow's ends.
func (t *Transcript) ends(f flow) (from, to string) {
	name := func(name string, addr netip.AddrPort, program bool) string {
		switch {
		case name != "":
			return name
		case t.owners[addr] != "":
			return t.owners[addr]
		case program && t.only != "":
			return t.only
		case addr.IsValid():
			return addr.String()
		}
		return ""
	}
	return name(f.from, f.fromAddr, !f.toProgram), name(f.to, f.toAddr, f.toProgram)
}

// assign says which part of each event belongs to which step.
func (t *Transcript) assign(takes map[int][]take) {
	t.parts = make([][]part, len(t.events))
	cursors := make(map[int]*cursor)
	for i, e := range t.events {
		f := t.flows[e.flow]
		if f.toProgram || f.channel == 0 {
			t.parts[i] = []part{{step: e.step, len: e.len}}
			continue
		}
		c := cursors[f.channel]
		if c == nil {
			c = &cursor{takes: slices.Clone(takes[f.channel]), last: len(t.Steps)}
			cursors[f.channel] = c
		}
		switch e.kind {
		case telling.Bytes:
			t.parts[i] = c.bytes(e.len)
		case telling.Datagram, telling.Frame:
			t.parts[i] = c.one(e.len)
		default:
			t.parts[i] = c.end(e)
		}
	}
}

// A cursor follows what steps have taken from a channel.
type cursor struct {
	takes []take
	at    int // the first that wants more
	last  int // the last step
}

func (c *cursor) bytes(n int) (parts []part) {
	for n > 0 {
		if c.at == len(c.takes) || c.takes[c.at].n == 0 {
			return append(parts, part{step: c.last, len: n, unasked: true})
		}
		now := &c.takes[c.at]
		some := min(n, now.n)
		parts = append(parts, part{step: now.step, len: some, take: c.at + 1})
		n -= some
		if now.n -= some; now.n == 0 {
			c.at++
		}
	}
	return parts
}

func (c *cursor) one(n int) []part {
	if c.at == len(c.takes) {
		return []part{{step: c.last, len: n, unasked: true}}
	}
	c.at++
	return []part{{step: c.takes[c.at-1].step, len: n, take: c.at}}
}

// end is for what is told of a channel and is no data. The end of a stream belongs to
// the step that asked for it.
func (c *cursor) end(e event) []part {
	step := e.step
	if e.kind == telling.HalfClose || e.kind == telling.Resets || e.kind == telling.Exits {
		if i := slices.IndexFunc(c.takes[c.at:], func(t take) bool { return t.n == 0 }); i >= 0 {
			step = c.takes[c.at+i].step
		}
	}
	return []part{{step: step}}
}

// collect makes entries of the parts: what one step has sent or taken one way is one.
func (t *Transcript) collect() {
	type key struct {
		flow, step, take int
		unasked          bool
	}
	open := make(map[key]int) // in Entries
	for i, e := range t.events {
		off, kept := e.off, e.kept
		for _, p := range t.parts[i] {
			k := key{e.flow, p.step, p.take, p.unasked}
			at, joins := open[k]
			joins = joins && e.kind == telling.Bytes && t.Entries[at].Kind == telling.Bytes
			if !joins {
				f := t.flows[e.flow]
				from, to := t.ends(f)
				at = len(t.Entries)
				open[k] = at
				t.Entries = append(t.Entries, Entry{
					At: e.at, Step: p.step, Kind: e.kind, From: from, To: to, FromAddr: f.fromAddr, ToAddr: f.toAddr,
					ToProgram: f.toProgram, Text: e.text, Unasked: p.unasked && p.len > 0,
				})
			}
			entry := &t.Entries[at]
			some := min(p.len, kept)
			entry.add(span{off, some})
			entry.Pieces++
			entry.Len += p.len
			off, kept = off+int64(some), kept-some
		}
	}
	slices.SortStableFunc(t.Entries, func(a, b Entry) int { return cmp.Compare(a.Step, b.Step) })
}

// add keeps where more of the entry's bytes stand.
func (e *Entry) add(s span) {
	if s.len == 0 {
		return
	}
	if n := len(e.spans); n > 0 && e.spans[n-1].off+int64(e.spans[n-1].len) == s.off {
		e.spans[n-1].len += s.len
		return
	}
	e.spans = append(e.spans, s)
}

// kept is how many of the entry's bytes stand in the file.
func (e *Entry) kept() (n int) {
	for _, s := range e.spans {
		n += s.len
	}
	return n
}

// read returns the bytes from one to before another of those that are kept.
func (t *Transcript) read(e *Entry, from, to int) ([]byte, error) {
	data := make([]byte, 0, to-from)
	for _, s := range e.spans {
		if a, b := max(0, from), min(s.len, to); a < b {
			data = data[:len(data)+b-a]
			if _, err := t.file.ReadAt(data[len(data)-(b-a):], s.off+int64(a)); err != nil {
				return nil, err
			}
		}
		from, to = from-s.len, to-s.len
	}
	return data, nil
}

// Failed reports whether a step is the one that failed.
func (t *Transcript) Failed(step int) bool {
	return t.Result.Status == telling.Fail && step == len(t.Steps)
}

// HasPackets reports whether anything went over a network or a Unix socket.
func (t *Transcript) HasPackets() bool {
	return slices.ContainsFunc(t.events, func(e event) bool {
		return e.kind == telling.Connects || e.kind == telling.Datagram || e.kind == telling.Frame
	})
}
