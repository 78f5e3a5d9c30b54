package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxRefused is how many files are refused by name.
const maxRefused = 50

// refuse notes that a file should not be there.
func (s *Submission) refuse(lesson, file, reason string) {
	s.refused++
	switch {
	case s.refused < maxRefused:
		s.Notes = append(s.Notes, Note{Lesson: lesson, File: file, Refused: true, Message: reason})
	case s.refused == maxRefused:
		s.Notes = append(s.Notes, Note{Refused: true, Message: "more files are refused than are named here"})
	}
}

// maxNamed is how many of the things left aside a note names.
const maxNamed = 8

// aside notes what was left aside, by the first part of each path.
func (s *Submission) aside(lesson, why string, paths []string) {
	seen := make(map[string]bool)
	for _, p := range paths {
		name, _, below := strings.Cut(p, "/")
		if below {
			name += "/"
		}
		if !isJunk(name) {
			seen[name] = true
		}
	}
	if len(seen) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(seen))
	shown := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if more := len(names) - maxNamed; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	s.Notes = append(s.Notes, Note{Lesson: lesson, File: shown, Message: "ignored: " + why})
}
