package frame

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Expect is what a scenario expects: a frame, or some in any order.
type Expect struct{ wanted []wanted }

type wanted struct {
	kind   *protocol // nil for a likeness
	fields []assignment
	as     string

	like  *likeness
	of    string // the frame that it is like
	about string // the frame that it quotes
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
	w := wanted{kind: kindNamed(words[0]), like: likenessNamed(words[0])}
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
	return kindNames(names...)
}

// add takes one more word.
func (w *wanted) add(a assignment) error {
	switch {
	case a.name == "as":
		w.as = a.value
		return nil
	case a.name == "of" && w.like != nil:
		w.of = a.value
		return nil
	case a.name == "about" && w.kind != nil && w.kind.quotes > 0:
		w.about = a.value
		return nil
	}
	w.fields = append(w.fields, a)
	if w.like != nil {
		return checkAny(a, every)
	}
	var f *field
	for _, value := range w.kind.choices(a) {
		var err error
		if f, err = w.kind.check(assignment{a.name, value, a.unknown}); err != nil {
			return err
		}
	}
	if f.sum && a.value == bad {
		return fmt.Errorf("%s: bad can be sent only; no scenario expects a wrong checksum", a.name)
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
	case w.about != "":
		return w.kind.kind + " about=" + w.about
	}
	return w.kind.kind
}

// Take compares a frame with what is expected and returns what is expected
// after it. The frame is noted in the memory. A frame that does not fit is a
// [*Mismatch].
func (e Expect) Take(frame []byte, seen *Memory) (rest Expect, err error) {
	var first *Mismatch
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
func (w wanted) match(frame []byte, seen *Memory) (*Mismatch, error) {
	if w.like == nil {
		m, p := w.matchFields(frame)
		if m != nil || w.about == "" {
			return m, nil
		}
		about, err := seen.frame(w.about)
		if err != nil {
			return nil, err
		}
		return misquotes(p, frame, about)
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
func (w wanted) matchFields(frame []byte) (*Mismatch, packet) {
	p, wrong := decode(frame, w.kind, func(at *protocol) bool { return at.askedBy(w.fields) })
	if w.kind != protocols[0] { // any frame may hold anything
		_, wrong = inspect(frame)
	}
	switch {
	case wrong != nil && wrong.Field != "":
		return wrong, p
	case wrong != nil || p.kind() != w.kind:
		return w.another(frame), p
	}
	for _, a := range w.fields {
		i, f := p.find(a.name)
		if f == nil {
			return w.another(frame), p
		}
		if m := p[i].unlike(f, a); m != nil {
			m = m.in(frame, p[i].protocol, p.start(i))
			m.about = Describe(frame)
			return m, p
		}
	}
	return nil, p
}

// unlike compares the field with the values that are wanted, of which one will
// do.
func (l layer) unlike(f *field, a assignment) *Mismatch {
	got := l.value(f)
	var want []byte
	var shown []string
	for _, value := range f.choices(a.value) {
		parsed, err := f.parse(value)
		if err == nil && f.show(got) == f.show(parsed) {
			return nil
		}
		want, shown = parsed, append(shown, f.show(parsed))
	}
	m := l.wrong(f, strings.Join(shown, " or "))
	if f.len == 0 {
		m.narrow(got, want)
	}
	return m
}

// another is that the frame is of another kind, or has an optional header or
// lacks it.
func (w wanted) another(frame []byte) *Mismatch {
	want, _, _ := strings.Cut(w.kind.doc, ";")
	whole, _ := decode(frame, nil, every)
	for _, at := range protocols {
		switch asked := at.askedBy(w.fields); {
		case !at.optional || asked == whole.has(at):
		case asked:
			want += " with " + at.name
		default:
			want += " without " + at.name
		}
	}
	return &Mismatch{Want: want, Got: Describe(frame), Frame: frame}
}
