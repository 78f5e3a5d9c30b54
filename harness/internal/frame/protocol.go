package frame

import (
	"fmt"
	"slices"
	"strings"
)

// protocols is the table of protocols. The first is that of the outermost
// header. A new one is a file of its own and a row here.
var protocols = []*protocol{ethernet, vlan, arp, ipv4, icmp, udp, tcp}

// A protocol is what is known of the layers of one sort.
type protocol struct {
	// kind is the word by which scenarios name a frame whose last header is
	// of this protocol, and doc says what such a frame is.
	kind, doc string
	// name is what a sentence calls the layer: "byte 4 of the ARP packet".
	name string

	// on is the field, of some outer layer, that says by one of the numbers
	// that this protocol follows. The outermost has none.
	on      string
	numbers []int
	// carries is the field that says so of what follows this header.
	carries string
	// optional is a header between one that carries and what it carries, as a
	// tag is. It is in a frame if one of its fields is given.
	optional bool
	// bare is a packet that carries nothing: what follows it is padding.
	bare bool
	// empty is a packet that carries nothing unless a scenario says so.
	empty bool

	size   int // of the header, in bytes, without what varies
	fields []field

	// extent tells how long the header is and where what it carries ends,
	// where that is not the size and the end of the bytes. A field that makes
	// it impossible is returned with what it should be.
	extent func(l layer) (header, end int, field, want string)
	// opaque tells that what the header carries cannot be taken apart.
	opaque func(l layer) bool
	// link is the MAC addresses that the frame has unless a scenario says
	// otherwise. They are told if they stand in the packet itself.
	link func(p packet, i int) (dst, src []byte, told bool)
	// describe says what layer i is; inner is what has been said of what it
	// carries, "" if that is only data.
	describe func(p packet, i int, inner string) string
	// forward does to the header what a router does.
	forward func(l layer)
	// quoted tells how the packet from layer i on may be quoted in an error
	// about it: so much of one of the forms, or more.
	quoted func(p packet, i int) (forms [][]byte, least int)
	// quotes is how many bytes a packet of this protocol has at most that quotes
	// another; 0 is that none does.
	quotes int
	// answer is the fields in which the right answer to the packet differs
	// from what a scenario sends by default.
	answer func(p packet) []assignment
}

// numbered finds the protocol that the number stands for in the field.
func numbered(on string, n int) *protocol {
	for _, at := range protocols {
		if at.on == on && slices.Contains(at.numbers, n) {
			return at
		}
	}
	return nil
}

// kindNamed finds the protocol whose kind has this name, or nil.
func kindNamed(name string) *protocol {
	for _, at := range protocols {
		if at.kind == name && name != "" {
			return at
		}
	}
	return nil
}

// kindNames are the words for kinds, and more words.
func kindNames(more ...string) string {
	for _, at := range protocols {
		if at.kind != "" {
			more = append(more, at.kind)
		}
	}
	slices.Sort(more)
	return strings.Join(more, " ")
}

// stack is the protocols of the frames of this kind, the outermost first, with
// the optional ones that can stand between them.
func (at *protocol) stack() []*protocol {
	var stack []*protocol
	for _, outer := range protocols {
		if at.on != "" && outer.carries == at.on && !outer.optional {
			stack = outer.stack()
		}
	}
	stack = append(stack, at)
	for _, inner := range protocols {
		if inner.optional && inner.on == at.carries {
			stack = append(stack, inner)
		}
	}
	return stack
}

// under is the kind of which frames of this kind have the fields too, or nil.
func (at *protocol) under() *protocol {
	for _, in := range slices.Backward(at.stack()) {
		if in != at && !in.optional {
			return in
		}
	}
	return nil
}

// layers are the protocols whose fields a frame of this kind can have.
func (at *protocol) layers() []*protocol {
	if at.bare {
		return at.stack()
	}
	return append(at.stack(), data)
}

// build makes the frame of the given fields, right in all others.
func (at *protocol) build(words []assignment) ([]byte, error) {
	p, err := at.blank(words)
	if err != nil {
		return nil, err
	}
	given := make(map[place]string)
	for _, a := range words {
		i, f := p.find(a.name)
		if f == nil {
			return nil, at.noField(a.name)
		}
		given[place{i, f}] = a.value
		if err := p[i].set(f, a.value); err != nil {
			return nil, err
		}
	}
	p.derive(given)
	return p.encode(), nil
}

// blank is a packet of this kind with the usual values, and with those of the
// optional layers that have one of the fields.
func (at *protocol) blank(words []assignment) (packet, error) {
	var p packet
	for _, in := range at.layers() {
		if in.optional && !in.askedBy(words) {
			continue
		}
		l := layer{in, make([]byte, in.size)}
		for i := range in.fields {
			f := &in.fields[i]
			if f.usual == "" || in == data && at.empty {
				continue
			}
			if err := l.set(f, f.usual); err != nil {
				return nil, err
			}
		}
		p = append(p, l)
	}
	if at.bare {
		p = append(p, layer{data, nil})
	}
	return append(p, layer{padding, nil}), nil
}

// askedBy tells whether one of the fields is one that only this protocol has.
func (at *protocol) askedBy(words []assignment) bool {
	return slices.ContainsFunc(words, func(a assignment) bool { return a.name != at.carries && at.field(a.name) != nil })
}

// check finds the innermost field of that name and tries the value on it.
func (at *protocol) check(a assignment) (*field, error) {
	for _, in := range slices.Backward(at.layers()) {
		f := in.field(a.name)
		if f == nil {
			continue
		}
		if a.unknown {
			return f, nil
		}
		_, err := f.parse(a.value)
		return f, err
	}
	return nil, at.noField(a.name)
}

// choices are the values of a field of which one is expected.
func (at *protocol) choices(a assignment) []string {
	for _, in := range slices.Backward(at.layers()) {
		if f := in.field(a.name); f != nil && !a.unknown {
			return f.choices(a.value)
		}
	}
	return []string{a.value}
}

func (at *protocol) noField(name string) error {
	return fmt.Errorf("%q is no field of %s; its fields are %s", name, at.kind, strings.Join(at.fieldNames(nil), " "))
}

// fieldNames adds to names those of the fields that a frame of this kind can have.
func (at *protocol) fieldNames(names []string) []string {
	for _, in := range at.layers() {
		for _, f := range in.fields {
			if !slices.Contains(names, f.name) {
				names = append(names, f.name)
			}
		}
	}
	return names
}
