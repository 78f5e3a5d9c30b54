package packet

import (
	"fmt"
	"slices"
)

// A Layer is one header as it is on the wire, or the bytes behind the last.
type Layer struct {
	*Protocol
	Bytes []byte
}

// A Packet is a frame taken apart: its headers, the outermost first, then the
// data behind the last of them, then the padding. Data and padding are always
// there, if empty. Its bytes are those of its layers in a row, however wrong
// they are.
type Packet []Layer

// Decode takes a frame apart as far as it is well formed, but no further than
// to the header of the protocol last, if that is not nil. Of the optional
// headers those are known for which optional says so. What is malformed is left
// as data and is the second result. Checksums are no matter of form.
func (t Table) Decode(frame []byte, last *Protocol, optional func(*Protocol) bool) (Packet, *Mismatch) {
	var p Packet
	start, end := 0, len(frame)
	for next := t[0]; next != nil; next = t.next(p, last, optional) {
		header, length, wrong := next.cut(frame[start:end])
		if wrong != nil {
			return p.close(frame, start, end), wrong.in(frame, next, start)
		}
		p = append(p, Layer{next, slices.Clone(frame[start : start+header])})
		start, end = start+header, start+length
	}
	return p.close(frame, start, end), nil
}

// close puts data and padding behind the headers.
func (p Packet) close(frame []byte, start, end int) Packet {
	return append(p, Layer{Data, slices.Clone(frame[start:end])}, Layer{padding, slices.Clone(frame[end:])})
}

// next is the protocol of what the packet's last header carries, nil if that
// is data.
func (t Table) next(p Packet, last *Protocol, optional func(*Protocol) bool) *Protocol {
	l := p[len(p)-1]
	if l.Carries == "" || l.Opaque != nil && l.Opaque(l) {
		return nil
	}
	next := t.numbered(l.Carries, Number(l.Get(l.Carries)))
	switch {
	case next == nil:
		return nil
	case next.Optional && (p.Has(next) || !optional(next)):
		return nil
	case !next.Optional && p.Has(last):
		return nil
	}
	return next
}

// Has tells whether the packet has a header of the protocol.
func (p Packet) Has(at *Protocol) bool {
	return slices.ContainsFunc(p, func(l Layer) bool { return l.Protocol == at })
}

// Every knows every optional header.
func Every(*Protocol) bool { return true }

// cut tells how long the header is that b begins with, and where what it
// carries ends; behind that is padding.
func (at *Protocol) cut(b []byte) (header, end int, wrong *Mismatch) {
	if len(b) < at.Size {
		return 0, 0, &Mismatch{Want: fmt.Sprint(at.Size), Got: fmt.Sprintf("%d bytes", len(b))}
	}
	l := Layer{at, b}
	for i := range at.Fields {
		if f := &at.Fields[i]; f.Must && f.Show(l.Value(f)) != f.Usual {
			return 0, 0, l.wrong(f, f.Usual)
		}
	}
	switch {
	case at.Bare:
		return at.Size, at.Size, nil
	case at.Extent == nil:
		return at.Size, len(b), nil
	}
	header, end, field, want := at.Extent(l)
	if field != "" {
		return 0, 0, l.wrong(at.Field(field), want)
	}
	return header, end, nil
}

// Inspect takes a frame apart and finds the first thing that is wrong with its
// form or else with its checksums.
func (t Table) Inspect(frame []byte) (Packet, *Mismatch) {
	p, wrong := t.Decode(frame, nil, Every)
	if wrong != nil {
		return p, wrong
	}
	for _, at := range p.Sums(false) {
		l := p[at.Layer]
		want := at.Field.Show(at.Field.Derive(p, at.Layer))
		return p, l.wrong(at.Field, want).in(frame, l.Protocol, p.Start(at.Layer))
	}
	return p, nil
}

