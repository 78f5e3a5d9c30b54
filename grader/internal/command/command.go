// Package command finds a program that the workbook does not build: whatever words
// start it, as in `python3 -u chat.py`.
//
// A scenario starts a program in a working directory of its own. So what names a
// file is made absolute from the folder in which the words were typed; all else is
// handed on as it is.
package command

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"wirebook/harness"
)

// A Command is a program and how it was called.
type Command struct {
	// Words are those that were typed.
	Words []string
	// Files are the files that they name, absolute: the program, where it was given
	// as a path, and arguments. When one of them changes, the program does.
	Files []string
	// Program is what a player starts.
	Program harness.Program
}

// Split takes a command off the arguments that a command line has, where dash is
// how many of them stand before "--", and negative where there is none. The command
// is nil then.
func Split(args []string, dash int) (before, words []string, err error) {
	if dash < 0 {
		return args, nil, nil
	}
	if dash == len(args) {
		return nil, nil, fmt.Errorf("no program stands behind --; write its command there, as in: -- python3 -u chat.py")
	}
	return args[:dash], args[dash:], nil
}

// Find finds the program that the words start.
func Find(words []string) (*Command, error) {
	path, err := exec.LookPath(words[0])
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, fmt.Errorf("-- %s: no such program, neither on the PATH nor as an executable file: %w", words[0], err)
	}
	c := &Command{Words: words, Program: harness.Program{Path: path, Args: make([]string, len(words)-1), Env: environment(), Family: true}}
	if filepath.Base(words[0]) != words[0] {
		c.Files = append(c.Files, path)
	}
	for i, word := range words[1:] {
		c.Program.Args[i] = word
		if info, err := os.Stat(word); err != nil || !info.Mode().IsRegular() {
			continue
		}
		file, err := filepath.Abs(word)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", word, err)
		}
		c.Program.Args[i], c.Files = file, append(c.Files, file)
	}
	return c, nil
}

// environment is what programs of all kinds need. One that the workbook builds needs
// none of these.
func environment() []string {
	env := harness.BaseEnvironment()
	for _, name := range []string{"PATH", "HOME", "USERPROFILE", "PATHEXT"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// String is the command as one types it.
func (c *Command) String() string {
	words := make([]string, len(c.Words))
	for i, word := range c.Words {
		words[i] = word
		if !plain.MatchString(word) {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// plain is a word that no shell takes for something else.
var plain = regexp.MustCompile(`^[\w@%+=:,./\\-]+$`)
