package telling

import (
	"fmt"
	"path"
	"strings"
)

// LastWords tells, from what a program wrote on standard error, what it says of
// its end, as a clause such as
//
//	it said "panic: boom", at chat.go:31
//
// and "" where it wrote nothing.
func LastWords(stderr string) string {
	words, trace := findCrash(stderr)
	if words == "" {
		lines := strings.Split(strings.TrimSpace(stderr), "\n")
		words = strings.TrimSpace(lines[len(lines)-1])
	}
	if words == "" {
		return ""
	}
	const most = 200
	text := fmt.Sprintf(say.Said, quoteEnds(words, len(words), most))
	if overflows(words, trace) {
		text = say.StackOverflow
	}
	if place := placeIn(trace); place != "" {
		text = fmt.Sprintf(say.At, text, harmless(place))
	}
	return text
}

// crashes are how the first line of a crash begins. It says more than the last.
var crashes = [...]string{"panic: ", "fatal error: ", "runtime: out of memory", "SIGSEGV: "}

// findCrash returns the line that tells of a crash, and what follows it.
func findCrash(stderr string) (words, trace string) {
	for rest := stderr; rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		for _, crash := range crashes {
			if strings.HasPrefix(line, crash) {
				return strings.TrimSpace(line), rest
			}
		}
	}
	return "", ""
}

// overflows reports whether a crash is that of a stack that grew without end.
// Where memory is limited, it is too little memory that ends such a program,
// when the runtime wants to make the stack grow.
func overflows(words, trace string) bool {
	grows := strings.Contains(trace, "\nruntime.newstack(") || strings.Contains(trace, "\nruntime.copystack(")
	return strings.HasSuffix(words, "stack overflow") || grows && strings.Contains(words, "out of memory")
}

// placeIn returns the first FILE:LINE of the student's code in the first
// goroutine of a trace that has one, or else where that goroutine was started.
func placeIn(trace string) string {
	for goroutine := range strings.SplitSeq(trace, "\n\n") {
		started, function := "", ""
		for line := range strings.SplitSeq(goroutine, "\n") {
			file, isPlace := strings.CutPrefix(line, "\t")
			if !isPlace {
				function = line
				continue
			}
			file, _, _ = strings.Cut(file, " ")
			file = path.Base(strings.ReplaceAll(file, `\`, "/"))
			creator, isStart := strings.CutPrefix(function, "created by ")
			if isStart && isOurs(creator) {
				started = file
			} else if isOurs(function) {
				return file
			}
		}
		if started != "" {
			return started
		}
	}
	return ""
}

// isOurs reports whether a function of a trace is a lesson's: of the package
// main, which the test of a lesson calls by its folder.
func isOurs(function string) bool {
	return strings.HasPrefix(function, "main.") || strings.Contains(function, "/exercises/") || strings.Contains(function, "/solutions/")
}
