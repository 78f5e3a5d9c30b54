package telling

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Compare shows got where want was owed, around the first wrong byte. Of what
// came it shows both ends where there is much: what came last often tells the
// cause.
func Compare(want, got string) *Difference {
	// How many bytes are shown before the first wrong one, of what was owed
	// behind it, and of what came at most in one piece.
	const before, behind, whole = 32, 64, 256
	at, from, left := CommonPrefix(want, got), 0, ""
	if at > 2*before {
		skipped, _ := cut(want, at-before)
		from = len(skipped)
		left = fmt.Sprintf(say.EqualSoFar, Size(from))
	}
	owed, rest := cut(want, at+behind)
	shownOwed := Quote(owed[from:])
	if rest != "" {
		shownOwed += " ..."
	}
	shownCame := Quote(got[from:])
	if len(got)-at > whole {
		head, rest := cut(got, at+behind)
		gap, tail := cut(rest, len(rest)-behind)
		shownCame = Quote(head[from:]) + fmt.Sprintf(say.LeftOut, Size(len(gap))) + Quote(tail)
	}
	equal := strings.TrimSuffix(Quote(want[from:at]), `"`)
	return &Difference{Want: left + shownOwed, Got: left + shownCame, Caret: utf8.RuneCountInString(left + equal)}
}

// Compare is Compare of bytes, with names.
func (n *Names) Compare(want, got []byte) *Difference {
	w, g := n.In(string(want)), n.In(string(got))
	if w == g { // they differ in addresses that have no name
		w, g = string(want), string(got)
	}
	return Compare(w, g)
}

// CommonPrefix returns the length of what a and b begin with, in whole
// characters.
func CommonPrefix(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	a, _ = cut(a, i)
	b, _ = cut(b, i)
	return min(len(a), len(b))
}
