package frame

import (
	"errors"
	"fmt"

	"wirebook/harness/internal/packet"
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
// that fitted fits again; one that was damaged is damaged by as much, unless it is
// given.
func (like *likeness) of(frame []byte, fields []packet.Assignment) (packet.Packet, error) {
	p, _ := table.Decode(frame, nil, packet.Every)
	p = table.Retag(p, fields, like.routed)
	fitted, damaged := p.Sums(true), p.Damages()
	if like.routed && !p.Forward() {
		return nil, errors.New("this is no packet that is forwarded: " + Describe(frame))
	}
	for _, a := range fields {
		i, f := p.Find(a.Name)
		if f == nil {
			return nil, fmt.Errorf("%q is no field of: %s", a.Name, Describe(frame))
		}
		if err := p[i].Set(f, a.Value); err != nil {
			return nil, err
		}
	}
	for _, at := range fitted {
		p[at.Layer].Put(at.Field, at.Field.Derive(p, at.Layer))
	}
	for _, d := range damaged {
		p.Renew(d, fields)
	}
	return p, nil
}

// differs compares a frame that came with what it should be. The fields are
// those that a scenario has given.
func (like *likeness) differs(want packet.Packet, frame []byte, fields []packet.Assignment) *packet.Mismatch {
	got := frame
	if like.routed {
		want[len(want)-1].Bytes = nil
		want.TakeLink(frame, fields)
		got = got[:min(len(got), len(want.Encode()))]
	}
	return differs(want.Encode(), got, frame)
}

// differs is the first difference of two frames; got is what counts of the frame that
// came.
func differs(want, got, frame []byte) *packet.Mismatch {
	p, _ := table.Decode(want, nil, packet.Every)
	q, _ := table.Decode(got, nil, packet.Every)
	if !p.SameHeaders(q) {
		return &packet.Mismatch{Want: Describe(want), Got: Describe(frame), Frame: frame}
	}
	for i, l := range p {
		if m := l.Differs(q[i]); m != nil {
			m.Within(frame, p, i, Describe(frame))
			return m
		}
	}
	return nil
}
