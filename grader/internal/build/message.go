package build

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wirebook/grader/internal/source"
)

// A Message is one of the compiler's.
type Message struct {
	File         string // empty where it is about the program as a whole
	Line, Column int    // from 1; 0 where there is none
	Text         string
}

func (m Message) String() string {
	if m.File == "" {
		return m.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Text)
}

var positioned = regexp.MustCompile(`^(?:\.[/\\])?([^:/\\]+\.go):(\d+)(?::(\d+))?: (.*)$`)

var (
	// exhausted is in a line of a compiler that met a limit.
	exhausted = regexp.MustCompile(`signal: killed|CPU time limit exceeded|file too large$|out of memory|stack overflow$|goroutine stack exceeds`)
	// dump begins what a compiler prints of itself when it fails. No two runs
	// print it alike.
	dump = regexp.MustCompile(`^(panic: |fatal error: |runtime: |runtime stack:|goroutine \d)`)
)

const (
	tooMuch = "compiling it took more processor time, memory or disk than a program of this workbook can need"
	failure = "internal compiler error" // as the compiler begins to say it
	failed  = "the compiler itself fails on this program"
)

// machines are words of a tool that the machine let down.
var machines = []string{"no space left on device", "read-only file system", "permission denied", "operation not permitted", "resource temporarily unavailable"}

// oursToMend reports whether a message speaks of no file of the program's and of
// the machine.
func (m Message) oursToMend() bool {
	return m.File == "" && slices.ContainsFunc(machines, func(words string) bool { return strings.Contains(m.Text, words) })
}

// maxMessages is how many messages are kept; the compiler itself stops at ten a
// package.
const maxMessages = 20

// parse reads what go build printed about the files.
func parse(out string, files source.Files, redact *strings.Replacer) []Message {
	var messages []Message
	for line := range strings.Lines(redact.Replace(out)) {
		line = strings.TrimRight(line, "\r\n")
		last := len(messages) - 1
		switch m := positioned.FindStringSubmatch(line); {
		case m != nil && files[m[1]] != nil && strings.HasPrefix(m[4], failure):
			return append(messages, Message{Text: failed})
		case m != nil && files[m[1]] != nil:
			text, _, _ := strings.Cut(m[4], " ($GOROOT") // where this machine keeps Go
			messages = append(messages, Message{m[1], number(m[2]), number(m[3]), text})
		case strings.HasPrefix(line, "\t") && last >= 0:
			messages[last].Text += "\n" + line
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "# ") || line == "too many errors":
		case exhausted.MatchString(line):
			return []Message{{Text: tooMuch}}
		case dump.MatchString(line):
			return append(messages, Message{Text: failed})
		case strings.Contains(line, "function main is undeclared"):
			messages = append(messages, Message{Text: "the program has no func main"})
		default:
			messages = append(messages, Message{Text: line})
		}
		if len(messages) == maxMessages {
			break
		}
	}
	return messages
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
