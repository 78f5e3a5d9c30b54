package transcript

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"time"

	"wirebook/harness/telling"

	"wirebook/grader/internal/capture"
)

// Capture writes what went over networks and cables as a pcapng file.
func (t *Transcript) Capture(w io.Writer) error {
	c := &capturer{t: t, w: capture.New(w, t.about()), streams: make(map[int]*conversation)}
	for i, e := range t.events {
		if err := c.event(e, t.comment(i)); err != nil {
			return err
		}
	}
	return c.w.Close()
}

// about is the capture's comment.
func (t *Transcript) about() string {
	s := t.Result.Scenario
	lines := []string{
		fmt.Sprintf("wirebook: lesson %s, scenario %s: %s", s.Lesson, s.Name, s.Title),
		"What the scenario's peers sent and received is drawn as packets. Segments and acknowledgements of TCP are made up; bytes, order, times, handshakes, ends and resets are not. What programs send each other is not here.",
	}
	if slices.ContainsFunc(t.events, t.isUnix) {
		lines = append(lines, "A Unix socket is drawn as TCP between invented addresses of 192.0.2.0/24.")
	}
	if m := t.Missing.String(); m != "" {
		lines = append(lines, m)
	}
	return strings.Join(lines, "\n")
}

// String says what is missing, "" if nothing is.
func (m Missing) String() string {
	switch {
	case m == Missing{}:
		return ""
	case m.Events == 0:
		return fmt.Sprintf("Missing: %s behind the first %d MiB.", telling.Size(m.Bytes), mostBytes>>20)
	}
	return fmt.Sprintf("Missing: all behind the first %s things that happened, and %s.", telling.Count(mostEvents), telling.Size(m.Bytes))
}

func (t *Transcript) isUnix(e event) bool {
	f := t.flows[e.flow]
	return e.kind == telling.Connects && !f.fromAddr.IsValid() && !f.toAddr.IsValid()
}

// comment says to which steps an event belongs.
func (t *Transcript) comment(i int) string {
	var steps []string
	last := 0
	for _, p := range t.parts[i] {
		if p.step == last || p.step < 1 || p.step > len(t.Steps) {
			continue
		}
		last = p.step
		words := fmt.Sprintf("step %d: %s", p.step, short(t.Steps[p.step-1].Text, 200))
		if p.unasked {
			words = "no step asked for it; " + words
		}
		if t.Failed(p.step) {
			words += " (failed)"
		}
		steps = append(steps, words)
	}
	return strings.Join(steps, "\n")
}

// A capturer writes events to a capture.
type capturer struct {
	t       *Transcript
	w       *capture.Writer
	streams map[int]*conversation // by channel
}

// A conversation is a TCP connection; theirs says that the program connected.
type conversation struct {
	stream *capture.Stream
	theirs bool
}

// end is which end of the connection a flow comes from.
func (c *conversation) end(f flow) int {
	if f.toProgram == c.theirs {
		return 1
	}
	return 0
}

func (c *capturer) event(e event, comment string) error {
	f, at := c.t.flows[e.flow], c.t.began.Add(e.at)
	switch e.kind {
	case telling.Connects:
		return c.connect(at, e, f, comment)
	case telling.Datagram, telling.Frame:
		return c.whole(at, e, f, comment)
	}
	s := c.streams[f.channel]
	if s == nil {
		return nil // a console
	}
	switch e.kind {
	case telling.Bytes:
		return c.bytes(at, s, e, f, comment)
	case telling.HalfClose, telling.Closes:
		return s.stream.Finish(at, s.end(f), comment)
	case telling.Resets:
		return s.stream.Reset(at, s.end(f), comment)
	}
	return nil
}

// connect begins a stream. What has no address, such as a Unix socket, gets one that is
// nobody's; so does our end of a connection that was reset at once.
func (c *capturer) connect(at time.Time, e event, f flow, comment string) error {
	const firstPort = 49152
	from, to := f.fromAddr, f.toAddr
	if !to.IsValid() {
		to = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, 1}), firstPort)
	}
	if !from.IsValid() {
		from = netip.AddrPortFrom(to.Addr(), firstPort+uint16(f.channel))
		if c.t.isUnix(e) {
			from = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, 2}), firstPort+uint16(f.channel))
		}
	}
	s, err := c.w.Stream(at, from, to, comment)
	c.streams[f.channel] = &conversation{s, !f.toProgram}
	return err
}

// most is how much is read at a time.
const most = 1 << 16

func (c *capturer) bytes(at time.Time, s *conversation, e event, f flow, comment string) error {
	for from := 0; from < e.kept; from += most {
		data, err := c.t.readEvent(e, from, min(e.kept, from+most))
		if err == nil {
			err = s.stream.Send(at, s.end(f), data, comment)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *capturer) whole(at time.Time, e event, f flow, comment string) error {
	if e.kept < e.len {
		return nil // the room was full
	}
	data, err := c.t.readEvent(e, 0, e.len)
	if err != nil {
		return err
	}
	if e.kind == telling.Datagram {
		return c.w.Datagram(at, f.fromAddr, f.toAddr, data, comment)
	}
	cable := f.to
	if f.toProgram {
		cable = f.from
	}
	return c.w.Frame(at, cable, data, comment)
}

// readEvent returns some of an event's bytes.
func (t *Transcript) readEvent(e event, from, to int) ([]byte, error) {
	data := make([]byte, to-from)
	_, err := t.file.ReadAt(data, e.off+int64(from))
	return data, err
}
