package telling

import "bytes"

// Facts tell how a stream was used.
type Facts struct {
	Pieces int
	Glued  bool
	Unread int
}

func (f Facts) Sent(data []byte, pieces int) Facts {
	f.Pieces = max(f.Pieces, pieces)
	f.Glued = f.Glued || bytes.Count(data, []byte("\n")) > 1
	return f
}

func (f Facts) With(g Facts) Facts {
	return Facts{max(f.Pieces, g.Pieces), f.Glued || g.Glued, f.Unread + g.Unread}
}

type Comparison struct {
	Want, Got []byte
	Ended     bool
	Screen    bool
	Facts     Facts
}

func (c Comparison) Cause() string { return "" }
func LastWords(b []byte) string    { return Quote(string(b)) }

// Label is what stands on the rung's arrow.
func (r Rung) Label() string { return r.label() }

// Wrap indents text and breaks its paragraphs anew.
func Wrap(indent, text string) string { return wrap(indent, text) }
