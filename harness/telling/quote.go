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
// UTF-8, and what cannot be seen for what it is.
func Quote(s string) string {
	q := strconv.Quote(s)
	if !strings.ContainsFunc(q, isHidden) {
		return q
	}
	var b strings.Builder
	for _, r := range q {
		if isHidden(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isHidden reports whether a character counts as printable and yet is not seen,
// or not for what it is: a mark that melts into the character before it, a
// filler, or the replacement character, which may stand for any broken one.
func isHidden(r rune) bool {
	const emptyBraille, objectReplacement = '\u2800', '\ufffc'
	return r == emptyBraille || r == objectReplacement || r == utf8.RuneError || 0x300 <= r && r <= 0x36f ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// harmless makes every character of s one that a terminal shows, without quotes
// around it. Text that is quoted already stays as it is.
func harmless(s string) string {
	q := Quote(s)
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(q[1 : len(q)-1])
}

// Words are arguments in a row, as one would write them: in quotes only where
// one holds what cannot be seen, a space or a quote, or nothing.
func Words(args []string) string {
	var words []string
	for _, arg := range args {
		if q := Quote(arg); arg == "" || q != `"`+arg+`"` || strings.ContainsAny(arg, " '`") {
			arg = q
		}
		words = append(words, arg)
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

// Lines quotes text, each line for itself. Of many lines it keeps the first, of a long
// one both ends.
func Lines(s string) (lines []string) {
	const most = 24
	for line := range strings.Lines(s) {
		if len(lines) == most {
			return append(lines, fmt.Sprintf(say.More, Size(len(s))))
		}
		lines = append(lines, Short(line))
		s = s[len(line):]
	}
	return lines
}

// Few joins what was found to one part of a sentence, and does not tell all if
// there are many.
func Few(found []string) string {
	const most = 3
	if more := len(found) - most; more > 0 {
		found = append(found[:most:most], fmt.Sprintf(say.MoreLikeIt, Count(more)))
	}
	return strings.Join(found, say.And)
}

// Count writes a number with commas, as 1,048,576.
func Count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Size says how many bytes there are.
func Size(n int) string {
	if n == 1 {
		return say.OneByte
	}
	return fmt.Sprintf(say.Bytes, Count(n))
}

// mostShort is how many bytes a sentence quotes; mostEnd is how many a failure
// keeps of each end of a long text, more than it quotes.
const (
	mostShort = 60
	mostEnd   = 96
)

// Short quotes text for a sentence. Of a long one it shows both ends.
func Short(s string) string { return quoteEnds(s, len(s), mostShort) }

// quoteEnds quotes about so many bytes of a text of n bytes, of which s holds
// all or both ends.
func quoteEnds(s string, n, most int) string {
	// How many bytes come from a program that prints without end depends on
	// the moment.
	const countable = 2 << 20
	head, _ := cut(s, most*3/5)
	if name := strings.LastIndex(head, "‹"); name > 0 && !strings.Contains(head[name:], "›") {
		head = head[:name] // no ‹NAME› is torn
	}
	_, tail := cut(s, len(s)-most*2/5)
	if before, rest, torn := strings.Cut(tail, "›"); torn && rest != "" && !strings.Contains(before, "‹") {
		tail = rest
	}
	switch {
	case n == 0:
		return say.Nothing
	case n > countable:
		return fmt.Sprintf(say.TooMuch, Quote(head), Count(countable))
	case len(s) <= most:
		return Quote(s)
	}
	return fmt.Sprintf(say.BothEnds, Quote(head), Quote(tail), Size(n))
}

// cut cuts s in two behind n bytes, or a little before so that no character is
// torn.
func cut(s string, n int) (head, tail string) {
	n = min(max(n, 0), len(s))
	for at := n; at >= 0 && at > n-utf8.UTFMax && at < len(s); at-- {
		if utf8.RuneStart(s[at]) {
			return s[:at], s[at:]
		}
	}
	return s[:n], s[n:]
}

// columns is how wide a terminal shows s: the writing of East Asia and pictures
// take two columns, by and large.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if 0x2e80 <= r && r <= 0xd7a3 || 0xf900 <= r && r <= 0xff60 || r >= 0x1f300 {
			n++
		}
	}
	return n
}

// Columns is how many columns of a terminal a text takes.
func Columns(s string) int { return columns(s) }

// middleOut cuts the middle out of s where it is wider than so many columns.
func middleOut(s string, most int) string {
	if columns(s) <= most {
		return s
	}
	const gap = " ... "
	runes := []rune(s)
	from, to := 0, len(runes)
	used := columns(gap)
	for ; used+columns(string(runes[from])) <= most*2/3; from++ {
		used += columns(string(runes[from]))
	}
	for ; to > from && used+columns(string(runes[to-1])) <= most; to-- {
		used += columns(string(runes[to-1]))
	}
	return strings.TrimRight(string(runes[:from]), " ") + gap + strings.TrimLeft(string(runes[to:]), " ")
}
