package packet

import (
	"fmt"
	"slices"
	"strings"
)

// A Table is the protocols that are known. The first is that of the outermost
// header.
type Table []*Protocol

// A Protocol is what is known of the layers of one sort.
type Protocol struct {
	// Kind is the word by which scenarios name a frame whose last header is
	// of this protocol, and Doc says what such a frame is.
	Kind, Doc string
	// Name is what a sentence calls the layer: "byte 4 of the ARP packet".
	Name string

	// On is the field, of some outer layer, that says by one of the numbers
	// that this protocol follows. The outermost has none.
	On      string
	Numbers []int
	// Carries is the field that says so of what follows this header.
	Carries string
	// Optional is a header between one that carries and what it carries, as a
	// tag is. It is in a frame if one of its fields is given.
	Optional bool
	// Bare is a packet that carries nothing: what follows it is padding.
	Bare bool
	// Empty is a packet that carries nothing unless a scenario says so.
	Empty bool
	// Stream is a packet that carries a piece of a stream, of which its field seq is the
	// number of the first octet.
	Stream bool

	Size   int // of the header, in bytes, without what varies
	Fields []Field

	// Extent tells how long the header is and where what it carries ends,
	// where that is not the size and the end of the bytes. A field that makes
	// it impossible is returned with what it should be.
	Extent func(l Layer) (header, end int, field, want string)
	// Opaque tells that what the header carries cannot be taken apart.
	Opaque func(l Layer) bool
	// Link is the MAC addresses that the frame has unless a scenario says
	// otherwise. They are told if who reads of the packet need not read of them, too.
	Link func(p Packet, i int) (dst, src []byte, told bool)
	// Describe says what layer i is; inner is what has been said of what it
	// carries, "" if that is only data.
	Describe func(p Packet, i int, inner string) string
	// Fitting is what fields are, here and in the headers around, that fits the
	// rest of the packet better than their usual values, unless a scenario says
	// otherwise. The packet has a header of this protocol as its last.
	Fitting func(p Packet) []Assignment
	// Forward does to the header what a router does.
	Forward func(l Layer)
	// Quoted tells how a packet of this protocol may be quoted in an error about
	// it: so much of one of the forms, or more. The first form is the packet as it
	// was. The layer's bytes are the whole packet.
	Quoted func(l Layer) (forms [][]byte, least int)
	// Quotes is how many bytes a packet of this protocol has at most that quotes
	// another; 0 is that none does.
	Quotes int
	// Answer is the fields in which the right answer to the packet differs
	// from what a scenario sends by default.
	Answer func(p Packet) []Assignment
}

// numbered finds the protocol that the number stands for in the field.
func (t Table) numbered(on string, n int) *Protocol {
	for _, at := range t {
		if at.On == on && slices.Contains(at.Numbers, n) {
			return at
		}
	}
	return nil
}

// KindNamed finds the protocol whose kind has this name, or nil.
func (t Table) KindNamed(name string) *Protocol {
	for _, at := range t {
		if at.Kind == name && name != "" {
			return at
		}
	}
	return nil
}

// KindNames are the words for kinds, and more words.
func (t Table) KindNames(more ...string) string {
	for _, at := range t {
		if at.Kind != "" {
			more = append(more, at.Kind)
		}
	}
	slices.Sort(more)
	return strings.Join(more, " ")
}

// stack is the protocols of the frames of this kind, the outermost first, with
// the optional ones that can stand between them.
func (t Table) stack(at *Protocol) []*Protocol {
	var stack []*Protocol
	for _, outer := range t {
		if at.On != "" && outer.Carries == at.On && !outer.Optional {
			stack = t.stack(outer)
		}
	}
	stack = append(stack, at)
	for _, inner := range t {
		if inner.Optional && inner.On == at.Carries {
			stack = append(stack, inner)
		}
	}
	return stack
}

// Under is the kind of which frames of this kind have the fields too, or nil.
func (t Table) Under(at *Protocol) *Protocol {
	for _, in := range slices.Backward(t.stack(at)) {
		if in != at && !in.Optional {
			return in
		}
	}
	return nil
}

// layers are the protocols whose fields a frame of this kind can have.
func (t Table) layers(at *Protocol) []*Protocol {
	if at.Bare {
		return t.stack(at)
	}
	return append(t.stack(at), Data)
}

// Build makes the frame of the given fields, right in all others.
func (t Table) Build(at *Protocol, words []Assignment) ([]byte, error) {
	p, err := t.blank(at, words)
	if err != nil {
		return nil, err
	}
	given := make(map[Place]string)
	for _, a := range words {
		i, f := p.Find(a.Name)
		if f == nil {
			return nil, t.noField(at, a.Name)
		}
		given[Place{i, f}] = a.Value
		if err := p[i].Set(f, a.Value); err != nil {
			return nil, err
		}
	}
	if at.Fitting != nil {
		p.fit(at.Fitting(p), given)
	}
	p.Derive(given)
	return p.Encode(), nil
}

// fit gives fields that are not given the values that fit.
func (p Packet) fit(words []Assignment, given map[Place]string) {
	for _, a := range words {
		i, f := p.Find(a.Name)
		if _, isGiven := given[Place{i, f}]; isGiven {
			continue
		}
		if err := p[i].Set(f, a.Value); err != nil {
			panic(err) // the protocol's own words
		}
		given[Place{i, f}] = a.Value
	}
}

// blank is a packet of this kind with the usual values, and with those of the
// optional layers that have one of the fields.
func (t Table) blank(at *Protocol, words []Assignment) (Packet, error) {
	var p Packet
	for _, in := range t.layers(at) {
		if in.Optional && !in.AskedBy(words) {
			continue
		}
		l := Layer{in, make([]byte, in.Size)}
		for i := range in.Fields {
			f := &in.Fields[i]
			if f.Usual == "" || in == Data && at.Empty {
				continue
			}
			if err := l.Set(f, f.Usual); err != nil {
				return nil, err
			}
		}
		p = append(p, l)
	}
	if at.Bare {
		p = append(p, Layer{Data, nil})
	}
	return append(p, Layer{padding, nil}), nil
}

// AskedBy tells whether one of the fields is one that only this protocol has.
func (at *Protocol) AskedBy(words []Assignment) bool {
	return slices.ContainsFunc(words, func(a Assignment) bool { return a.Name != at.Carries && at.Field(a.Name) != nil })
}

// Check finds the innermost field of that name and tries the value on it.
func (t Table) Check(at *Protocol, a Assignment) (*Field, error) {
	for _, in := range slices.Backward(t.layers(at)) {
		f := in.Field(a.Name)
		if f == nil {
			continue
		}
		if a.Unknown {
			return f, nil
		}
		_, err := f.parse(a.Value)
		return f, err
	}
	return nil, t.noField(at, a.Name)
}

// Choices are the values of a field of which one is expected.
func (t Table) Choices(at *Protocol, a Assignment) []string {
	for _, in := range slices.Backward(t.layers(at)) {
		if f := in.Field(a.Name); f != nil && !a.Unknown {
			return f.Choices(a.Value)
		}
	}
	return []string{a.Value}
}

func (t Table) noField(at *Protocol, name string) error {
	return fmt.Errorf("%q is no field of %s; its fields are %s", name, at.Kind, strings.Join(t.FieldNames(at, nil), " "))
}

// FieldNames adds to names those of the fields that a frame of this kind can have.
func (t Table) FieldNames(at *Protocol, names []string) []string {
	for _, in := range t.layers(at) {
		for _, f := range in.Fields {
			if !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}
