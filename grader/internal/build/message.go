package build

import (
	"fmt"
	"regexp"
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

var positioned = regexp.MustCompile(`^(?:\./)?([^:/\\]+\.go):(\d+)(?::(\d+))?: (.*)$`)

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
		case m != nil && files[m[1]] != nil:
			messages = append(messages, Message{m[1], number(m[2]), number(m[3]), plain(m[4])})
		case strings.HasPrefix(line, "\t") && last >= 0:
			messages[last].Text += "\n" + line
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "# ") || line == "too many errors":
		default:
			messages = append(messages, Message{Text: whole(line)})
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

// plain takes out of a message where this machine keeps Go.
func plain(text string) string {
	text, _, _ = strings.Cut(text, " ($GOROOT")
	return text
}

// whole puts what the tools say about a program without a position into a
// student's words, where they are known.
func whole(line string) string {
	switch {
	case strings.Contains(line, "function main is undeclared"):
		return "the program has no func main"
	case strings.Contains(line, "signal: killed"), strings.Contains(line, "CPU time limit exceeded"), strings.Contains(line, "out of memory"):
		return "compiling it took more processor time or memory than a program of this workbook can need"
	}
	return line
}
