// The puppet is a program that does what its first argument says.
//
//	args WORD...        prints how many words there are, and each as <WORD>, a line each
//	print WORD...       prints the words, a space between two, and LF
//	env                 prints its environment, sorted, a variable a line
//	cat                 prints its standard input, and then "end of input after N bytes"
//	exit CODE WORD...   prints the words, if there are any, and ends with CODE
//	fail CODE WORD...   prints the words on standard error, and ends with CODE
//	both N              prints N lines "out I" and N lines "err I" on standard error, by turns
//	bytes               prints one of each of the 256 bytes, in order
//	fill N              prints N bytes: lines of 250 characters and LF, the last one cut
//	flood               prints such lines without end
//	crash               ends by a signal that it sends to itself
//	touch PATH          makes a file
//	hold WORD...        prints the words, if there are any, and stays
//	mute                closes its outputs, and stays
//	obey ADDR NAME      connects to ADDR, says "NAME\n", and does what is said there
//	tree ADDR PROGRAM   obeys as parent, and starts PROGRAM, which obeys as child
//	leave ADDR PROGRAM CODE N
//	                    starts PROGRAM, which obeys as child; when that has connected,
//	                    it prints N bytes as fill does, and ends with CODE
//	detach ADDR PROGRAM CODE N
//	                    the same; the child is in a session of its own
//
// PROGRAM is another puppet, or the same. Who obeys reads lines, and answers each with
// "ok\n" when it is done:
//
//	out TEXT    prints the text and LF
//	err TEXT    the same on standard error
//	fill N      prints N bytes as above
//	close       closes both outputs
//	exit CODE   ends with CODE
//
// It ends when the connection does. What stays or obeys takes no notice of signals
// that can be refused, nor of an output that nobody reads any more. Everything ends by
// itself after two minutes.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// longest is how long a puppet may live: longer than any play.
const longest = 2 * time.Minute

// A verb is what a puppet can do, with so many arguments at least.
type verb struct {
	least int
	do    func(args []string) error
}

// verbs are all of them, by the first argument.
var verbs = map[string]verb{
	"args":   {0, printArguments},
	"print":  {0, func(args []string) error { return say(os.Stdout, args) }},
	"env":    {0, printEnvironment},
	"cat":    {0, copyInput},
	"exit":   {1, func(args []string) error { return end(args[0], os.Stdout, args[1:]) }},
	"fail":   {1, func(args []string) error { return end(args[0], os.Stderr, args[1:]) }},
	"both":   {1, printByTurns},
	"bytes":  {0, printBytes},
	"fill":   {1, func(args []string) error { return fill(args[0]) }},
	"flood":  {0, func([]string) error { return flood() }},
	"crash":  {0, func([]string) error { return crash() }},
	"touch":  {1, func(args []string) error { return os.WriteFile(args[0], nil, 0o666) }},
	"hold":   {0, func(args []string) error { refuseSignals(); return stay(sayAny(os.Stdout, args)) }},
	"mute":   {0, func([]string) error { refuseSignals(); return stay(closeOutputs()) }},
	"obey":   {2, func(args []string) error { return obey(args[0], args[1], "") }},
	"tree":   {2, func(args []string) error { return tree(args[0], args[1]) }},
	"leave":  {4, func(args []string) error { return leave(args, nil) }},
	"detach": {4, func(args []string) error { return leave(args, apart) }},
	reports:  {3, func(args []string) error { return obey(args[0], args[1], args[2]) }},
}

// reports is the verb of a child whose parent waits until it has connected.
const reports = "obey-and-report"

func main() {
	time.AfterFunc(longest, func() { os.Exit(99) })
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "puppet:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("the first argument has to be a verb")
	}
	v, known := verbs[args[0]]
	if !known || len(args)-1 < v.least {
		return fmt.Errorf("%q: no such verb, or too few arguments", args)
	}
	return v.do(args[1:])
}

// say prints words as one line, in one write.
func say(w io.Writer, words []string) error {
	_, err := io.WriteString(w, strings.Join(words, " ")+"\n")
	return err
}

// sayAny is say that prints nothing where there are no words.
func sayAny(w io.Writer, words []string) error {
	if len(words) == 0 {
		return nil
	}
	return say(w, words)
}

func printArguments(args []string) error {
	text := fmt.Sprintln(len(args))
	for _, arg := range args {
		text += "<" + arg + ">\n"
	}
	_, err := io.WriteString(os.Stdout, text)
	return err
}

func printEnvironment([]string) error {
	for _, setting := range slices.Sorted(slices.Values(os.Environ())) {
		if err := say(os.Stdout, []string{setting}); err != nil {
			return err
		}
	}
	return nil
}

func copyInput([]string) error {
	n, err := io.Copy(os.Stdout, os.Stdin)
	if err != nil {
		return err
	}
	return say(os.Stdout, []string{fmt.Sprintf("end of input after %d bytes", n)})
}

// end prints words, if there are any, and ends.
func end(code string, w io.Writer, words []string) error {
	status, err := strconv.ParseUint(code, 10, 32)
	if err == nil {
		err = sayAny(w, words)
	}
	if err == nil {
		os.Exit(int(status))
	}
	return err
}

func printByTurns(args []string) error {
	n, err := strconv.Atoi(args[0])
	for i := range n {
		for _, out := range []struct {
			file *os.File
			name string
		}{{os.Stdout, "out"}, {os.Stderr, "err"}} {
			if err := say(out.file, []string{out.name, strconv.Itoa(i)}); err != nil {
				return err
			}
		}
	}
	return err
}

func printBytes([]string) error {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	_, err := os.Stdout.Write(all)
	return err
}

// fill prints so many bytes.
func fill(count string) error {
	n, err := strconv.Atoi(count)
	for block := pattern(); err == nil && n > 0; {
		var written int
		written, err = os.Stdout.Write(block[:min(n, len(block))])
		n -= written
	}
	return err
}

func flood() (err error) {
	for block := pattern(); err == nil; {
		_, err = os.Stdout.Write(block)
	}
	return err
}

// pattern is a block of lines of 251 bytes. The number is a prime: no buffer of a
// program is a multiple of it, so whatever is lost or doubled shows.
func pattern() []byte {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	line := strings.Repeat(digits, 5)[:250] + "\n"
	return bytes.Repeat([]byte(line), 260)
}

func crash() error {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	return stay(err)
}

// refuseSignals takes no notice of what asks it to end.
func refuseSignals() {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGALRM, syscall.SIGPIPE)
}

func closeOutputs() error {
	os.Stderr.Close()
	return os.Stdout.Close()
}

// stay returns only where there is an error.
func stay(err error) error {
	if err == nil {
		select {}
	}
	return err
}
