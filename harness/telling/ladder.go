package telling

import (
	"fmt"
	"slices"
	"strings"
)

// How much of an exchange a failure keeps and a drawing shows, in bytes.
const (
	mostKept  = 4 << 10
	mostDrawn = 2 << 10
)

// What a drawing is made of, in columns.
const (
	leastLabel = 46
	mostLabel  = 60
	mostPeer   = 20
)

// Rung completes a rung with the bytes that it carries. Of a long text it keeps
// both ends.
func (n *Names) Rung(r Rung, data []byte) Rung {
	e := n.ends(data)
	r.Text = n.In(r.Text)
	r.Data, r.Head, r.Len = []byte(e.head+e.tail), 0, e.n
	if e.tail != "" {
		r.Head = len(e.head)
	}
	return r
}

// Keep bounds an exchange. A long one loses its middle: what came last matters
// most, and how it began.
func Keep(rungs []Rung) []Rung {
	size := func(r Rung) int {
		const names = 60 // of what is kept, and its numbers
		return names + len(r.Peer) + len(r.Program) + len(r.Text) + len(r.Data)
	}
	head, tail := bothEnds(rungs, size, mostKept)
	cut := rungs[len(head) : len(rungs)-len(tail)]
	if len(cut) == 0 {
		return rungs
	}
	return slices.Concat(head, []Rung{{Kind: LeftOut, Len: count(cut)}}, tail)
}

// bothEnds returns all elements, in head, or a third from the beginning and the
// rest from the end, as many as have at most so much size together.
func bothEnds[T any](all []T, size func(T) int, most int) (head, tail []T) {
	whole := 0
	for _, e := range all {
		whole += size(e)
	}
	if whole <= most {
		return all, nil
	}
	from, to := 0, len(all)
	used := 0
	for ; used+size(all[from]) <= most/3; from++ {
		used += size(all[from])
	}
	for ; to > from && used+size(all[to-1]) <= most; to-- {
		used += size(all[to-1])
	}
	return all[:from:from], all[to:]
}

// Draw draws an exchange as plain text of at most so many columns, peers to the
// left and programs to the right. A long one loses its middle.
func Draw(rungs []Rung, width int) string {
	left, right, longest := 0, 0, 0
	labels := make([]string, len(rungs))
	for i, r := range rungs {
		labels[i] = r.Label()
		left = max(left, columns(end(r.Peer)))
		right = max(right, columns(end(r.Program)))
		longest = max(longest, columns(labels[i]))
	}
	const arrow = len("  ") + len("  ") + len(" ---->  ")
	room := min(max(longest, leastLabel), mostLabel, width-left-right-arrow)
	lines := make([]string, len(rungs))
	for i, r := range rungs {
		lines[i] = r.draw(labels[i], left, max(room, 0))
	}
	head, tail := bothEnds(lines, func(line string) int { return len(line) }, mostDrawn-32)
	drawn := strings.Join(head, "")
	if cut := rungs[len(head) : len(rungs)-len(tail)]; len(cut) > 0 {
		drawn += leftOut(count(cut))
	}
	return drawn + strings.Join(tail, "")
}

// count returns how many rungs there were, with those that were not kept.
func count(rungs []Rung) (n int) {
	for _, r := range rungs {
		n++
		if r.Kind == LeftOut {
			n += r.Len - 1
		}
	}
	return n
}

func leftOut(rungs int) string { return "  " + fmt.Sprintf(say.RungsLeftOut, Count(rungs)) + "\n" }

// end is a peer or a program as it stands at an end of an arrow.
func end(name string) string { return middleOut(harmless(name, ""), mostPeer) }

func (r Rung) draw(label string, left, room int) string {
	if r.Kind == LeftOut {
		return leftOut(r.Len)
	}
	if columns(label) > room {
		label = r.shortLabel(room)
	}
	peer := end(r.Peer)
	peer += strings.Repeat(" ", left-columns(peer))
	shaft := strings.Repeat("-", room+3-columns(label))
	if r.ToProgram {
		return fmt.Sprintf("  %s  %s %s>  %s\n", peer, label, shaft, end(r.Program))
	}
	return fmt.Sprintf("  %s <%s %s   %s\n", peer, shaft, label, end(r.Program))
}

// Label is what stands on an arrow.
func (r Rung) Label() string { return r.labelOf(mostShort) }

// shortLabel is a label of at most so many columns.
func (r Rung) shortLabel(room int) string {
	for most := mostShort; most >= 16; most -= 4 {
		if label := r.labelOf(most); columns(label) <= room {
			return label
		}
	}
	return middleOut(r.labelOf(16), room)
}

// labelOf is a label that quotes about so many bytes.
func (r Rung) labelOf(most int) string {
	text := harmless(r.Text, "")
	switch {
	case r.Kind == Datagram && r.Len == 0:
		return joined(say.EmptyDatagram, text)
	case r.Len > 0 && len(r.Data) == 0: // nobody has seen the bytes; the text counts them
		return text
	case r.Kind == Bytes || r.Kind == Datagram:
		return joined(r.ends().quote(most), text)
	case r.Kind == HalfClose && !r.ToProgram:
		return say.EndOfStream
	}
	for _, l := range say.Labels {
		if l.kind == r.Kind && strings.Contains(l.text, "%s") {
			return fmt.Sprintf(l.text, text)
		}
		if l.kind == r.Kind {
			return joined(l.text, text)
		}
	}
	return joined(harmless(string(r.Kind), ""), text)
}

func joined(a, b string) string { return strings.TrimSpace(a + " " + b) }

func (r Rung) ends() ends {
	s := string(r.Data)
	if r.Head <= 0 || r.Head > len(s) {
		return ends{s, "", r.Len}
	}
	return ends{s[:r.Head], s[r.Head:], r.Len}
}
