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
	p, _ := t.Decode(about, nil, Every)
	at := slices.IndexFunc(p, func(l Layer) bool { return l.Quoted != nil })
	if at < 0 {
		return nil, errors.New("no error can be about: " + t.Describe(about))
	}
	whole := p.Inner(at)
	return whole[:min(len(whole), len(p[at].Bytes)+carried)], nil
}

// Misquotes compares what an error quotes with the packet that it is about: the
// header and as much of what follows as the packet's protocol says or more, in
// one of its forms, or only as it was, and nothing else. The error is a packet that
// came in frame.
func (t Table) Misquotes(p Packet, frame, about []byte, asItWas bool) (*Mismatch, error) {
	original, _ := t.Decode(about, nil, Every)
	at := slices.IndexFunc(original, func(l Layer) bool { return l.Quoted != nil })
	if at < 0 {
		return nil, errors.New("no error can be about: " + t.Describe(about))
	}
	forms, least := original[at].Quoted(original, at)
	word := "about" // of the scenario
	if asItWas {
		forms, word = forms[:1], "quote"
	}
	place := len(p) - 2
	quote := p[place].Bytes
	network := slices.IndexFunc(p, func(l Layer) bool { return l.Quoted != nil })
	headers := len(p.Inner(network)) - len(quote)
	most := min(p[place-1].Quotes-headers, len(forms[0]))

	var m *Mismatch
	wrong := func(want string) *Mismatch {
		return &Mismatch{Field: word, meaning: "what is quoted", Want: want, Got: fmt.Sprintf("%d bytes", len(quote))}
	}
	switch {
	case len(quote) < least:
		m = wrong(fmt.Sprintf("at least %d", least))
		m.off, m.len = len(quote), 1
	case len(quote) > most:
		m = wrong(fmt.Sprintf("at most %d", most))
		m.off, m.len = most, 1
	case slices.ContainsFunc(forms, func(form []byte) bool { return bytes.HasPrefix(form, quote) }):
		return nil, nil
	default:
		m = wrong(hex.EncodeToString(forms[0][:len(quote)]))
		m.Got = hex.EncodeToString(quote)
		m.narrow(quote, forms[0])
	}
	m = m.in(frame, p[place].Protocol, p.Start(place))
	m.about = t.Describe(frame)
	return m, nil
}
