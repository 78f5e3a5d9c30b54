package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
)

// executable is how the name of a program ends.
var executable = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

// allLocal is the check that all paths stay below the working directory.
func allLocal(c *script.Call) (err error) {
	for i := range c.Args {
		err = errors.Join(err, local(c, i))
	}
	return err
}

// cmdPuppet puts a puppet under names: one file that has them all.
func cmdPuppet(p *play.Play, c *script.Call) error {
	from, err := p.Puppet()
	if err != nil {
		return err
	}
	first := c.Args[0] + executable
	if err := copyProgram(p.Dir.Root, first, from); err != nil {
		return fmt.Errorf("puppet: %w", err)
	}
	for _, name := range c.Args[1:] {
		if err := makeParent(p.Dir.Root, name); err != nil {
			return err
		}
		if err := p.Dir.Link(first, name+executable); err != nil {
			return err
		}
	}
	return nil
}

func makeParent(root *os.Root, name string) error {
	return root.MkdirAll(filepath.Dir(name), 0o777)
}

// copyProgram makes a copy that can be executed at once. A process that another
// goroutine starts meanwhile would hold the copy open for writing for a moment, and
// what is open for writing is not executed; so none is started meanwhile.
func copyProgram(root *os.Root, name, from string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	if err := makeParent(root, name); err != nil {
		return err
	}
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	target, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Chmod(0o555), target.Close())
}

// puppetDoc tells authors what it is.
var puppetDoc = strings.Join([]string{
	"Put a puppet under these names below the programs' working directory: an executable of ours that a program may start, and that does what its arguments say, or a peer that it connects to.",
	"What that may be stands in package wirebook/harness/puppet/program.",
	"On Windows .exe is added to the names.",
	"In a play with a puppet, what a program has started counts as the program where its rest and its work are judged, and is killed at the end of the play.",
}, " ")
