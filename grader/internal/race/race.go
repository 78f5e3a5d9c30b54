// Package race reads what the race detector of Go found in programs.
//
// A program that was built with it writes what it finds into a file, and not among
// what it says on standard error, and ends as it would without: so a race changes no
// verdict.
package race

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wirebook/grader/internal/result"
)

// Environment makes a program write what it finds into dir.
func Environment(dir string) string {
	return "GORACE=exitcode=0 atexit_sleep_ms=0 log_path=" + filepath.Join(dir, "race")
}

// Read returns the races that programs have written into dir, each once.
func Read(dir string) ([]result.Finding, error) {
	files, err := filepath.Glob(filepath.Join(dir, "race.*"))
	if err != nil {
		return nil, err
	}
	var found []result.Finding
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found = append(found, parse(string(text))...)
	}
	slices.SortFunc(found, func(a, b result.Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(found), nil
}

var (
	access   = regexp.MustCompile(`^(?i:(?:previous )?(?:atomic )?(read|write)) at 0x`)
	position = regexp.MustCompile(`^\s+(?:wirebook/program/|\./)([^/\s:]+\.go):(\d+)`)
)

// parse reads reports: of each the two accesses, and of each access the innermost
// line of the program's own.
func parse(text string) []result.Finding {
	var found []result.Finding
	for _, report := range strings.Split(text, "WARNING: DATA RACE")[1:] {
		var sides []side
		for line := range strings.Lines(report) {
			if strings.HasPrefix(line, "Goroutine ") { // where it was started
				break
			}
			if m := access.FindStringSubmatch(line); m != nil {
				sides = append(sides, side{does: strings.ToLower(m[1]) + "s"})
			}
			if m := position.FindStringSubmatch(line); m != nil && len(sides) > 0 && sides[len(sides)-1].line == 0 {
				last := &sides[len(sides)-1]
				last.file = m[1]
				last.line, _ = strconv.Atoi(m[2]) // digits
			}
		}
		if f, ok := finding(sides); ok {
			found = append(found, f)
		}
	}
	return found
}

// A side is one of the two accesses.
type side struct {
	does string
	file string
	line int
}

// finding tells a race at the earlier of its two lines: which of them comes second
// is chance.
func finding(sides []side) (result.Finding, bool) {
	if len(sides) != 2 {
		return result.Finding{}, false
	}
	slices.SortFunc(sides, func(a, b side) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line)) })
	at, other := sides[0], sides[1]
	where := fmt.Sprintf(" at %s:%d", other.file, other.line)
	if at.line == 0 { // the library alone, in a goroutine that began in it
		at, other, where = other, at, ""
	}
	if at.line == 0 {
		return result.Finding{}, false
	}
	message := fmt.Sprintf("a data race: this %s what another goroutine %s%s, and neither waits for the other", at.does, other.does, where)
	return result.Finding{Severity: result.Actionable, File: at.file, Line: at.line, Message: message}, true
}
