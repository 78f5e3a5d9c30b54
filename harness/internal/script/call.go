package script

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Call is a command with the arguments of one line. Before a play, when a form
// checks it, the value of a word with a variable in it is "".
type Call struct {
	Verb string
	Args []string // without the flags

	flags    map[string]string
	literal  []bool // of Args
	patterns map[string]*regexp.Regexp
	files    map[string][]byte
}

// binding sorts a line's words into arguments and flags.
type binding struct {
	args  []word
	flags map[string]word
}

func bind(f *Form, words []word) (b binding, err error) {
	g := f.grammar()
	b.flags = make(map[string]word)
	for i := 0; i < len(words); i++ {
		name, isFlag := words[i].flag()
		if !isFlag || (g.leading && len(b.args) > 0) {
			b.args = append(b.args, words[i])
			continue
		}
		value, known := g.flags[name]
		switch {
		case !known:
			return b, f.mismatch("unknown flag -%s", name)
		case value == "":
			b.flags[name] = nil
			continue
		}
		if i++; i == len(words) {
			return b, f.mismatch("-%s needs a value", name)
		}
		b.flags[name] = words[i]
	}
	if len(b.args) < g.min || (g.max >= 0 && len(b.args) > g.max) {
		return b, f.mismatch("it has %d arguments", len(b.args))
	}
	return b, nil
}

// call returns the call with the values that its words have now. Where value is
// nil, words with a variable stay empty.
func (l *Line) call(value func(string) string) (*Call, error) {
	c := &Call{
		Verb: l.Verb, Args: make([]string, len(l.args)), literal: make([]bool, len(l.args)),
		flags: make(map[string]string, len(l.flags)), files: l.files,
	}
	var err error
	for i, w := range l.args {
		if c.literal[i] = w.literal(); value == nil && !c.literal[i] {
			continue
		}
		if c.Args[i], err = (expansion{value: value}).of(w); err != nil {
			return nil, err
		}
	}
	g := l.Form.grammar()
	for name, w := range l.flags {
		if value == nil && !w.literal() {
			if kind := g.flags[name]; kind != "RE" && valueChecks[kind] != nil {
				return nil, fmt.Errorf("-%s must be written out, without a variable", name)
			}
			c.flags[name] = ""
			continue
		}
		isPattern := g.flags[name] == "RE"
		if c.flags[name], err = (expansion{value: value, raw: isPattern}).of(w); err != nil {
			return nil, err
		}
		if isPattern {
			if err := c.compile(name); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func (c *Call) compile(flag string) error {
	re, err := regexp.Compile(c.flags[flag])
	if err != nil {
		return fmt.Errorf("-%s: %w", flag, err)
	}
	if c.patterns == nil {
		c.patterns = make(map[string]*regexp.Regexp)
	}
	c.patterns[flag] = re
	return nil
}

// valueChecks check a flag's value by the word that stands for it in the usage.
var valueChecks = map[string]func(string) error{
	"RE":       func(string) error { return nil }, // compiled already
	"N":        func(s string) error { _, err := number(s); return err },
	"D":        func(s string) error { _, err := duration(s); return err },
	"N,N|each": func(s string) error { _, err := splits(s, -1); return err },
}

// check finds the mistakes in a line that need no variable's value.
func (l *Line) check() error {
	c, err := l.call(nil)
	if err != nil {
		return err
	}
	for name, kind := range l.Form.grammar().flags {
		if check := valueChecks[kind]; c.Has(name) && check != nil {
			if err := check(c.flags[name]); err != nil {
				return fmt.Errorf("-%s: %w", name, err)
			}
		}
	}
	if name, ok := c.flags["file"]; ok {
		if _, there := c.files[name]; !there {
			return fmt.Errorf("-file %q is not in the archive; add a section -- %s --", name, name)
		}
	}
	if l.Form.Check != nil {
		if err := l.Form.Check(c); err != nil {
			return fmt.Errorf("%s: %w", l.Verb, err)
		}
	}
	return nil
}

// Has reports whether the flag is given.
func (c *Call) Has(flag string) bool { _, ok := c.flags[flag]; return ok }

// Flag returns the value of a flag, or otherwise where it is not given.
func (c *Call) Flag(name, otherwise string) string {
	if v, ok := c.flags[name]; ok {
		return v
	}
	return otherwise
}

// Literal returns argument i where its value is known before the play, or where the
// play has begun.
func (c *Call) Literal(i int) (string, bool) {
	return c.Args[i], c.literal[i] || c.Args[i] != ""
}

// Number returns the value of a flag that is a number.
func (c *Call) Number(flag string, otherwise int) int {
	if !c.Has(flag) {
		return otherwise
	}
	n, err := number(c.flags[flag])
	must(err)
	return n
}

// Duration returns the value of a flag that is a duration; 0 where it is not given.
func (c *Call) Duration(flag string) time.Duration {
	if !c.Has(flag) {
		return 0
	}
	d, err := duration(c.flags[flag])
	must(err)
	return d
}

// Pattern returns the flag's regular expression as it is written; nil where it is
// not given.
func (c *Call) Pattern(flag string) *regexp.Regexp { return c.patterns[flag] }

// File returns the contents of the archive's file that -file names; nil without it.
func (c *Call) File() []byte { return c.files[c.flags["file"]] }

// Bytes returns what the arguments from i on say in bytes, behind the archive's
// file where -file names one, and repeated as often as -times says.
func (c *Call) Bytes(i int) []byte {
	data, times := c.Repeated(i)
	return bytes.Repeat(data, times)
}

// Repeated returns what Bytes would, as the data and how often it is repeated.
func (c *Call) Repeated(i int) (data []byte, times int) {
	text := strings.Join(c.Args[min(i, len(c.Args)):], "")
	return append(slices.Clip(c.File()), text...), c.Number("times", 1)
}

// Splits returns the places at which -split cuts n bytes, ascending.
func (c *Call) Splits(n int) ([]int, error) {
	if !c.Has("split") {
		return nil, nil
	}
	return splits(c.flags["split"], n)
}

// must says that a value which was checked at loading cannot be wrong.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is no number", s)
	}
	return n, nil
}

func duration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no time; write 1s or 250ms", s)
	}
	return d, nil
}

var errSplit = errors.New("give ascending places inside of the bytes, as in 3,7, or each")

// splits reads the places at which n bytes are cut; n < 0 is any number.
func splits(s string, n int) ([]int, error) {
	var at []int
	if s == "each" {
		for i := 1; i < n; i++ {
			at = append(at, i)
		}
		return at, nil
	}
	last := 0
	for field := range strings.SplitSeq(s, ",") {
		i, err := strconv.Atoi(field)
		if err != nil || i <= last || (n >= 0 && i >= n) {
			return nil, fmt.Errorf("%q does not cut %q; %w", field, s, errSplit)
		}
		at, last = append(at, i), i
	}
	return at, nil
}
