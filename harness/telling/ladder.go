package telling

import (
	"fmt"
	"slices"
	"strings"
)

// Rung completes a rung with the bytes that it carries.
func (n *Names) Rung(r Rung, data []byte) Rung {
	const mostText = 200
	r.Text = middleOut(n.In(r.Text), mostText)
	r.Data, r.Len = []byte(n.ends(data)), len(data)
	return r
}

// Keep bounds an exchange. A long one loses its middle: what came last matters
// most, and how it began.
func Keep(rungs []Rung) []Rung {
	const first, last = 8, 16
	if len(rungs) <= first+last+1 {
		return rungs
	}
	gap := Rung{Kind: LeftOut}
	for _, r := range rungs[first : len(rungs)-last] {
		if r.Kind == LeftOut {
			gap.Len += r.Len
		} else {
			gap.Len++
		}
	}
	return slices.Concat(rungs[:first], []Rung{gap}, rungs[len(rungs)-last:])
}

// draw draws an exchange as plain text, peers to the left and programs to the
// right.
func draw(rungs []Rung) string {
	const leastLabel, mostLabel = 46, 60
	left, room := 0, leastLabel
	for _, r := range rungs {
		left = max(left, columns(end(r.Peer)))
		room = max(room, columns(r.Label()))
	}
	room = min(room, mostLabel)
	var b strings.Builder
	for _, r := range rungs {
		b.WriteString(DrawRung(r, left, room))
	}
	return b.String()
}

// DrawRung draws one arrow as a line, with so many columns for the peer and for what stands
// on the arrow, and below it what was changed, or heard before.
func DrawRung(r Rung, left, room int) string {
	if r.Kind == LeftOut {
		return fmt.Sprintf("  "+say.RungsLeftOut+"\n", Count(r.Len))
	}
	label := r.Label()
	if columns(label) > room {
		const few = 32 // bytes, which fit where they are no escapes
		label = r.label(few)
		if r.Kind == Frame {
			label = endOut(label, room)
		}
		label = middleOut(label, room)
	}
	peer := end(r.Peer)
	peer += strings.Repeat(" ", max(0, left-columns(peer)))
	shaft := strings.Repeat("-", room+3-columns(label))
	arrow := fmt.Sprintf("  %s <%s %s   %s\n", peer, shaft, label, end(r.Program))
	if r.ToProgram {
		arrow = fmt.Sprintf("  %s  %s %s>  %s\n", peer, label, shaft, end(r.Program))
	}
	return arrow + below(say.Changed, r.Changed, left) + below(say.Heard, r.Heard, left)
}

// below is a line below an arrow, none if there is nothing to be said.
func below(sentence, fact string, left int) string {
	if fact == "" {
		return ""
	}
	return fmt.Sprintf("  %*s"+sentence+"\n", left+2, "", harmless(fact))
}

// endOut leaves out of a frame in words what stands last, its MAC addresses and sizes, as
// far as there is no room: ends and numbers cut in two would look like others.
func endOut(words string, room int) string {
	for columns(words+say.EndOut) > room {
		at := strings.LastIndex(words, ", ")
		if at < 0 {
			return words
		}
		words = words[:at]
	}
	return words + say.EndOut
}

// end is a peer or a program as it stands at an end of an arrow.
func end(name string) string {
	const most = 20
	return middleOut(harmless(name), most)
}

// Label is what stands on an arrow.
func (r Rung) Label() string { return r.label(mostShort) }

// label is a label that quotes about so many bytes.
func (r Rung) label(most int) string {
	text := harmless(r.Text)
	switch {
	case r.Kind == Datagram && r.Len == 0:
		return strings.TrimSpace(say.EmptyDatagram + " " + text)
	case r.Len > 0 && len(r.Data) == 0: // nobody has seen the bytes; the text counts them
		return text
	case r.Kind == Bytes || r.Kind == Datagram:
		return strings.TrimSpace(quoteEnds(string(r.Data), r.Len, most) + " " + text)
	case r.Kind == HalfClose && !r.ToProgram:
		return say.EndOfStream
	}
	for _, l := range say.Labels {
		if l.kind == r.Kind {
			return strings.TrimSpace(l.text + text)
		}
	}
	return strings.TrimSpace(harmless(string(r.Kind)) + " " + text)
}
