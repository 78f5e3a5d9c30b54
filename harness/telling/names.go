package telling

import (
	"cmp"
	"slices"
	"strings"
)

// Names are what addresses and folders are called in a failure. These differ
// from play to play; in their place the text reads ‹NAME›, and ‹?› where an
// address of this machine has no name. Nil knows no name.
type Names struct {
	of    map[string]string // by value
	words []string          // the values that are no addresses, the longest first
}

// Set gives a value a name, in the place of one that it may have had. A failure
// reads the name that an address had when its bytes passed: what is told later
// must not change it, so bytes are named when they are recorded.
func (n *Names) Set(value, name string) {
	if value == "" {
		return
	}
	if n.of == nil {
		n.of = make(map[string]string)
	}
	if _, known := n.of[value]; !known && !isAddress(value) {
		n.words = append(n.words, value)
		slices.SortFunc(n.words, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	}
	n.of[value] = "‹" + name + "›"
}

// Of returns the ‹NAME› of a value, or "".
func (n *Names) Of(value string) string {
	if n == nil {
		return ""
	}
	return n.of[value]
}

// hosts are the forms in which an address of this machine may begin, and the
// host that it then is. Only an address that is written like that host's own is
// hidden where it has no name.
var hosts = [...]struct{ written, host string }{
	{"127.0.0.1:", "127.0.0.1:"},
	{"[::1]:", "[::1]:"},
	{"localhost:", "127.0.0.1:"},
	{"0.0.0.0:", "127.0.0.1:"},
	{"[::]:", "127.0.0.1:"},
}

func isAddress(value string) bool {
	for _, h := range hosts {
		if strings.HasPrefix(value, h.written) {
			return true
		}
	}
	return false
}

// A finder finds, from left to right, what may have a name.
type finder struct {
	mark string // a part of what it finds
	next int    // where that is next; -1 for nowhere
	// named says what is around a mark: from where to where, and its name.
	named func(s string, mark int) (from, to int, name string, ok bool)
}

// In returns s with names in the place of what they stand for.
func (n *Names) In(s string) string {
	var finders []*finder
	for _, f := range n.finders() {
		if f.look(s, 0); f.next >= 0 {
			finders = append(finders, f)
		}
	}
	var b strings.Builder
	done := 0
	for f := first(finders); f != nil; f = first(finders) {
		from, to, name, ok := f.named(s, f.next)
		if !ok || from < done {
			f.look(s, f.next+1)
			continue
		}
		b.WriteString(s[done:from])
		b.WriteString(name)
		done = to
		for _, f := range finders {
			if f.next >= 0 && f.next < done {
				f.look(s, done)
			}
		}
	}
	if done == 0 {
		return s // most text names nobody, and may be long
	}
	b.WriteString(s[done:])
	return b.String()
}

// look finds the next mark from a place on.
func (f *finder) look(s string, from int) {
	if f.next = strings.Index(s[from:], f.mark); f.next >= 0 {
		f.next += from
	}
}

// first returns the finder whose mark is next, of several the first.
func first(finders []*finder) (first *finder) {
	for _, f := range finders {
		if f.next >= 0 && (first == nil || f.next < first.next) {
			first = f
		}
	}
	return first
}

func (n *Names) finders() []*finder {
	var all []*finder
	if n != nil {
		for _, value := range n.words {
			all = append(all, &finder{mark: value, named: func(s string, at int) (int, int, string, bool) {
				end := at + len(value)
				return at, end, n.of[value], stands(s, at, end)
			}})
		}
	}
	return append(all, &finder{mark: ":", named: n.address})
}

// address reads the address around the colon in front of a port. One digit is
// no port that a system chooses.
func (n *Names) address(s string, colon int) (from, to int, name string, ok bool) {
	for to = colon + 1; to < len(s) && '0' <= s[to] && s[to] <= '9'; to++ {
	}
	port := s[colon+1 : to]
	if len(port) < 2 || len(port) > 5 {
		return 0, 0, "", false
	}
	for _, h := range hosts {
		if !strings.HasSuffix(s[:colon+1], h.written) {
			continue
		}
		from = colon + 1 - len(h.written)
		if from > 0 && longer(s[from-1], s[from]) {
			continue
		}
		if name = n.Of(h.host + port); name != "" {
			return from, to, name, true
		}
		return from, to, "‹?›", h.written == h.host
	}
	return 0, 0, "", false
}

// longer reports whether an address is the end of a longer one, by its first
// character and the one before: 1127.0.0.1 is not 127.0.0.1.
func longer(before, first byte) bool {
	isNumber := '0' <= before && before <= '9' || before == '.'
	switch {
	case first == 'l':
		return isNumber || before == '-' || partOfWord(before)
	case first == '[':
		return false
	}
	return isNumber
}

// stands reports whether what stands in a place is a word of its own, and not
// the beginning or the end of a longer one.
func stands(s string, from, to int) bool {
	return (from == 0 || !partOfWord(s[from-1]) || !partOfWord(s[from])) &&
		(to == len(s) || !partOfWord(s[to]) || !partOfWord(s[to-1]))
}

func partOfWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// Short is Short of bytes, with names.
func (n *Names) Short(b []byte) string { return n.ends(b).quote(mostShort) }

// ends returns both ends of bytes, with names. To name more than it keeps makes
// sure that no address is cut.
func (n *Names) ends(b []byte) ends {
	const around = 8 * mostEnd
	if len(b) <= 2*around {
		e := endsOf(n.In(string(b)))
		e.n = len(b)
		return e
	}
	return ends{
		headOf(n.In(string(b[:around])), mostEnd),
		tailOf(n.In(string(b[len(b)-around:])), mostEnd),
		len(b),
	}
}
