package telling

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// How much of a difference is shown: so many bytes before the first wrong one,
// of what was owed so many behind it, and of what came all of so many, or both
// ends of more: what came last often tells the cause.
const (
	before  = 32
	behind  = 64
	wholeTo = 256
)

// Compare shows got where want was owed, around the first wrong byte.
func Compare(want, got string) *Difference {
	at := commonPrefix(want, got)
	from := 0
	if at > 2*before {
		from = len(want) - len(tailOf(want, len(want)-at+before))
	}
	left := ""
	if from > 0 {
		left = fmt.Sprintf(say.EqualSoFar, Size(from))
	}
	owed, came := Quote(headOf(want[from:], at-from+behind)), Quote(got[from:])
	if rest := len(want) - at - behind; rest > 0 {
		owed += " ..."
	}
	if len(got)-at > wholeTo {
		head, tail := headOf(got[from:], at-from+behind), tailOf(got[at:], behind)
		came = Quote(head) + fmt.Sprintf(say.LeftOut, Size(len(got)-from-len(head)-len(tail))) + Quote(tail)
	}
	equal := strings.TrimSuffix(Quote(got[from:at]), `"`)
	return &Difference{Want: left + owed, Got: left + came, Caret: utf8.RuneCountInString(left + equal)}
}

// Compare is Compare of bytes, with names.
func (n *Names) Compare(want, got []byte) *Difference {
	w, g := n.In(string(want)), n.In(string(got))
	if w == g { // they differ in addresses that have no name
		w, g = string(want), string(got)
	}
	return Compare(w, g)
}

// NoMatch shows got where something was owed that matches a pattern.
func (n *Names) NoMatch(pattern string, got []byte) *Difference {
	d := n.Compare(nil, got)
	return &Difference{Want: fmt.Sprintf(say.Matches, Quote(pattern)), Got: d.Got, Caret: NoCaret}
}

// commonPrefix returns the length of what a and b begin with, with no character
// and no name torn.
func commonPrefix(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return min(len(headOf(a, i)), len(headOf(b, i)))
}

// A Field is a part of a frame that holds another value than it should.
type Field struct {
	Name, Want string
	Frame      []byte
	// Offset is where in the frame the field begins, Len how long it is.
	Offset, Len int
	// Layer is what the field belongs to, as in "ARP packet", and Base where
	// in the frame that begins: bytes are counted as its table counts them.
	Layer string
	Base  int
}

// CompareField shows the bytes around a field in hex, those of its layer.
func CompareField(f Field) *Difference {
	const around = 16
	from := max(f.Base, f.Offset-around)
	to := min(len(f.Frame), f.Offset+f.Len+around)
	left := fmt.Sprintf(say.FieldAt, from-f.Base, f.Layer)
	return &Difference{
		Want:  fmt.Sprintf(say.Field, f.Name, f.Want),
		Got:   left + fmt.Sprintf("% x", f.Frame[from:to]),
		Caret: utf8.RuneCountInString(left) + 3*(f.Offset-from),
	}
}
