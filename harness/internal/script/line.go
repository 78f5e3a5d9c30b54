package script

import (
	"fmt"
	"slices"
	"strings"
)

// A Line is one command of a script.
type Line struct {
	Number     int    // in the file, from 1
	Text       string // as written, without the conditions
	Block      string // the # line above it
	Verb       string
	Form       *Form
	Conditions []string // with their brackets, as in [linux]; all must hold

	binding
	files map[string][]byte
}

// Call returns the line's call in a play, in which the variables have these values.
func (l *Line) Call(value func(name string) string) (*Call, error) { return l.call(value) }

// conditions are what a line may depend on, each also with a "!".
var conditions = []string{"linux", "darwin", "windows", "unix"}

// Lines reads the lines of a script whose first line has the given number. Errors
// start with the line's number.
func Lines(script string, first int, files map[string][]byte, form func(verb string) *Form) ([]*Line, error) {
	var lines []*Line
	block := ""
	for i, text := range strings.Split(script, "\n") {
		text = strings.TrimSpace(text)
		if rest, ok := strings.CutPrefix(text, "#"); ok {
			block = strings.TrimSpace(rest)
			continue
		}
		if text == "" {
			continue
		}
		l := &Line{Number: first + i, Block: block, files: files}
		if err := l.read(text, form); err != nil {
			return nil, fmt.Errorf("%d: %w", l.Number, err)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (l *Line) read(text string, form func(verb string) *Form) (err error) {
	if l.Conditions, l.Text, err = cutConditions(text); err != nil {
		return err
	}
	words, err := splitWords(l.Text)
	if err != nil {
		return err
	}
	if len(words) == 0 || len(words[0]) != 1 || words[0][0].quoted {
		return fmt.Errorf("%q has no command", l.Text)
	}
	l.Verb = words[0][0].text
	if l.Form = form(l.Verb); l.Form == nil {
		return fmt.Errorf("unknown command %q; package harness's documentation lists them", l.Verb)
	}
	if l.binding, err = bind(l.Form, words[1:]); err != nil {
		return err
	}
	return l.check()
}

func cutConditions(text string) (found []string, rest string, err error) {
	for strings.HasPrefix(text, "[") {
		end := strings.IndexByte(text, ']')
		if end < 0 {
			return nil, "", fmt.Errorf("the condition in %q has no end; write: [linux]", text)
		}
		name := strings.TrimPrefix(text[1:end], "!")
		if !slices.Contains(conditions, name) {
			return nil, "", fmt.Errorf("unknown condition %q; there are %s", name, strings.Join(conditions, ", "))
		}
		found = append(found, text[:end+1])
		text = strings.TrimSpace(text[end+1:])
	}
	return found, text, nil
}
