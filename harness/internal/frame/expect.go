package frame

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirebook/harness/internal/packet"
)

// Expect is what a scenario expects: a frame, or some in any order.
type Expect struct{ wanted []wanted }

type wanted struct {
	kind   *packet.Protocol // nil for a likeness
	fields []packet.Assignment
	as     string

	like *likeness
	of   string // the frame that it is like

	// The frame that it quotes, and how the scenario says so: about= or quote=.
	quoted, quotedBy string
}

// ParseExpect reads what follows `frame PEER expect`: a kind and NAME=VALUE
// fields, each word in the very bytes that are meant; more of the same behind
// a lone + may come in any order.
func ParseExpect(words []string) (Expect, error) { return parseExpect(words, allKnown) }

func parseExpect(words []string, unknown func(word int) bool) (Expect, error) {
	var e Expect
	for start := 0; ; {
		end := len(words)
		if n := slices.Index(words[start:], "+"); n >= 0 {
			end = start + n
		}
		w, err := parseWanted(words[start:end], func(i int) bool { return unknown(start + i) })
		if err != nil {
			return Expect{}, fmt.Errorf("frame: %w", err)
		}
		e.wanted = append(e.wanted, w)
		if end == len(words) {
			return e, nil
		}
		start = end + 1
	}
}

func parseWanted(words []string, unknown func(word int) bool) (wanted, error) {
	if len(words) == 0 {
		return wanted{}, errors.New("a kind is missing: " + expectedKinds())
	}
	w := wanted{kind: table.KindNamed(words[0]), like: likenessNamed(words[0])}
	if w.kind == nil && w.like == nil && !unknown(0) {
		return wanted{}, fmt.Errorf("%q is no kind; there are %s", words[0], expectedKinds())
	}
	list, err := parseWords(words[1:], func(i int) bool { return unknown(i + 1) })
	if err != nil || w.kind == nil && w.like == nil {
		return w, err
	}
	for _, a := range list {
		if err := w.add(a); err != nil {
			return wanted{}, err
		}
	}
	if w.like != nil && w.of == "" {
		return wanted{}, fmt.Errorf("%s: of which frame? Give it a name, as=NAME, and write of=NAME", w.like.kind)
	}
	return w, nil
}

// expectedKinds are the words for what can be expected.
func expectedKinds() string {
	var names []string
	for _, like := range likenesses {
		names = append(names, like.kind)
	}
	return table.KindNames(names...)
}

// add takes one more word.
func (w *wanted) add(a packet.Assignment) error {
	switch {
	case a.Name == "as":
		w.as = a.Value
		return nil
	case a.Name == "of" && w.like != nil:
		w.of = a.Value
		return nil
	case (a.Name == "about" || a.Name == "quote") && w.kind != nil && w.kind.Quotes > 0:
		w.quoted, w.quotedBy = a.Value, a.Name
		return nil
	}
	w.fields = append(w.fields, a)
	if w.like != nil {
		return checkAny(a, packet.Every)
	}
	var f *packet.Field
	for _, value := range table.Choices(w.kind, a) {
		var err error
		if f, err = table.Check(w.kind, packet.Assignment{Name: a.Name, Value: value, Unknown: a.Unknown}); err != nil {
			return err
		}
	}
	if f.Sum && a.Value == packet.Bad {
		return fmt.Errorf("%s: bad can be sent only; no scenario expects a wrong checksum", a.Name)
	}
	return nil
}

// Len is the number of frames that are still expected.
func (e Expect) Len() int { return len(e.wanted) }

// String says what is expected, as the scenario wrote it.
func (e Expect) String() string {
	var parts []string
	for _, w := range e.wanted {
		words := []string{w.name()}
		for _, a := range w.fields {
			words = append(words, a.String())
		}
		parts = append(parts, strings.Join(words, " "))
	}
	return strings.Join(parts, " + ")
}

// name is the kind, and the frame of which the scenario speaks.
func (w wanted) name() string {
	switch {
	case w.like != nil:
		return w.like.kind + " of=" + w.of
	case w.quoted != "":
		return w.kind.Kind + " " + w.quotedBy + "=" + w.quoted
	}
	return w.kind.Kind
}

// Take compares a frame with what is expected and returns what is expected
// after it. The frame is noted in the memory. A frame that does not fit is a
// [*Mismatch].
func (e Expect) Take(frame []byte, seen *Memory) (rest Expect, err error) {
	var first *packet.Mismatch
	for i, w := range e.wanted {
		m, err := w.match(frame, seen)
		if err != nil {
			return e, fmt.Errorf("frame: %s: %w", w.name(), err)
		}
		if m == nil {
			seen.last = slices.Clone(frame)
			seen.name(w.as, frame)
			return Expect{slices.Delete(slices.Clone(e.wanted), i, i+1)}, nil
		}
		// Of several that it could have been, a frame is compared with the
		// first of its kind.
		if first == nil || first.Field == "" && m.Field != "" {
			first = m
		}
	}
	if first == nil {
		return e, errors.New("frame: none is expected")
	}
	return e, first
}

// match compares the frame with what is wanted. An error is that the memory
// does not have what the scenario speaks of.
func (w wanted) match(frame []byte, seen *Memory) (*packet.Mismatch, error) {
	if w.like == nil {
		m, p := w.matchFields(frame)
		if m != nil || w.quoted == "" {
			return m, nil
		}
		quoted, err := seen.frame(w.quoted)
		if err != nil {
			return nil, err
		}
		return table.Misquotes(p, frame, quoted, w.quotedBy == "quote")
	}
	of, err := seen.frame(w.of)
	if err != nil {
		return nil, err
	}
	want, err := w.like.of(of, w.fields)
	if err != nil {
		return nil, err
	}
	return w.like.differs(want, frame, w.fields), nil
}

// matchFields compares the fields that are named, and that the packet is well
// formed.
func (w wanted) matchFields(frame []byte) (*packet.Mismatch, packet.Packet) {
	p, wrong := table.Decode(frame, w.kind, func(at *packet.Protocol) bool { return at.AskedBy(w.fields) })
	if w.kind != table[0] { // any frame may hold anything
		_, wrong = table.Inspect(frame)
	}
	switch {
	case wrong != nil && wrong.Field != "":
		return wrong, p
	case wrong != nil || p.Kind() != w.kind:
		return w.another(frame), p
	}
	for _, a := range w.fields {
		i, f := p.Find(a.Name)
		if f == nil {
			return w.another(frame), p
		}
		if m := p[i].Unlike(f, a); m != nil {
			m.Within(frame, p, i, Describe(frame))
			return m, p
		}
	}
	return nil, p
}

// another is that the frame is of another kind, or has an optional header or
// lacks it.
func (w wanted) another(frame []byte) *packet.Mismatch {
	want, _, _ := strings.Cut(w.kind.Doc, ";")
	whole, _ := table.Decode(frame, nil, packet.Every)
	for _, at := range table {
		switch asked := at.AskedBy(w.fields); {
		case !at.Optional || asked == whole.Has(at):
		case asked:
			want += " with " + at.Name
		default:
			want += " without " + at.Name
		}
	}
	return &packet.Mismatch{Want: want, Got: Describe(frame), Frame: frame}
}
