package worksheet

import (
	_ "embed" // the spellings
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Normalise returns an answer as it is compared: in another spelling it is the same
// answer. The numbers are the steps in which that is defined.
func Normalise(answer string, mode Mode) string {
	s := strings.Map(ascii, answer)                               // 1
	s = strings.ReplaceAll(strings.Map(lower, s), "_", "-")       // 2
	s = strings.ReplaceAll(s, "()", "")                           // 3
	s = patterns().arrow.ReplaceAllString(s, ",")                 // 3
	s = strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ") // 4
	s = patterns().around.ReplaceAllString(s, "$1")               // 4
	var items []string
	for phrase := range strings.SplitSeq(s, ",") {
		items = append(items, itemsOf(phrase)...)
	}
	if mode == Set { // 7
		slices.Sort(items)
		items = slices.Compact(items)
	}
	return strings.Join(items, ",")
}

// patterns are compiled when they are first asked for: a student's program is linked
// with them.
var patterns = sync.OnceValue(func() (p struct{ arrow, around *regexp.Regexp }) {
	p.arrow = regexp.MustCompile(`[-=]*>|;`)
	p.around = regexp.MustCompile(` ?([=:,]) ?`)
	return p
})

// ascii returns what a Chinese keyboard's character stands for.
func ascii(r rune) rune {
	const first, last = '\uff01', '\uff5e' // the full-width forms
	switch {
	case first <= r && r <= last:
		return r - first + '!'
	case r == '、':
		return ','
	case r == '。':
		return '.'
	case r == '→':
		return '>'
	}
	return r
}

// lower makes of A to Z small letters, and leaves others as they are.
func lower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r - 'A' + 'a'
	}
	return r
}

// itemsOf returns the items of what stands between two commas.
func itemsOf(phrase string) (items []string) {
	if word, known := spelled(stopless(phrase)); known { // 5
		return []string{word}
	}
	for item := range strings.FieldsSeq(stopless(phrase)) {
		item = stopless(item)
		if word, known := spelled(item); known { // 6
			item = word
		} else if left, right, equal := strings.Cut(item, "="); equal {
			left, _ = spelled(left)
			right, _ = spelled(right)
			item = left + "=" + right
		}
		items = append(items, item)
	}
	return items
}

// stopless returns s without the full stops at its end, unless it is nothing else.
func stopless(s string) string {
	if left := strings.TrimRight(s, "."); left != "" {
		return strings.TrimSpace(left)
	}
	return s
}

// spellingsFile has the words, and the spellings that stand for each. It is the same
// for all questions.
//
//go:embed spellings.json
var spellingsFile string

// spellings are the words by their spellings. Of JSON the file has a word and a bracket
// in a line, and a spelling in each line below.
var spellings = sync.OnceValue(func() map[string]string {
	bySpelling := make(map[string]string)
	word := ""
	for line := range strings.Lines(spellingsFile) {
		_, line, _ = strings.Cut(line, `"`)
		text, rest, quoted := strings.Cut(line, `"`)
		switch {
		case !quoted:
		case strings.HasPrefix(rest, ":"):
			word = text
		default:
			bySpelling[text] = word
		}
	}
	return bySpelling
})

// spelled returns the word that a spelling stands for; what stands for no other word
// is itself.
func spelled(s string) (word string, known bool) {
	if word, known = spellings()[s]; known {
		return word, true
	}
	return s, false
}