// Sums are the checksums that fit, or those that do not, the innermost last.
func (p Packet) Sums(fit bool) (found []Place) {
	for i, l := range p {
		for j := range l.Fields {
			f := &l.Fields[j]
			if !f.Sum || f.Unsummed && Number(l.Value(f)) == 0 {
				continue
			}
			if fit == sameSum(Number(l.Value(f)), Number(f.Derive(p, i))) {
				found = append(found, Place{i, f})
			}
		}
	}
	return found
}

// A Place is a field of a packet's layer.
type Place struct {
	Layer int
	Field *Field
}

// Derive computes what follows from the rest of the packet: lengths, numbers
// of protocols, addresses, checksums. The inner layers are first, and in a
// layer the fields are in order, since each needs those before it. A given
// field stays as it is, but if it was given as bad, it becomes so.
func (p Packet) Derive(given map[Place]string) {
	for i := len(p) - 1; i >= 0; i-- {
		for j := range p[i].Fields {
			f := &p[i].Fields[j]
			word, isGiven := given[Place{i, f}]
			value := p.derived(i, f)
			if value == nil || isGiven && word != Bad {
				continue
			}
			if isGiven {
				value = Big(Number(value)^0x5a5a, len(value))
			}
			p[i].Put(f, value)
		}
	}
}

// derived is the value of the field that follows from the rest, or nil.
func (p Packet) derived(i int, f *Field) []byte {
	switch {
	case f.Derive != nil:
		return f.Derive(p, i)
	case f.Name == p[i].Carries && f.Name == p[i+1].On:
		return Big(p[i+1].Numbers[0], f.Len)
	}
	return nil
}

// Inner is the part of the packet from layer i on, without the padding.
func (p Packet) Inner(i int) []byte {
	var b []byte
	for _, l := range p[i : len(p)-1] {
		b = append(b, l.Bytes...)
	}
	return b
}

// Encode is the bytes of the layers in a row.
func (p Packet) Encode() []byte { return append(p.Inner(0), p[len(p)-1].Bytes...) }

// Start is where layer i begins in the frame.
func (p Packet) Start(i int) int {
	n := 0
	for _, l := range p[:i] {
		n += len(l.Bytes)
	}
	return n
}

// Kind is the protocol of the innermost header that is no optional one.
func (p Packet) Kind() *Protocol {
	for _, l := range slices.Backward(p[:len(p)-2]) {
		if !l.Optional {
			return l.Protocol
		}
	}
	return nil
}

// Find finds the innermost layer that has the field.
func (p Packet) Find(name string) (i int, f *Field) {
	for i, l := range slices.Backward(p) {
		if f := l.Field(name); f != nil {
			return i, f
		}
	}
	return -1, nil
}

// Get is the value of a field that the packet has.
func (p Packet) Get(name string) []byte {
	i, f := p.Find(name)
	return p[i].Value(f)
}

// Word is the value of a field that the packet has, as scenarios write it.
func (p Packet) Word(name string) string {
	i, f := p.Find(name)
	return f.Write(p[i].Value(f))
}

// Get is the value of the layer's own field.
func (l Layer) Get(name string) []byte { return l.Value(l.Field(name)) }

// Describe says in one line what a frame is, with all that tells it from
// others of its kind:
//
//	ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02
//	ARP 10.0.0.2 is-at 02-00-0a-00-00-02 for 10.0.0.1
//	echo request 10.0.0.1 > 10.0.0.2 id 1 seq 1, to 02-00-0a-00-00-02
//	malformed ARP packet: hlen is 5 instead of 6
//
// Most have at most 65 characters.
func (t Table) Describe(frame []byte) string {
	p, wrong := t.Inspect(frame)
	switch {
	case wrong == nil:
		return p.Describe()
	case wrong.Field != "" && wrong.layer.Field(wrong.Field).Sum:
		return fmt.Sprintf("%s (%s)", p.Describe(), wrong.short())
	}
	return fmt.Sprintf("malformed %s: %s", wrong.layer.Name, wrong.short())
}

// Describe puts the words of the layers together, the innermost first.
func (p Packet) Describe() string {
	words := ""
	for i, l := range slices.Backward(p) {
		if l.Describe != nil {
			words = l.Describe(p, i, words)
		}
	}
	return words
}
