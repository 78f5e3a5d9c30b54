package telling

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote puts s in Go quotes. What a terminal shows stays as it is; all else is
// an escape: control characters, spaces but the plain one, bytes that are no
// UTF-8, and what is [hidden].
func Quote(s string) string { return reveal(strconv.Quote(s)) }

// hidden are characters that count as printable and yet cannot be seen, or not
// for what they are: marks that melt into the character before them, fillers,
// and the replacement character, which may stand for any broken one.
var hidden = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0300, 0x036F, 1}, // combining marks
		{0x115F, 0x1160, 1}, // Hangul fillers
		{0x17B4, 0x17B5, 1}, // vowels that are not shown
		{0x180B, 0x180F, 1}, // Mongolian variations
		{0x2800, 0x2800, 1}, // the empty Braille pattern
		{0x3164, 0x3164, 1}, // another Hangul filler
		{0xFE00, 0xFE0F, 1}, // variations
		{0xFFA0, 0xFFA0, 1}, // the last Hangul filler
		{0xFFFC, 0xFFFD, 1}, // what stands for something else
	},
	R32: []unicode.Range32{
		{0x16FE4, 0x16FE4, 1}, // Khitan filler
		{0xE0100, 0xE01EF, 1}, // more variations
	},
}

// reveal writes hidden characters as Go escapes.
func reveal(s string) string {
	if !strings.ContainsFunc(s, isHidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !isHidden(r):
			b.WriteRune(r)
		case r < 1<<16:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	return b.String()
}

func isHidden(r rune) bool { return unicode.Is(hidden, r) }

// harmless makes every character of s one that a terminal shows, without quotes
// around it. Text that is quoted already stays as it is. The characters in keep
// stay, too.
func harmless(s, keep string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if (strconv.IsPrint(r) && !isHidden(r)) || strings.ContainsRune(keep, r) {
			b.WriteString(s[:size])
		} else {
			b.WriteString(unquoted(s[:size]))
		}
		s = s[size:]
	}
	return b.String()
}

// unquoted is Quote without the quotes.
func unquoted(s string) string {
	q := Quote(s)
	return q[1 : len(q)-1]
}

// Word is an argument as one would write it: in quotes only where it holds what
// cannot be seen, a space or a quote, or nothing.
func Word(arg string) string {
	if arg == "" || Quote(arg) != `"`+arg+`"` || strings.ContainsAny(arg, " '`") {
		return Quote(arg)
	}
	return arg
}

// Words are arguments in a row.
func Words(args []string) string {
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = Word(arg)
	}
	return strings.Join(words, " ")
}

// List quotes names for a sentence. A program may have made any number of them.
func List(names []string) string {
	if len(names) == 0 {
		return say.Nothing
	}
	const most = 12
	var quoted []string
	for _, name := range names[:min(most, len(names))] {
		quoted = append(quoted, Quote(name))
	}
	if more := len(names) - most; more > 0 {
		quoted = append(quoted, fmt.Sprintf(say.More, Count(more)))
	}
	return strings.Join(quoted, ", ")
}

// mostFew is how many things of a kind a sentence tells one by one.
const mostFew = 3

// Few joins what was found to one part of a sentence, and does not tell all if
// there are many.
func Few(found []string) string {
	if more := len(found) - mostFew; more > 0 {
		found = append(found[:mostFew:mostFew], fmt.Sprintf(say.MoreLikeIt, Count(more)))
	}
	return strings.Join(found, say.And)
}

