package packet

import (
	"encoding/hex"
	"slices"
	"strconv"
)

// Retag leaves of the optional headers those that the fields ask for, and puts
// in those that are missing. One that was there keeps what is not asked for,
// unless it should be fresh.
func (t Table) Retag(p Packet, fields []Assignment, fresh bool) Packet {
	for _, in := range t {
		if !in.Optional {
			continue
		}
		at := slices.IndexFunc(p, func(l Layer) bool { return l.Protocol == in })
		asked := in.AskedBy(fields)
		switch outer := slices.IndexFunc(p, func(l Layer) bool { return l.Carries == in.On }); {
		case at >= 0 && asked && fresh:
			copy(p[at].Bytes, make([]byte, in.Field(in.Carries).Off))
		case at >= 0 && !asked:
			p[at-1].Put(p[at-1].Field(in.On), p[at].Get(in.Carries))
			p = slices.Delete(p, at, at+1)
		case at < 0 && asked:
			l := Layer{in, make([]byte, in.Size)}
			l.Put(in.Field(in.Carries), p[outer].Get(in.On))
			p[outer].Put(p[outer].Field(in.On), Big(in.Numbers[0], 2))
			p = slices.Insert(p, outer+1, l)
		}
	}
	return p
}

// Forward does to the headers what a router does, if they are of a packet.
func (p Packet) Forward() (done bool) {
	for _, l := range p {
		if l.Forward != nil {
			l.Forward(l)
			done = true
		}
	}
	return done
}

// A Damage is a checksum that did not fit, and the one that would have.
type Damage struct {
	place      Place
	sum, right int
}

// Damages are the packet's checksums that do not fit.
func (p Packet) Damages() (found []Damage) {
	for _, at := range p.Sums(false) {
		l := p[at.Layer]
		found = append(found, Damage{at, Number(l.Value(at.Field)), Number(at.Field.Derive(p, at.Layer))})
	}
	return found
}

// Renew brings a damaged checksum up to date after a change of what it covers: it
// is wrong by as much as before (RFC 1624). A field that is given keeps its value.
func (p Packet) Renew(d Damage, given []Assignment) {
	f := d.place.Field
	now := Number(f.Derive(p, d.place.Layer))
	if now == d.right || slices.ContainsFunc(given, func(a Assignment) bool { return a.Name == f.Name }) {
		return
	}
	sum := (d.sum + 0xffff - d.right + now) % 0xffff
	if sum == 0 && f.Unsummed {
		sum = 0xffff
	}
	p[d.place.Layer].Put(f, Big(sum, 2))
}

// TakeLink takes over the MAC addresses of a frame that are not given.
func (p Packet) TakeLink(frame []byte, given []Assignment) {
	for i := range p[0].Fields {
		f := &p[0].Fields[i]
		isGiven := slices.ContainsFunc(given, func(a Assignment) bool { return a.Name == f.Name })
		if f.Derive != nil && !isGiven && len(frame) >= p[0].Size {
			p[0].Put(f, Layer{p[0].Protocol, frame}.Value(f))
		}
	}
}

// SameHeaders tells whether the protocols of two packets are the same.
func (p Packet) SameHeaders(q Packet) bool {
	return slices.EqualFunc(p, q, func(a, b Layer) bool { return a.Protocol == b.Protocol })
}

// Differs compares a layer with what came in its place.
func (l Layer) Differs(got Layer) *Mismatch {
	if len(l.Fields) > 0 && l.Size > 0 && len(l.Bytes) == len(got.Bytes) {
		for i := range l.Fields {
			f := &l.Fields[i]
			a, b := l.Value(f), got.Value(f)
			if f.Show(a) != f.Show(b) && !(f.Sum && !f.Unsummed && sameSum(Number(a), Number(b))) {
				return got.wrong(f, f.Show(a))
			}
		}
		return nil
	}
	if slices.Equal(l.Bytes, got.Bytes) {
		return nil
	}
	m := &Mismatch{Field: l.Name, meaning: "in hexadecimal", Want: hex.EncodeToString(l.Bytes), Got: hex.EncodeToString(got.Bytes)}
	if len(l.Bytes) != len(got.Bytes) {
		m = &Mismatch{Field: l.Name, meaning: "its length", Want: strconv.Itoa(len(l.Bytes)), Got: strconv.Itoa(len(got.Bytes))}
	}
	m.narrow(got.Bytes, l.Bytes)
	return m
}
