package packet

import (
	"bytes"
	"slices"
)

// Untagged takes a frame apart as far as it is well formed, and leaves its optional headers
// out.
func (t Table) Untagged(frame []byte) Packet {
	p, _ := t.Decode(frame, nil, Every)
	return t.Retag(p, nil, false)
}

// Rewritten tells whether a device may have made q of the packet by writing some fields
// anew, those of the names: whether all else is the same, but for checksums and padding.
// changed are the fields that differ, the innermost first.
func (p Packet) Rewritten(q Packet, names []string) (changed []Assignment, ok bool) {
	if !p.SameHeaders(q) {
		return nil, false
	}
	for i, is := range q[:len(q)-1] {
		if len(p[i].Bytes) != len(is.Bytes) {
			return nil, false
		}
		was := Layer{is.Protocol, slices.Clone(p[i].Bytes)}
		var here []Assignment
		for j := range is.Fields {
			f := &is.Fields[j]
			may := f.Entry == nil && slices.Contains(names, f.Name)
			if !may && !f.Sum {
				continue
			}
			value := is.Value(f)
			if may && !bytes.Equal(was.Value(f), value) {
				here = append(here, Assignment{Name: f.Name, Value: f.Show(value)})
			}
			was.Put(f, value)
		}
		if !bytes.Equal(was.Bytes, is.Bytes) {
			return nil, false
		}
		changed = append(here, changed...)
	}
	return changed, true
}
