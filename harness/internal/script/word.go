package script

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A word is one argument as written: parts with and without quotes.
type word []part

// A part of a word. In an unquoted part $NAME stands for a variable; in a quoted
// one stand Go's escapes for bytes.
type part struct {
	text   string
	quoted bool
}

// splitWords splits a line at blanks outside of single quotes, up to a # outside of
// quotes. Two quotes inside of quotes are one.
func splitWords(text string) ([]word, error) {
	var words []word
	for i := 0; i < len(text); {
		switch text[i] {
		case ' ', '\t':
			i++
			continue
		case '#':
			return words, nil
		}
		w, n, err := cutWord(text[i:])
		if err != nil {
			return nil, err
		}
		words, i = append(words, w), i+n
	}
	return words, nil
}

// cutWord returns the word that text begins with, and its length.
func cutWord(text string) (w word, n int, err error) {
	for n < len(text) && !strings.ContainsRune(" \t#", rune(text[n])) {
		if text[n] == '\'' {
			quoted, size, err := cutQuoted(text[n:])
			if err != nil {
				return nil, 0, err
			}
			w, n = append(w, part{quoted, true}), n+size
			continue
		}
		size := strings.IndexAny(text[n:], " \t#'")
		if size < 0 {
			size = len(text) - n
		}
		w, n = append(w, part{text[n : n+size], false}), n+size
	}
	return w, n, nil
}

// cutQuoted returns what stands in the quotes that text begins with, and how many
// bytes of text that took.
func cutQuoted(text string) (inner string, n int, err error) {
	for i := 1; i < len(text); i++ {
		if text[i] != '\'' {
			continue
		}
		if i+1 < len(text) && text[i+1] == '\'' {
			i++
			continue
		}
		return strings.ReplaceAll(text[1:i], "''", "'"), i + 1, nil
	}
	return "", 0, fmt.Errorf("the quote in %q has no end; close it with '", text)
}

// flag returns the name of the flag that the word is: -NAME, without quotes.
func (w word) flag() (name string, ok bool) {
	if len(w) != 1 || w[0].quoted {
		return "", false
	}
	return strings.CutPrefix(w[0].text, "-")
}

// variable is how an unquoted part names one: $NAME or ${NAME}.
var variable = lazily(`\$(?:\{(\w+)\}|(\w+))`)

// literal reports whether the word has the same value in every play.
func (w word) literal() bool {
	for _, p := range w {
		if !p.quoted && variable().MatchString(p.text) {
			return false
		}
	}
	return true
}

// An expansion makes the value of a word.
type expansion struct {
	value func(name string) string // of a variable; "" if it has none
	// raw leaves what is quoted as it is, for a regular expression, in which
	// a variable stands for exactly its text.
	raw bool
}

func (e expansion) of(w word) (string, error) {
	var b strings.Builder
	for _, p := range w {
		text, err := e.ofPart(p)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func (e expansion) ofPart(p part) (string, error) {
	switch {
	case p.quoted && e.raw:
		return p.text, nil
	case p.quoted:
		return unescape(p.text)
	case !strings.Contains(p.text, "$"):
		return p.text, nil
	}
	unset := ""
	text := variable().ReplaceAllStringFunc(p.text, func(ref string) string {
		name := strings.Trim(ref, "${}")
		value := e.value(name)
		if value == "" {
			unset = name
		}
		if e.raw {
			return regexp.QuoteMeta(value)
		}
		return value
	})
	if unset != "" {
		return "", fmt.Errorf("$%s has no value yet; start, dial, listen, socket or cable gives it one", unset)
	}
	return text, nil
}

// unescape decodes Go's escapes in s, which may hold any other bytes as well.
func unescape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b []byte
	for rest := s; rest != ""; {
		if strings.HasPrefix(rest, `\'`) || strings.HasPrefix(rest, `\"`) {
			b, rest = append(b, rest[1]), rest[2:]
			continue
		}
		r, multibyte, tail, err := strconv.UnquoteChar(rest, 0)
		if err != nil {
			return "", fmt.Errorf("unknown escape in %q; use Go's: \\n \\r \\t \\\\ \\xff \\u4f60", s)
		}
		switch {
		case rest[0] != '\\': // a byte that is no UTF-8 stands for itself
			b = append(b, rest[:len(rest)-len(tail)]...)
		case multibyte:
			b = append(b, string(r)...)
		default:
			b = append(b, byte(r))
		}
		rest = tail
	}
	return string(b), nil
}
