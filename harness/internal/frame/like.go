package frame

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// A likeness is a kind of frame that is expected by another one, that of=
// names: what it should be follows from that one and from what a scenario says
// is different.
type likeness struct {
	kind, doc string
	// routed is a packet as it leaves a router: an own tag, MAC addresses that
	// count only where they are given, any padding.
	routed bool
}

var likenesses = []*likeness{
	{kind: "copy", doc: "the frame of=NAME, byte for byte. Fields say what is different. It has no tag but with vlan, prio or dei, of which" +
		" those that are not given are as they came"},
	{kind: "forwarded", doc: "the packet of=NAME as a router sends it on: TTL one less, checksums that fit, all else as it was. Fields say what is" +
		" different. MAC addresses are compared if they are given; it has no tag but with vlan; padding may be any", routed: true},
}

func likenessNamed(kind string) *likeness {
	for _, like := range likenesses {
		if like.kind == kind {
			return like
		}
	}
	return nil
}

// of is what the frame should be now: that frame, with these fields. A checksum
// that fitted fits again.
func (like *likeness) of(frame []byte, fields []assignment) (packet, error) {
	p, _ := decode(frame, nil, every)
	p = p.retag(fields, like.routed)
	fitted := p.sums(true)
	if like.routed && !p.forward() {
		return nil, errors.New("this is no packet that is forwarded: " + Describe(frame))
	}
	for _, a := range fields {
		i, f := p.find(a.name)
		if f == nil {
			return nil, fmt.Errorf("%q is no field of: %s", a.name, Describe(frame))
		}
		if err := p[i].set(f, a.value); err != nil {
			return nil, err
		}
	}
	for _, at := range fitted {
		p[at.layer].put(at.field, at.field.derive(p, at.layer))
	}
	return p, nil
}

// retag leaves of the optional headers those that the fields ask for, and puts
// in those that are missing. One that was there keeps what is not asked for,
// unless it should be fresh.
func (p packet) retag(fields []assignment, fresh bool) packet {
	for _, in := range protocols {
		if !in.optional {
			continue
		}
		at := slices.IndexFunc(p, func(l layer) bool { return l.protocol == in })
		asked := in.askedBy(fields)
		switch outer := slices.IndexFunc(p, func(l layer) bool { return l.carries == in.on }); {
		case at >= 0 && asked && fresh:
			copy(p[at].bytes, make([]byte, in.field(in.carries).off))
		case at >= 0 && !asked:
			p[at-1].put(p[at-1].field(in.on), p[at].get(in.carries))
			p = slices.Delete(p, at, at+1)
		case at < 0 && asked:
			l := layer{in, make([]byte, in.size)}
			l.put(in.field(in.carries), p[outer].get(in.on))
			p[outer].put(p[outer].field(in.on), big(in.numbers[0], 2))
			p = slices.Insert(p, outer+1, l)
		}
	}
	return p
}

// forward does to the headers what a router does, if they are of a packet.
func (p packet) forward() (done bool) {
	for _, l := range p {
		if l.forward != nil {
			l.forward(l)
			done = true
		}
	}
	return done
}

// differs compares a frame that came with what it should be. The fields are
// those that a scenario has given.
func (like *likeness) differs(want packet, frame []byte, fields []assignment) *Mismatch {
	got := frame
	if like.routed {
		want[len(want)-1].bytes = nil
		want.takeLink(frame, fields)
		got = got[:min(len(got), len(want.encode()))]
	}
	want, _ = decode(want.encode(), nil, every) // what stood behind a tag may be one now
	other, _ := decode(got, nil, every)
	if !want.sameHeaders(other) {
		return &Mismatch{Want: Describe(want.encode()), Got: Describe(frame), Frame: frame}
	}
	for i, l := range want {
		m := l.differs(other[i])
		if m != nil {
			m = m.in(frame, l.protocol, want.start(i))
			m.about = Describe(frame)
			return m
		}
	}
	return nil
}

// takeLink takes over the MAC addresses of a frame that are not given.
func (p packet) takeLink(frame []byte, given []assignment) {
	for i := range p[0].fields {
		f := &p[0].fields[i]
		isGiven := slices.ContainsFunc(given, func(a assignment) bool { return a.name == f.name })
		if f.derive != nil && !isGiven && len(frame) >= p[0].size {
			p[0].put(f, layer{p[0].protocol, frame}.value(f))
		}
	}
}

func (p packet) sameHeaders(q packet) bool {
	return slices.EqualFunc(p, q, func(a, b layer) bool { return a.protocol == b.protocol })
}

// differs compares a layer with what came in its place.
func (l layer) differs(got layer) *Mismatch {
	if len(l.fields) > 0 && l.size > 0 && len(l.bytes) == len(got.bytes) {
		for i := range l.fields {
			f := &l.fields[i]
			a, b := l.value(f), got.value(f)
			if f.show(a) != f.show(b) && !(f.sum && sameSum(number(a), number(b))) {
				return got.wrong(f, f.show(a))
			}
		}
		return nil
	}
	if slices.Equal(l.bytes, got.bytes) {
		return nil
	}
	m := &Mismatch{Field: l.name, meaning: "in hexadecimal", Want: hex.EncodeToString(l.bytes), Got: hex.EncodeToString(got.bytes)}
	if len(l.bytes) != len(got.bytes) {
		m = &Mismatch{Field: l.name, meaning: "its length", Want: strconv.Itoa(len(l.bytes)), Got: strconv.Itoa(len(got.bytes))}
	}
	m.narrow(got.bytes, l.bytes)
	return m
}
