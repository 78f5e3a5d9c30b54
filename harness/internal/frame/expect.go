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
	kind   *protocol
	fields []assignment
	as     string
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
		return wanted{}, errors.New("a kind is missing: " + kindNames())
	}
	w := wanted{kind: kindNamed(words[0])}
	if w.kind == nil && !unknown(0) {
		return wanted{}, fmt.Errorf("%q is no kind; there are %s", words[0], kindNames())
	}
	list, err := parseWords(words[1:], func(i int) bool { return unknown(i + 1) })
	if err != nil || w.kind == nil {
		return w, err
	}
	for _, a := range list {
		if a.name == "as" {
			w.as = a.value
			continue
		}
		f, err := w.kind.check(a)
		if err != nil {
			return wanted{}, err
		}
		if f.sum && a.value == bad {
			return wanted{}, fmt.Errorf("%s: bad can be sent only; no scenario expects a wrong checksum", a.name)
		}
		w.fields = append(w.fields, a)
	}
	return w, nil
}

// Len is the number of frames that are still expected.
func (e Expect) Len() int { return len(e.wanted) }

// String says what is expected, as the scenario wrote it.
func (e Expect) String() string {
	var parts []string
	for _, w := range e.wanted {
		words := []string{w.kind.kind}
		for _, a := range w.fields {
			words = append(words, a.String())
		}
		parts = append(parts, strings.Join(words, " "))
	}
	return strings.Join(parts, " + ")
}

// Take compares a frame with what is expected and returns what is expected
// after it. The frame is noted in the memory. A frame that does not fit is a
// [*Mismatch].
func (e Expect) Take(frame []byte, seen Memory) (rest Expect, err error) {
	var first *Mismatch
	for i, w := range e.wanted {
		m := w.match(frame)
		if m == nil {
			seen[""] = slices.Clone(frame)
			if w.as != "" {
				seen[w.as] = seen[""]
			}
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

// match compares the fields that are named, and that the packet is well formed.
func (w wanted) match(frame []byte) *Mismatch {
	p, wrong := decode(frame, w.kind)
	if w.kind != protocols[0] { // any frame may hold anything
		_, wrong = inspect(frame)
	}
	switch {
	case wrong != nil && wrong.Field != "":
		return wrong
	case wrong != nil || p.kind() != w.kind:
		return w.another(frame)
	}
	for _, a := range w.fields {
		i, f := p.find(a.name)
		if f == nil {
			return w.another(frame)
		}
		want, err := f.parse(a.value)
		if got := p[i].value(f); err != nil || f.show(got) != f.show(want) {
			m := p[i].wrong(f, f.show(want)).in(frame, p[i].protocol, p.start(i))
			m.about = Describe(frame)
			if f.len == 0 {
				m.narrow(got, want)
			}
			return m
		}
	}
	return nil
}

// another is that the frame is of another kind.
func (w wanted) another(frame []byte) *Mismatch {
	want, _, _ := strings.Cut(w.kind.doc, ";")
	return &Mismatch{Want: want, Got: Describe(frame), Frame: frame}
}
