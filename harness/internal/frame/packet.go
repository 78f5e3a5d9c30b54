package frame

import (
	"fmt"
	"slices"
)

// A layer is one header as it is on the wire, or the bytes behind the last.
type layer struct {
	*protocol
	bytes []byte
}

// A packet is a frame taken apart: its headers, the outermost first, then the
// data behind the last of them, then the padding. Data and padding are always
// there, if empty. Its bytes are those of its layers in a row, however wrong
// they are.
type packet []layer

// decode takes a frame apart as far as it is well formed, but no further than
// to the header of the protocol last, if that is not nil. Of the optional
// headers those are known for which optional says so. What is malformed is left
// as data and is the second result. Checksums are no matter of form.
func decode(frame []byte, last *protocol, optional func(*protocol) bool) (packet, *Mismatch) {
	var p packet
	start, end := 0, len(frame)
	for next := protocols[0]; next != nil; next = p.next(last, optional) {
		header, length, wrong := next.cut(frame[start:end])
		if wrong != nil {
			return p.close(frame, start, end), wrong.in(frame, next, start)
		}
		p = append(p, layer{next, slices.Clone(frame[start : start+header])})
		start, end = start+header, start+length
	}
	return p.close(frame, start, end), nil
}

// close puts data and padding behind the headers.
func (p packet) close(frame []byte, start, end int) packet {
	return append(p, layer{data, slices.Clone(frame[start:end])}, layer{padding, slices.Clone(frame[end:])})
}

// next is the protocol of what the packet's last header carries, nil if that
// is data.
func (p packet) next(last *protocol, optional func(*protocol) bool) *protocol {
	l := p[len(p)-1]
	if l.carries == "" || l.opaque != nil && l.opaque(l) {
		return nil
	}
	next := numbered(l.carries, number(l.get(l.carries)))
	switch {
	case next == nil:
		return nil
	case next.optional && (p.has(next) || !optional(next)):
		return nil
	case !next.optional && p.has(last):
		return nil
	}
	return next
}

// has tells whether the packet has a header of the protocol.
func (p packet) has(at *protocol) bool {
	return slices.ContainsFunc(p, func(l layer) bool { return l.protocol == at })
}

func every(*protocol) bool { return true }

// cut tells how long the header is that b begins with, and where what it
// carries ends; behind that is padding.
func (at *protocol) cut(b []byte) (header, end int, wrong *Mismatch) {
	if len(b) < at.size {
		return 0, 0, &Mismatch{Want: fmt.Sprint(at.size), Got: fmt.Sprintf("%d bytes", len(b))}
	}
	l := layer{at, b}
	for i := range at.fields {
		if f := &at.fields[i]; f.must && f.show(l.value(f)) != f.usual {
			return 0, 0, l.wrong(f, f.usual)
		}
	}
	switch {
	case at.bare:
		return at.size, at.size, nil
	case at.extent == nil:
		return at.size, len(b), nil
	}
	header, end, field, want := at.extent(l)
	if field != "" {
		return 0, 0, l.wrong(at.field(field), want)
	}
	return header, end, nil
}

// inspect takes a frame apart and finds the first thing that is wrong with its
// form or else with its checksums.
func inspect(frame []byte) (packet, *Mismatch) {
	p, wrong := decode(frame, nil, every)
	if wrong != nil {
		return p, wrong
	}
	for _, at := range p.sums(false) {
		l := p[at.layer]
		want := at.field.show(at.field.derive(p, at.layer))
		return p, l.wrong(at.field, want).in(frame, l.protocol, p.start(at.layer))
	}
	return p, nil
}

// sums are the checksums that fit, or those that do not, the innermost last.
func (p packet) sums(fit bool) (found []place) {
	for i, l := range p {
		for j := range l.fields {
			f := &l.fields[j]
			if !f.sum || f.unsummed && number(l.value(f)) == 0 {
				continue
			}
			if fit == sameSum(number(l.value(f)), number(f.derive(p, i))) {
				found = append(found, place{i, f})
			}
		}
	}
	return found
}

// A place is a field of a packet's layer.
type place struct {
	layer int
	field *field
}

// derive computes what follows from the rest of the packet: lengths, numbers
// of protocols, addresses, checksums. The inner layers are first, and in a
// layer the fields are in order, since each needs those before it. A given
// field stays as it is, but if it was given as bad, it becomes so.
func (p packet) derive(given map[place]string) {
	for i := len(p) - 1; i >= 0; i-- {
		for j := range p[i].fields {
			f := &p[i].fields[j]
			word, isGiven := given[place{i, f}]
			value := p.derived(i, f)
			if value == nil || isGiven && word != bad {
				continue
			}
			if isGiven {
				value = big(number(value)^0x5a5a, len(value))
			}
			p[i].put(f, value)
		}
	}
}

// derived is the value of the field that follows from the rest, or nil.
func (p packet) derived(i int, f *field) []byte {
	switch {
	case f.derive != nil:
		return f.derive(p, i)
	case f.name == p[i].carries && f.name == p[i+1].on:
		return big(p[i+1].numbers[0], f.len)
	}
	return nil
}

// inner is the part of the packet from layer i on, without the padding.
func (p packet) inner(i int) []byte {
	var b []byte
	for _, l := range p[i : len(p)-1] {
		b = append(b, l.bytes...)
	}
	return b
}

func (p packet) encode() []byte { return append(p.inner(0), p[len(p)-1].bytes...) }

// start is where layer i begins in the frame.
func (p packet) start(i int) int {
	n := 0
	for _, l := range p[:i] {
		n += len(l.bytes)
	}
	return n
}

// kind is the protocol of the innermost header that is no optional one.
func (p packet) kind() *protocol {
	for _, l := range slices.Backward(p[:len(p)-2]) {
		if !l.optional {
			return l.protocol
		}
	}
	return nil
}

// find finds the innermost layer that has the field.
func (p packet) find(name string) (i int, f *field) {
	for i, l := range slices.Backward(p) {
		if f := l.field(name); f != nil {
			return i, f
		}
	}
	return -1, nil
}

// get is the value of a field that the packet has.
func (p packet) get(name string) []byte {
	i, f := p.find(name)
	return p[i].value(f)
}

// word is the value of a field that the packet has, as scenarios write it.
func (p packet) word(name string) string {
	i, f := p.find(name)
	return f.write(p[i].value(f))
}

// get is the value of the layer's own field.
func (l layer) get(name string) []byte { return l.value(l.field(name)) }

// Describe says in one line what a frame is, with all that tells it from
// others of its kind:
//
//	ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02
//	ARP 10.0.0.2 is-at 02-00-0a-00-00-02 for 10.0.0.1
//	echo request 10.0.0.1 > 10.0.0.2 id 1 seq 1, to 02-00-0a-00-00-02
//	malformed ARP packet: hlen is 5 instead of 6
//
// Most have at most 65 characters.
func Describe(frame []byte) string {
	p, wrong := inspect(frame)
	switch {
	case wrong == nil:
		return p.describe()
	case wrong.Field != "" && wrong.layer.field(wrong.Field).sum:
		return fmt.Sprintf("%s (%s)", p.describe(), wrong.short())
	}
	return fmt.Sprintf("malformed %s: %s", wrong.layer.name, wrong.short())
}

// describe puts the words of the layers together, the innermost first.
func (p packet) describe() string {
	words := ""
	for i, l := range slices.Backward(p) {
		if l.describe != nil {
			words = l.describe(p, i, words)
		}
	}
	return words
}
