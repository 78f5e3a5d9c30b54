package telling

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// pageWidth is how wide running text on a page may be.
const pageWidth = 76

// word matches what is not broken: no spaces but those in Go quotes, for how
// many there are may be what is wrong.
var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:"(?:[^"\\]|\\.)*"|\S)+`) })

// Wrap indents text and breaks its paragraphs anew: at spaces, and in Chinese, which
// has none, between characters. A line that is indented, such as one of code, or that
// begins a list's item stays one.
func Wrap(indent, text string) string {
	var lines []string
	flows := false // whether the last line may go on
	for given := range strings.SplitSeq(text, "\n") {
		words := word().FindAllString(given, -1)
		if len(words) == 0 || strings.ContainsAny(given[:1], " \t") {
			lines = append(lines, strings.TrimRight(indent+given, " \t"))
			flows = false
			continue
		}
		if words[0] == "-" || words[0] == "*" {
			flows = false
		}
		for _, w := range words {
			space := " "
			for _, part := range parts(w) {
				last := len(lines) - 1
				if flows && columns(lines[last]+space+part) <= pageWidth {
					lines[last] += space + part
				} else {
					lines = append(lines, indent+part)
				}
				flows, space = true, ""
			}
		}
	}
	return strings.Join(lines, "\n")
}

// parts cuts a word wherever a line may end in it: on either side of a character of
// Chinese, but not before a mark that ends something, nor behind one that begins it.
// What is quoted stays whole.
func parts(word string) (parts []string) {
	if strings.Contains(word, `"`) {
		return []string{word}
	}
	begin, before := 0, rune(0)
	for i, r := range word {
		wide := columns(string(before)) > 1 || columns(string(r)) > 1
		if i > 0 && wide && !unicode.In(r, unicode.Po, unicode.Pe, unicode.Pf) && !unicode.In(before, unicode.Ps, unicode.Pi) {
			parts = append(parts, word[begin:i])
			begin = i
		}
		before = r
	}
	return append(parts, word[begin:])
}
