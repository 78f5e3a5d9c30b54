package telling

import "strings"

// pageWidth is how wide running text on a page may be, drawingWidth an exchange.
const (
	pageWidth    = 76
	drawingWidth = 100
)

// Wrap indents text and breaks its paragraphs anew. A line that is indented,
// such as one of code, or that begins a list's item stays one.
func Wrap(indent, text string) string {
	var lines []string
	line := indent
	end := func() {
		if line != indent {
			lines = append(lines, line)
			line = indent
		}
	}
	for given := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.TrimSpace(given) == "":
			end()
			lines = append(lines, "")
			continue
		case strings.HasPrefix(given, " ") || strings.HasPrefix(given, "\t"):
			end()
			lines = append(lines, indent+given)
			continue
		case strings.HasPrefix(given, "- ") || strings.HasPrefix(given, "* "):
			end()
		}
		for _, word := range words(given) {
			if line != indent && columns(line)+1+columns(word) > pageWidth {
				end()
			}
			if line != indent {
				line += " "
			}
			line += word
		}
	}
	end()
	return strings.Join(lines, "\n")
}

// words splits a line at its spaces, but for those in Go quotes: how many there
// are may be what is wrong.
func words(line string) []string {
	var all []string
	word, quoted := "", false
	for part := range strings.SplitSeq(line, " ") {
		if quoted {
			word += " " + part
		} else {
			word = part
		}
		if quoted = openQuote(word); !quoted && word != "" {
			all = append(all, word)
		}
	}
	if quoted { // it never ends: it was none
		all = append(all, strings.Fields(word)...)
	}
	return all
}

// openQuote reports whether a Go quote begins in s and does not end.
func openQuote(s string) bool {
	open := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			open = !open
		case s[i] == '\\' && open:
			i++
		}
	}
	return open
}
