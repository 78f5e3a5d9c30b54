package harness_test

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"wirebook/harness"
)

// ours are the commands that no program can make fail; elsewhere are those that
// need the solution, and have tests of their own.
var (
	ours = []string{
		"cable", "close", "lasts", "limit", "listen", "nameserver", "plug", "puppet", "relay", "reset", "resume", "sendto", "shut", "skip", "socket", "stall", "unlock",
	}
	elsewhere = []string{"random", "reference"}
)

// A language is what of it was seen in plays.
type language struct {
	mu     sync.Mutex
	plays  int
	passed map[string]bool // commands, and flags as in "send -split", of plays that passed
	failed map[string]bool // commands at which a play failed
}

func (l *language) add(r harness.Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.plays++
	if l.plays == 1 {
		l.passed, l.failed = make(map[string]bool), make(map[string]bool)
	}
	switch r.Status {
	case harness.Fail:
		verb, _, _ := strings.Cut(r.Failure.Steps[len(r.Failure.Steps)-1].Text, " ")
		l.failed[verb] = true
	case harness.Pass:
		_, script := r.Scenario.Source()
		for line := range strings.Lines(string(script)) {
			words := strings.Fields(condition.ReplaceAllString(line, ""))
			for _, word := range words {
				l.passed[words[0]] = true
				l.passed[words[0]+" "+word] = true
			}
		}
	}
}

var (
	condition = regexp.MustCompile(`\[!?\w+\]`)
	flags     = regexp.MustCompile(`-[a-z][a-z0-9-]*`)
)

// check finds the commands and flags that stand in no play that passed, and the
// commands at which no play has failed.
func (l *language) check(t *testing.T) {
	for _, form := range harness.Forms() {
		if slices.Contains(elsewhere, form.Verb) {
			continue
		}
		for _, flag := range append(flags.FindAllString(form.Usage, -1), "") {
			if use := strings.TrimSpace(form.Verb + " " + flag); !l.passed[use] {
				t.Errorf("%s: no play that uses it passes", use)
			}
		}
		if !l.failed[form.Verb] && !slices.Contains(ours, form.Verb) {
			t.Errorf("%s: no play fails there", form.Verb)
		}
	}
	for _, verb := range ours {
		if l.failed[verb] {
			t.Errorf("%s: a play fails there", verb)
		}
	}
}
