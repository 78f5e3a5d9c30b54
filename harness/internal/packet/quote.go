package packet

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Misquotes compares what an error quotes with the packet that it is about: the
// header and as much of what follows as the packet's protocol says or more, in
// one of its forms, and nothing else. The error is a packet that came in frame.
func (t Table) Misquotes(p Packet, frame, about []byte) (*Mismatch, error) {
	original, _ := t.Decode(about, nil, Every)
	at := original.network()
	if at < 0 {
		return nil, errors.New("no error can be about: " + t.Describe(about))
	}
	m := p.misquote(p.quote(), Layer{original[at].Protocol, original.Inner(at)})
	if m != nil {
		m.Within(frame, p, len(p)-2, t.Describe(frame))
	}
	return m, nil
}

// network is the layer that errors are about, or -1.
func (p Packet) network() int {
	return slices.IndexFunc(p, func(l Layer) bool { return l.Quoted != nil })
}

// quote is what the packet quotes, if it is an error.
func (p Packet) quote() []byte { return p[len(p)-2].Bytes }

// misquote is what is wrong with a quote of a packet in the error p; the packet is
// all of the layer's bytes.
func (p Packet) misquote(quote []byte, about Layer) *Mismatch {
	forms, least := about.Quoted(about)
	headers := len(p.Inner(p.network())) - len(quote)
	most := min(p[len(p)-3].Quotes-headers, len(forms[0]))
	length := func(want string, off int) *Mismatch {
		return &Mismatch{Field: "about", meaning: "what is quoted", Want: want, Got: fmt.Sprintf("%d bytes", len(quote)), off: off, len: 1}
	}
	switch {
	case len(quote) < least:
		return length(fmt.Sprintf("at least %d", least), len(quote))
	case len(quote) > most:
		return length(fmt.Sprintf("at most %d", most), most)
	case slices.ContainsFunc(forms, func(form []byte) bool { return bytes.HasPrefix(form, quote) }):
		return nil
	}
	m := &Mismatch{Field: "about", meaning: "what is quoted", Want: hex.EncodeToString(forms[0][:len(quote)]), Got: hex.EncodeToString(quote)}
	m.narrow(quote, forms[0])
	return m
}

// misquotesLike is what is wrong with what the error p quotes, since want quotes the same
// packet as far as may be, in either of its forms.
func (p Packet) misquotesLike(want Packet) *Mismatch {
	network := p[p.network()].Protocol
	quote, about := Layer{network, p.quote()}, Layer{network, want.quote()}
	if len(about.Bytes) < network.Size {
		return want[len(want)-2].Differs(p[len(p)-2])
	}
	m := p.misquote(quote.Bytes, about)
	if m == nil || len(quote.Bytes) < network.Size {
		return m
	}
	forms, _ := network.Quoted(quote)
	if slices.ContainsFunc(forms, func(form []byte) bool { return p.misquote(form, about) == nil }) {
		return nil
	}
	return m
}
