package frame

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// misquotes compares what an error quotes with the packet that it is about: the
// header and as much of what follows as the packet's protocol says or more, in
// one of its forms, and nothing else. The error is a packet that came in frame.
func misquotes(p packet, frame, about []byte) (*Mismatch, error) {
	original, _ := decode(about, nil, every)
	at := slices.IndexFunc(original, func(l layer) bool { return l.quoted != nil })
	if at < 0 {
		return nil, errors.New("no error can be about: " + Describe(about))
	}
	forms, least := original[at].quoted(original, at)
	place := len(p) - 2
	quote := p[place].bytes
	network := slices.IndexFunc(p, func(l layer) bool { return l.quoted != nil })
	headers := len(p.inner(network)) - len(quote)
	most := min(p[place-1].quotes-headers, len(forms[0]))

	var m *Mismatch
	wrong := func(want string) *Mismatch {
		return &Mismatch{Field: "about", meaning: "what is quoted", Want: want, Got: fmt.Sprintf("%d bytes", len(quote))}
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
	m = m.in(frame, p[place].protocol, p.start(place))
	m.about = Describe(frame)
	return m, nil
}
