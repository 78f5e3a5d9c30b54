package packet

import (
	"bytes"
	"slices"
)

// quoted is the name of what an error quotes where it is left free how: as much as
// an error must quote, or more, as the packet was received or is sent on.
const quoted = "quote"

// TakeFree gives a frame the fields of another that are free, of the header of a
// protocol and those around it; what followed from them follows again. The mismatch is
// in what is free only within limits.
func (t Table) TakeFree(frame, other []byte, at *Protocol, free []string) ([]byte, *Mismatch) {
	p, _ := t.Decode(frame, at, Every)
	q, _ := t.Decode(other, at, Every)
	if !p.SameHeaders(q) {
		return frame, nil
	}
	kept := p.given()
	for _, name := range free {
		if name == quoted {
			if m := q.misquotesLike(p); m != nil {
				m.Within(other, q, len(q)-2, t.Describe(other))
				return frame, m
			}
			p[len(p)-2].Bytes = q.quote()
			continue
		}
		i, f := p.Find(name)
		if f == nil { // of an optional header
			continue
		}
		if m := q[i].otherEntry(p[i], f, free); m != nil {
			m.Within(other, q, i, t.Describe(other))
			return frame, m
		}
		p[i].Put(f, q[i].Value(f))
		kept[Place{i, f}] = ""
	}
	p.Derive(kept)
	return p.Encode(), nil
}

// TakeSums gives a frame the checksums of another, where they fit in both: it is what
// they are of that differs.
func (t Table) TakeSums(frame, other []byte) []byte {
	p, _ := t.Decode(frame, nil, Every)
	q, _ := t.Decode(other, nil, Every)
	if !p.SameHeaders(q) {
		return frame
	}
	theirs := q.Sums(true)
	for _, at := range p.Sums(true) {
		if slices.Contains(theirs, at) {
			p[at.Layer].Put(at.Field, q[at.Layer].Value(at.Field))
		}
	}
	return p.Encode()
}

// otherEntry is the first entry of a layer that is not as it should be, where all of what
// holds the entries is free, but not each of them.
func (l Layer) otherEntry(want Layer, all *Field, free []string) *Mismatch {
	if all.Entry != nil || all.Len != 0 {
		return nil
	}
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.Entry == nil || slices.Contains(free, f.Name) {
			continue
		}
		if a, b := f.Show(want.Value(f)), f.Show(l.Value(f)); a != b {
			return l.wrong(f, a)
		}
	}
	return nil
}

// given are the fields that do not follow from the rest of the packet, though they
// could.
func (p Packet) given() map[Place]string {
	given := make(map[Place]string)
	for i, l := range p {
		for j := range l.Fields {
			f := &l.Fields[j]
			if want, got := p.derived(i, f), l.Value(f); !bytes.Equal(want, got) && !(f.Sum && sameSum(Number(want), Number(got))) {
				given[Place{i, f}] = ""
			}
		}
	}
	return given
}

// FreeNames are the words for what can be free in frames of a kind.
func (t Table) FreeNames(at *Protocol) []string {
	names := []string{padding.Fields[0].Name}
	if at.Quotes > 0 {
		names = append(names, quoted)
	}
	return t.FieldNames(at, names)
}
