package exchange

import (
	"maps"
	"slices"

	"wirebook/harness/internal/frame"
	"wirebook/harness/internal/play"
	"wirebook/harness/telling"
)

// An observation is what came of an exchange.
type observation struct {
	// texts are, by name, what each program printed and each peer received, and how
	// they ended.
	texts map[string]string
	// frames are, by the same names, those that came over cables.
	frames map[string][][]byte
}

func observe(p *play.Play) *observation {
	o := &observation{make(map[string]string), make(map[string][][]byte)}
	for _, g := range p.Programs() {
		text := p.Redact(string(g.Unread()))
		if g.Gone() {
			text += "(" + g.Ending() + ")"
		}
		o.texts[g.Name+"'s screen"] += text
	}
	for w := range play.Peers[play.Witness](p) {
		o.texts[received(w)] += p.Redact(w.Witnessed())
	}
	for c := range play.Peers[cable](p) {
		o.frames[received(c)] = c.Frames()
	}
	return o
}

// A cable is a peer that receives frames.
type cable interface {
	play.Peer
	Frames() [][]byte
}

func received(p play.Peer) string { return "what " + p.Name() + " received" }

// differs returns the first difference of two observations, by name, of texts and then
// of frames; nil if there is none.
func (o *observation) differs(want *observation, e *exchange) *difference {
	names := maps.Clone(o.texts)
	maps.Copy(names, want.texts)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if o.texts[name] == want.texts[name] {
			continue
		}
		if got, owed := e.masked(o.texts[name]), e.masked(want.texts[name]); got != owed {
			return &difference{exchange: e, text: name + " differs from the solution's", shown: telling.Compare(owed, got)}
		}
	}
	if e.frames == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(want.frames)) {
		owed, got := want.frames[name], o.frames[name]
		for i := range min(len(owed), len(got)) { // one may have come since the texts were taken
			if m := frame.Differs(owed[i], got[i], e.frames); m != nil {
				return &difference{exchange: e, text: name + " differs from the solution's: " + m.Error(), shown: m.Difference()}
			}
		}
	}
	return nil
}

func (e *exchange) masked(s string) string {
	for _, m := range e.masks {
		s = m(s)
	}
	return s
}
