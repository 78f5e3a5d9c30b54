package telling

import (
	"regexp"
	"strings"
	"sync"
)

// pageWidth is how wide running text on a page may be.
const pageWidth = 76

// word matches what is not broken: no spaces but those in Go quotes, for how
// many there are may be what is wrong.
var word = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:"(?:[^"\\]|\\.)*"|\S)+`) })

// Wrap indents text and breaks its paragraphs anew. A line that is indented,
// such as one of code, or that begins a list's item stays one.
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
			last := len(lines) - 1
			if flows && columns(lines[last])+1+columns(w) <= pageWidth {
				lines[last] += " " + w
			} else {
				lines = append(lines, indent+w)
			}
			flows = true
		}
	}
	return strings.Join(lines, "\n")
}
