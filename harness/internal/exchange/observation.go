package exchange

import (
	"maps"
	"slices"

	"wirebook/harness/internal/play"
)

// An observation is what came of an exchange: by name, what each program printed and
// each peer received, and how they ended.
type observation map[string]string

func observe(p *play.Play) observation {
	o := make(observation)
	for _, g := range p.Programs() {
		text := p.Redact(string(g.Unread()))
		if g.Gone() {
			text += "(" + g.Ending() + ")"
		}
		o[g.Name+"'s screen"] += text
	}
	for w := range play.Peers[play.Witness](p) {
		o["what "+w.Name()+" received"] += p.Redact(w.Witnessed())
	}
	return o
}

// differs returns the first stream, by name, in which two observations differ; nil if
// there is none.
func (o observation) differs(want observation, e *exchange) *difference {
	names := maps.Clone(o)
	maps.Copy(names, want)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if o[name] == want[name] {
			continue
		}
		if got, owed := e.masked(o[name]), e.masked(want[name]); got != owed {
			return &difference{exchange: e, stream: name, want: owed, got: got}
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
