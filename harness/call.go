package harness

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A command is one verb of the script language. commands is the table of them,
// from which the language's reference is made.
type command struct {
	name string
	args string // for the reader: "PEER BYTES... [-times N]"
	doc  string
	// min and max bound the number of arguments without flags; max < 0: any.
	min, max int
	// flags are the flags that it takes: "times=" has a value, "try" has
	// none.
	flags []string
	// leading says that flags stand before the arguments only: what looks
	// like one behind them is the program's.
	leading bool
	// run plays it. A *Failure is the student's fault, any other error ours.
	run func(p *play, c *call) error
}

// A call is a command with the arguments of one line.
type call struct {
	line  *line
	args  []word
	flags map[string]word
	files map[string][]byte
	// lookup gives a variable's value, in the play.
	lookup func(string) string
}

// bind sorts the line's words into arguments and flags.
func (c *call) bind(l *line, files map[string][]byte) error {
	*c = call{line: l, flags: make(map[string]word), files: files}
	cmd := l.command
	for i := 0; i < len(l.words); i++ {
		w := l.words[i]
		name, isFlag := flagName(w)
		if !isFlag || (cmd.leading && len(c.args) > 0) {
			c.args = append(c.args, w)
			continue
		}
		switch {
		case slices.Contains(cmd.flags, name):
			c.flags[name] = nil
		case slices.Contains(cmd.flags, name+"="):
			if i++; i == len(l.words) {
				return fmt.Errorf("%s: -%s needs a value; the form is: %s %s", cmd.name, name, cmd.name, cmd.args)
			}
			c.flags[name] = l.words[i]
		default:
			return fmt.Errorf("%s: unknown flag -%s; the form is: %s %s", cmd.name, name, cmd.name, cmd.args)
		}
	}
	if len(c.args) < cmd.min || (cmd.max >= 0 && len(c.args) > cmd.max) {
		return fmt.Errorf("%s: it has %d arguments; the form is: %s %s", cmd.name, len(c.args), cmd.name, cmd.args)
	}
	return c.checkValues()
}

// checkValues finds the mistakes in escapes, patterns, numbers and file names
// that need no variable's value.
func (c *call) checkValues() error {
	trial := *c
	trial.lookup = func(string) string { return "x" }
	for i := range c.args {
		if _, err := trial.text(i); err != nil {
			return err
		}
	}
	if c.has("times") {
		if _, err := trial.number("times", 1); err != nil {
			return err
		}
	}
	if c.has("match") {
		if _, err := trial.pattern("match"); err != nil {
			return err
		}
	}
	if c.has("file") {
		if _, err := trial.file(); err != nil {
			return err
		}
	}
	return nil
}

func flagName(w word) (string, bool) {
	if len(w) == 0 || w[0].quoted || !strings.HasPrefix(w[0].text, "-") || len(w) > 1 {
		return "", false
	}
	return w[0].text[1:], true
}

func (c *call) has(flag string) bool {
	_, ok := c.flags[flag]
	return ok
}

// text returns argument i with variables and escapes decoded.
func (c *call) text(i int) (string, error) { return c.args[i].expand(c.lookup, false) }

// texts returns the arguments from i on.
func (c *call) texts(i int) ([]string, error) {
	var all []string
	for ; i < len(c.args); i++ {
		s, err := c.text(i)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// flag returns the value of a flag, or otherwise where it is not given.
func (c *call) flag(name, otherwise string) (string, error) {
	if !c.has(name) {
		return otherwise, nil
	}
	return c.flags[name].expand(c.lookup, false)
}

func (c *call) number(flag string, otherwise int) (int, error) {
	s, err := c.flag(flag, strconv.Itoa(otherwise))
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("-%s %q is no number", flag, s)
	}
	return n, nil
}

// pattern returns the flag's regular expression, anchored at the front.
func (c *call) pattern(flag string) (*regexp.Regexp, error) {
	s, err := c.flags[flag].expand(c.lookup, true)
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(`\A(?:` + s + `)`)
	if err != nil {
		return nil, fmt.Errorf("-%s: %w", flag, err)
	}
	return re, nil
}

// file returns the contents of the archive's file that -file names.
func (c *call) file() ([]byte, error) {
	name, err := c.flag("file", "")
	if err != nil {
		return nil, err
	}
	data, ok := c.files[name]
	if !ok {
		return nil, fmt.Errorf("-file %q is not in the archive; add a section -- %s --", name, name)
	}
	return data, nil
}

// bytes returns what the arguments from i on say in bytes: glued, or the file
// of the archive, and repeated as often as -times says.
func (c *call) bytes(i int) ([]byte, error) {
	data, times, err := c.repeated(i)
	if err != nil {
		return nil, err
	}
	return bytes.Repeat(data, times), nil
}

// repeated returns what bytes would, as the data and how often it is repeated.
func (c *call) repeated(i int) (data []byte, times int, err error) {
	if c.has("file") {
		if data, err = c.file(); err != nil {
			return nil, 0, err
		}
	}
	parts, err := c.texts(i)
	if err != nil {
		return nil, 0, err
	}
	times, err = c.number("times", 1)
	return append(slices.Clip(data), strings.Join(parts, "")...), times, err
}

// splits returns the places at which -split cuts n bytes, ascending.
func (c *call) splits(n int) ([]int, error) {
	s, err := c.flag("split", "")
	if err != nil || s == "" {
		return nil, err
	}
	var at []int
	if s == "each" {
		for i := 1; i < n; i++ {
			at = append(at, i)
		}
		return at, nil
	}
	for _, field := range strings.Split(s, ",") {
		i, err := strconv.Atoi(field)
		if err != nil || i <= 0 || i >= n || (len(at) > 0 && i <= at[len(at)-1]) {
			return nil, fmt.Errorf("-split %q: %q does not cut %d bytes; give ascending places inside them, or each", s, field, n)
		}
		at = append(at, i)
	}
	return at, nil
}