// Count writes a number with commas, as 1,048,576.
func Count[N int | int64 | uint64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Size says how many bytes there are.
func Size[N int | int64 | uint64](n N) string {
	if n == 1 {
		return say.OneByte
	}
	return fmt.Sprintf(say.Bytes, Count(n))
}

// countable is up to how many bytes a failure counts them. How many came from a
// program that prints without end depends on the moment.
const countable = 2 << 20

// Short quotes text for a sentence. Of a long one it shows both ends.
func Short(s string) string { return endsOf(s).quote(mostShort) }

// Repeated is Short of a text that comes so many times over.
func Repeated(s string, times int) string {
	const enough = 4 * mostShort
	whole := len(s) * times
	if whole <= enough {
		return Short(strings.Repeat(s, times))
	}
	part := strings.Repeat(s, enough/len(s)+1)
	e := endsOf(part)
	return ends{e.head, tailOf(part, mostEnd), whole}.quote(mostShort)
}

// mostShort is how many bytes a sentence quotes, mostEnd how many of each end of
// a long text are kept.
const (
	mostShort = 60
	mostEnd   = 96
)

// ends are both ends of a text. One that is short is whole, all in its head.
type ends struct {
	head, tail string
	n          int // bytes of the whole
}

func endsOf(s string) ends {
	if len(s) <= 2*mostEnd {
		return ends{s, "", len(s)}
	}
	return ends{headOf(s, mostEnd), tailOf(s, mostEnd), len(s)}
}

// quote shows about so many bytes of the text.
func (e ends) quote(most int) string {
	s := e.head
	switch {
	case e.n == 0:
		return say.Nothing
	case e.n > countable:
		return fmt.Sprintf(say.TooMuch, Quote(headOf(s, most)), Count(countable))
	case e.tail != "":
	case len(s) <= most:
		return Quote(s)
	default:
		e.tail = s
	}
	return fmt.Sprintf(say.BothEnds, Quote(headOf(s, most*3/5)), Quote(tailOf(e.tail, most*2/5)), Size(e.n))
}

// headOf returns the first n bytes of s or a little less, so that neither a
// character nor a ‹NAME› is cut.
func headOf(s string, n int) string {
	if n >= len(s) {
		return s
	}
	i := runeStart(s, n)
	if open := strings.LastIndex(s[max(0, i-mostName):i], "‹"); open >= 0 {
		open += max(0, i-mostName)
		if end := strings.Index(s[open:min(len(s), open+mostName)], "›"); end >= 0 && open+end >= i {
			i = open
		}
	}
	return s[:i]
}

// tailOf returns the last n bytes of s or a little less.
func tailOf(s string, n int) string {
	if n >= len(s) {
		return s
	}
	at := len(s) - n
	from := len(headOf(s, at))
	if from == at {
		return s[at:]
	}
	// The cut was inside of something, which ends at the next boundary.
	if name, rest, ok := strings.Cut(s[from:], "›"); ok && strings.HasPrefix(name, "‹") {
		return rest
	}
	_, size := utf8.DecodeRuneInString(s[from:])
	return s[from+size:]
}

// mostName is how long a name in ‹› may be to be kept whole.
const mostName = 64

// runeStart returns i, or where the character begins that a cut at i would tear.
func runeStart(s string, i int) int {
	for from := i; from >= 0 && from > i-utf8.UTFMax; from-- {
		if utf8.RuneStart(s[from]) {
			if _, size := utf8.DecodeRuneInString(s[from:]); from+size > i {
				return from
			}
			return i
		}
	}
	return i
}

// columns is how wide a terminal shows s.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if unicode.Is(wide, r) {
			n++
		}
	}
	return n
}

// wide are the characters that take two columns, by and large: those of East
// Asia in full width, and pictures.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115F, 1}, {0x2E80, 0x303E, 1}, {0x3041, 0x33FF, 1}, {0x3400, 0x4DBF, 1},
		{0x4E00, 0x9FFF, 1}, {0xA000, 0xA4CF, 1}, {0xAC00, 0xD7A3, 1}, {0xF900, 0xFAFF, 1},
		{0xFE30, 0xFE6F, 1}, {0xFF00, 0xFF60, 1}, {0xFFE0, 0xFFE6, 1},
	},
	R32: []unicode.Range32{{0x1F300, 0x1F64F, 1}, {0x1F680, 0x1F6FF, 1}, {0x1F900, 0x1F9FF, 1}, {0x20000, 0x3FFFD, 1}},
}

// middleOut cuts the middle out of s where it is wider than so many columns.
func middleOut(s string, most int) string {
	if columns(s) <= most {
		return s
	}
	const gap = " ... "
	runes := []rune(s)
	from, to := 0, len(runes)
	head, tail := 0, 0
	budget := max(0, most-len(gap))
	for head+columns(string(runes[from])) <= budget*2/3 {
		head += columns(string(runes[from]))
		from++
	}
	for to > from && tail+columns(string(runes[to-1])) <= budget-head {
		tail += columns(string(runes[to-1]))
		to--
	}
	return strings.TrimRight(string(runes[:from]), " ") + gap + strings.TrimLeft(string(runes[to:]), " ")
}
