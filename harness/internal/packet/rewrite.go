package packet

import (
	"bytes"
	"slices"
)

// Rewritten tells whether a device may have made the one frame of the other by writing
// some fields anew, those of the names: whether all else is the same, but for
// checksums, optional headers and padding. changed are the fields that differ, the
// innermost first.
func (t Table) Rewritten(in, out []byte, names []string) (changed []Assignment, ok bool) {
	p, _ := t.Decode(in, nil, Every)
	q, _ := t.Decode(out, nil, Every)
	p, q = t.Retag(p, nil, false), t.Retag(q, nil, false)
	if !p.SameHeaders(q) {
		return nil, false
	}
	for i := range p[:len(p)-1] {
		was, is := p[i], q[i]
		if len(was.Bytes) != len(is.Bytes) {
			return nil, false
		}
		var here []Assignment
		for j := range is.Fields {
			f := &is.Fields[j]
			may := f.Entry == nil && slices.Contains(names, f.Name)
			if !may && !f.Sum {
				continue
			}
			if value := is.Value(f); may && !bytes.Equal(was.Value(f), value) {
				here = append(here, Assignment{Name: f.Name, Value: f.Show(value)})
			}
			was.Put(f, is.Value(f))
		}
		if !bytes.Equal(was.Bytes, is.Bytes) {
			return nil, false
		}
		changed = append(here, changed...)
	}
	return changed, true
}
