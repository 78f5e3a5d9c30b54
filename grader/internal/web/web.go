// Package web is what the grader's pages have in common: their style, and how a
// stranger's text is shown in them.
package web

import (
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"wirebook/harness/telling"
)

//go:embed style.css
var style string

// Style is what all pages look like.
func Style() template.CSS { return template.CSS(style) }

// Visible takes out of a text what a terminal could obey or a reader could not see:
// such characters become Go escapes. Line ends stay.
func Visible(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
		return text // as nearly always
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == unicode.ReplacementChar && !strings.HasPrefix(text[i:], string(r)):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case r == '\n' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r == '\t':
			b.WriteString("    ")
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// Shortened keeps both ends of a visible text that is too long to be drawn.
func Shortened(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	head := most * 2 / 3
	return string(runes[:head]) + "…" + string(runes[len(runes)-(most-head-1):])
}

// Marked is what came, cut where the first wrong byte is.
type Marked struct{ Want, Before, At, After string }

// WhereWrong cuts what came, shown by a function; nil where nothing was compared.
func WhereWrong(d *telling.Difference, show func(string) string) *Marked {
	if d == nil {
		return nil
	}
	m := &Marked{Want: show(d.Want), Before: show(d.Got)}
	if runes := []rune(d.Got); d.Caret >= 0 && d.Caret < len(runes) {
		m.Before, m.At, m.After = show(string(runes[:d.Caret])), show(string(runes[d.Caret])), show(string(runes[d.Caret+1:]))
	}
	return m
}
