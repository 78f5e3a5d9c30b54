package packet

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Quote is what an error quotes of the packet in a frame: its header and so many
// of the bytes behind it, or all of them if there are fewer.
func (t Table) Quote(about []byte, carried int) ([]byte, error) {
	original, err := t.original(about)
	if err != nil {
		return nil, err
	}
	whole := original.Inner(0)
	return whole[:min(len(whole), len(original[0].Bytes)+carried)], nil
}

// original is the packet in a frame that an error can be about.
func (t Table) original(frame []byte) (Packet, error) {
	p, _ := t.Decode(frame, nil, Every)
	at := p.network()
	if at < 0 {
		return nil, errors.New("no error can be about: " + t.Describe(frame))
	}
	return p[at:], nil
}

// Misquotes compares what an error quotes with the packet that it is about: the
// header and as much of what follows as the packet's protocol says or more, in
// one of its forms, or only as it was, and nothing else. The error is a packet that
// came in frame.
func (t Table) Misquotes(p Packet, frame, about []byte, asItWas bool) (*Mismatch, error) {
	original, err := t.original(about)
	if err != nil {
		return nil, err
	}
	m, form := p.misquote(p.quote(), Layer{original[0].Protocol, original.Inner(0)}, asItWas)
	if m != nil {
		if form != nil {
			original.nameField(m, p.quote(), form)
		}
		m.Within(frame, p, len(p)-2, t.Describe(frame))
	}
	return m, nil
}

// nameField says which field a byte lies in that differs, where all of it was quoted.
// The packet is the one that should be.
func (p Packet) nameField(m *Mismatch, quote, form []byte) {
	start := 0
	for _, l := range p {
		for i := range l.Fields {
			f := &l.Fields[i]
			from, to := start+f.Off, start+f.Off+f.Len
			if f.Entry == nil && from <= m.off && m.off < to && to <= len(quote) {
				m.Field, m.meaning = f.Name, "in what is quoted"
				m.Want = f.Show(Layer{l.Protocol, form[start:]}.Value(f))
				m.Got = f.Show(Layer{l.Protocol, quote[start:]}.Value(f))
				m.off, m.len = from, f.Len
				return
			}
		}
		start += len(l.Bytes)
	}
}

// network is the layer that errors are about, or -1.
func (p Packet) network() int {
	return slices.IndexFunc(p, func(l Layer) bool { return l.Quoted != nil })
}

// quote is what the packet quotes, if it is an error.
func (p Packet) quote() []byte { return p[len(p)-2].Bytes }

// misquote is what is wrong with a quote of a packet in the error p; the packet is
// all of the layer's bytes. Where bytes differ, form is what should be there.
func (p Packet) misquote(quote []byte, about Layer, asItWas bool) (m *Mismatch, form []byte) {
	forms, least := about.Quoted(about)
	word := "about" // of the scenario
	if asItWas {
		forms, word = forms[:1], "quote"
	}
	headers := len(p.Inner(p.network())) - len(quote)
	most := min(p[len(p)-3].Quotes-headers, len(forms[0]))
	length := func(want string, off int) (*Mismatch, []byte) {
		return &Mismatch{Field: word, meaning: "what is quoted", Want: want, Got: fmt.Sprintf("%d bytes", len(quote)), off: off, len: 1}, nil
	}
	switch {
	case len(quote) < least:
		return length(fmt.Sprintf("at least %d", least), len(quote))
	case len(quote) > most:
		return length(fmt.Sprintf("at most %d", most), most)
	case slices.ContainsFunc(forms, func(form []byte) bool { return bytes.HasPrefix(form, quote) }):
		return nil, nil
	}
	// Of the forms that one is meant which has the most in common.
	form = slices.MaxFunc(forms, func(a, b []byte) int { return common(a, quote) - common(b, quote) })
	m = &Mismatch{Field: word, meaning: "what is quoted", Want: hex.EncodeToString(form[:len(quote)]), Got: hex.EncodeToString(quote)}
	m.narrow(quote, form)
	return m, form
}

// common is how many bytes of two are the same.
func common(a, b []byte) (n int) {
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}

// misquotesLike is what is wrong with what the error p quotes, since want quotes the same
// packet in either of its forms. What only p quotes is taken for right, up to the end
// of the packet.
func (p Packet) misquotesLike(want Packet) *Mismatch {
	network := p[p.network()].Protocol
	quote, about := Layer{network, p.quote()}, Layer{network, want.quote()}
	if len(about.Bytes) < network.Size {
		return want[len(want)-2].Differs(p[len(p)-2])
	}
	if known := len(about.Bytes); known < len(quote.Bytes) {
		about.Bytes = append(slices.Clip(about.Bytes), quote.Bytes[known:max(known, min(len(quote.Bytes), about.extent()))]...)
	}
	m, _ := p.misquote(quote.Bytes, about, false)
	if m == nil || len(quote.Bytes) < network.Size {
		return m
	}
	forms, _ := network.Quoted(quote)
	for _, form := range forms {
		if as, _ := p.misquote(form, about, false); as == nil {
			return nil
		}
	}
	return m
}

// extent is how long the packet is of which the layer's bytes are the beginning, or 0.
func (l Layer) extent() int {
	const largest = 1 << 16
	_, end, _, _ := l.Extent(Layer{l.Protocol, append(slices.Clip(l.Bytes), make([]byte, largest)...)})
	return end
}
