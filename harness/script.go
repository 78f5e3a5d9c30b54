package harness

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A line is one command of a script, taken apart when the scenario is loaded,
// so that a mistake in a scenario is found before any program runs.
type line struct {
	number     int
	text       string   // as written, without the conditions
	phase      string   // the # line above it
	conditions []string // with their brackets
	negated    bool
	verb       string
	words      []word // what follows the verb
	command    *command
	builtin    bool
	call       call
}

// A word is one argument as written: parts with and without quotes.
type word []part

// A part of a word. In an unquoted part $NAME stands for a variable; in a
// quoted one, Go's escapes for bytes.
type part struct {
	text   string
	quoted bool
}

// builtins are the commands of testscript that a scenario may use. Its others
// would start programs outside our limits, end a script green, or wait.
var builtins = []string{"cd", "cmp", "cp", "env", "exists", "grep", "mkdir", "rm", "skip", "symlink"}

// conditions are what a line may depend on, each also with a "!".
var conditions = []string{"linux", "darwin", "windows", "unix"}

// parseScript takes a script apart whose first line has the given number.
// Errors start with the line's number.
func parseScript(script string, first int) ([]*line, error) {
	var lines []*line
	phase := ""
	for i, text := range strings.Split(script, "\n") {
		number := first + i
		text = strings.TrimSpace(text)
		if rest, ok := strings.CutPrefix(text, "#"); ok {
			phase = strings.TrimSpace(rest)
			continue
		}
		if text == "" {
			continue
		}
		l, err := parseLine(text)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", number, err)
		}
		l.number, l.phase = number, phase
		lines = append(lines, l)
	}
	return lines, nil
}

func parseLine(text string) (*line, error) {
	l := &line{}
	for strings.HasPrefix(text, "[") {
		end := strings.IndexByte(text, ']')
		if end < 0 {
			return nil, fmt.Errorf("the condition in %q has no end; write: [linux]", text)
		}
		name := strings.TrimPrefix(text[1:end], "!")
		if !slices.Contains(conditions, name) {
			return nil, fmt.Errorf("unknown condition %q; there are %s", name, strings.Join(conditions, ", "))
		}
		l.conditions = append(l.conditions, text[:end+1])
		text = strings.TrimSpace(text[end+1:])
	}
	if rest, ok := strings.CutPrefix(text, "! "); ok {
		l.negated = true
		text = strings.TrimSpace(rest)
	}
	l.text = text
	words, err := splitWords(text)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 || len(words[0]) != 1 || words[0][0].quoted {
		return nil, fmt.Errorf("%q has no command", text)
	}
	l.verb, l.words = words[0][0].text, words[1:]
	return l, nil
}

// splitWords splits a line as testscript does: at blanks outside of single
// quotes, up to a # outside of quotes; ” inside quotes is a quote.
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
		var w word
		for i < len(text) && !strings.ContainsRune(" \t#", rune(text[i])) {
			var p part
			if text[i] == '\'' {
				quoted, n, err := cutQuoted(text[i:])
				if err != nil {
					return nil, err
				}
				p, i = part{quoted, true}, i+n
			} else {
				n := strings.IndexAny(text[i:], " \t#'")
				if n < 0 {
					n = len(text) - i
				}
				p, i = part{text[i : i+n], false}, i+n
			}
			w = append(w, p)
		}
		words = append(words, w)
	}
	return words, nil
}

// cutQuoted returns what stands in the quotes that text begins with, and how
// many bytes of text that took.
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

// check binds the line to its command and checks all that can be known before
// the play.
func (l *line) check(files map[string][]byte) error {
	if slices.Contains(builtins, l.verb) {
		l.builtin = true
		return nil
	}
	l.command = lookup(l.verb)
	if l.command == nil {
		return fmt.Errorf("unknown command %q; package harness's documentation lists them", l.verb)
	}
	if l.negated {
		return fmt.Errorf("%q takes no !; ask for what should happen instead", l.verb)
	}
	return l.call.bind(l, files)
}

// bound returns the line as testscript is to read it.
func (l *line) bound() string {
	s := strings.Join(l.conditions, " ")
	if l.builtin {
		if l.negated {
			s += " !"
		}
		return strings.TrimSpace(s + " " + l.text)
	}
	return strings.TrimSpace(s + " " + l.binding())
}

// binding is the name under which testscript finds this line's command. It
// does not tell a command the line that it stands on.
func (l *line) binding() string { return l.verb + ":" + strconv.Itoa(l.number) }

// variable is how an unquoted part names one: $NAME or ${NAME}.
var variable = lazily(`\$(?:\{(\w+)\}|(\w+))`)

// expand returns the word's text with variables filled in by lookup. Escapes in
// quoted parts are decoded unless raw is set, as for a regular expression, in
// which a variable stands for exactly its text.
func (w word) expand(lookup func(string) string, raw bool) (string, error) {
	var b strings.Builder
	for _, p := range w {
		if p.quoted {
			if raw {
				b.WriteString(p.text)
				continue
			}
			text, err := unescape(p.text)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
			continue
		}
		var unset string
		b.WriteString(variable().ReplaceAllStringFunc(p.text, func(ref string) string {
			name := strings.Trim(ref, "${}")
			value := lookup(name)
			if value == "" {
				unset = name
			}
			if raw {
				return regexp.QuoteMeta(value)
			}
			return value
		}))
		if unset != "" {
			return "", fmt.Errorf("$%s has no value yet; start, dial, listen, socket or cable gives it one", unset)
		}
	}
	return b.String(), nil
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
		// A byte that is no UTF-8 stands for itself.
		switch {
		case rest[0] != '\\':
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
