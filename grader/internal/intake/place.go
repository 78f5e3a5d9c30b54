package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"

	"wirebook/grader/internal/source"
)

// A placement finds the lessons' files among the items of a tree.
type placement struct{ known, graded []string }

// root finds the folder that the lessons stand in: the top, or the one folder
// there. It is "" or ends with a slash.
func (p placement) root(items []item) (root string, ok bool) {
	if p.holdsLesson(items, "") {
		return "", true
	}
	var folders []string
	for _, it := range items {
		first, _, below := strings.Cut(it.path, "/")
		if below && !isJunk(first) && !slices.Contains(folders, first) {
			folders = append(folders, first)
		}
	}
	if len(folders) != 1 {
		return "", false
	}
	root = folders[0] + "/"
	return root, p.holdsLesson(items, root)
}

func (p placement) holdsLesson(items []item, root string) bool {
	return slices.ContainsFunc(items, func(it item) bool {
		_, rank, _ := p.lesson(it.path, root)
		return rank != nowhere && strings.HasSuffix(it.path, ".go")
	})
}

// inner finds the one archive that a hand-in consists of, beside nothing that
// matters.
func (p placement) inner(items []item) *item {
	var found *item
	for i, it := range items {
		if it.odd != "" || !isArchive(it.path) || strings.Count(it.path, "/") > 1 || isJunk(path.Base(it.path)) {
			continue
		}
		if found != nil {
			return nil
		}
		found = &items[i]
	}
	return found
}

// A rank orders the places where files of one lesson may stand. The lowest in a
// hand-in is taken.
type rank int

const (
	inExercises rank = iota // exercises/chat/chat.go
	inLesson                // chat/chat.go
	atTop                   // chat.go, where one lesson is graded
	nowhere
)

// lesson tells which lesson the item at path belongs to, and its path there.
func (p placement) lesson(path, root string) (lesson string, _ rank, file string) {
	rest, ok := strings.CutPrefix(path, root)
	if !ok {
		return "", nowhere, ""
	}
	if below, ok := strings.CutPrefix(rest, "exercises/"); ok {
		if name, file, ok := strings.Cut(below, "/"); ok && slices.Contains(p.known, name) {
			return name, inExercises, file
		}
		return "", nowhere, ""
	}
	if name, file, ok := strings.Cut(rest, "/"); ok {
		if slices.Contains(p.known, name) {
			return name, inLesson, file
		}
		return "", nowhere, ""
	}
	if len(p.graded) == 1 && !isJunk(rest) {
		return p.graded[0], atTop, rest
	}
	return "", nowhere, ""
}

// take reads the graded lessons' files below root into the submission.
func (p placement) take(s *Submission, items []item, root string) error {
	var outside []string
	folders := make(map[string]*folder)
	for _, it := range items {
		if reason := trick(it.path); reason != "" {
			s.Notes = append(s.Notes, Note{File: it.path, Refused: true, Message: reason})
			continue
		}
		lesson, rank, file := p.lesson(it.path, root)
		if rank == nowhere {
			outside = append(outside, strings.TrimPrefix(it.path, root))
			continue
		}
		if !slices.Contains(p.graded, lesson) {
			continue
		}
		f := folders[lesson]
		if f == nil {
			f = &folder{lesson: lesson, rank: nowhere}
			folders[lesson] = f
		}
		f.add(it, rank, file)
	}
	for _, lesson := range p.graded {
		if f := folders[lesson]; f != nil {
			if err := f.take(s); err != nil {
				return err
			}
		}
	}
	s.aside("", "not in the folder of a lesson", outside)
	return nil
}

// trick says why a path is refused that leads elsewhere or shows as something
// else than it is, "" for an honest one.
func trick(name string) string {
	switch {
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "its name holds characters that cannot be seen"
	case strings.Contains(name, `\`):
		return `its name holds a backslash; pack with "/" between folders`
	case !fs.ValidPath(name):
		return "its path leads out of the hand-in"
	}
	return ""
}

// A folder is what a hand-in has of one lesson.
type folder struct {
	lesson string
	rank   rank // the lowest seen
	files  []located
	aside  []string
}

type located struct {
	item
	name string // below the lesson's folder
}

func (f *folder) add(it item, rank rank, name string) {
	switch {
	case rank > f.rank || (rank == atTop && !strings.HasSuffix(name, ".go")):
		f.aside = append(f.aside, it.path)
		return
	case rank < f.rank:
		for _, other := range f.files {
			f.aside = append(f.aside, other.path)
		}
		f.rank, f.files = rank, nil
	}
	f.files = append(f.files, located{it, name})
}

// take reads the folder's program into the submission and notes the rest.
func (f *folder) take(s *Submission) error {
	program := make(source.Files)
	aside := f.aside
	var looked int
	var size int64
	for _, file := range f.files {
		if !isProgramFile(file.name) {
			aside = append(aside, file.name)
			continue
		}
		looked++
		data, reason, err := f.read(file, looked)
		if err != nil {
			return fmt.Errorf("%s: %w", file.path, err)
		}
		if size += int64(len(data)); size > bounds.program {
			reason = tooMuch()
		}
		if reason != "" {
			s.Notes = append(s.Notes, Note{Lesson: f.lesson, File: file.name, Refused: true, Message: reason})
			continue
		}
		program[file.name] = data
	}
	if len(program) > 0 {
		s.Lessons[f.lesson] = program
	}
	s.aside(f.lesson, "not part of the program", aside)
	return nil
}

// isProgramFile reports whether a path below a lesson's folder is that of
// program text.
func isProgramFile(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		!strings.Contains(name, "/") && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "_")
}

func tooMuch() string {
	return fmt.Sprintf("a lesson's program has at most %d files and %d bytes", bounds.files, bounds.program)
}

// read returns what a program file holds, or why it is not taken. looked counts
// the files up to it; too many are not even opened.
func (f *folder) read(file located, looked int) (data []byte, reason string, err error) {
	if reason = f.refusal(file); reason != "" {
		return nil, reason, nil
	}
	if looked > bounds.files {
		return nil, tooMuch(), nil
	}
	data, err = file.read(bounds.file)
	var theirs *unreadable
	if errors.As(err, &theirs) {
		return nil, theirs.reason, nil
	}
	return data, "", err
}

// refusal says why a program file is not even opened, "" where it is.
func (f *folder) refusal(file located) string {
	twins := 0
	for _, other := range f.files {
		if strings.EqualFold(other.name, file.name) {
			twins++
		}
	}
	switch {
	case twins > 1:
		return "two files have this name, or differ in upper and lower case only; keep one"
	case file.odd == "encrypted":
		return "it is encrypted; pack without a password"
	case file.odd != "":
		return "it is " + file.odd + "; hand in the file itself"
	case strings.ContainsFunc(file.name, odd) || strings.HasPrefix(file.name, "-"):
		return `its name holds more than letters, digits, "-", "_" and "."; rename it`
	}
	return ""
}

func odd(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
}

// maxNamed is how many of the things left aside a note names.
const maxNamed = 8

// aside notes what was left aside, by the first part of each path.
func (s *Submission) aside(lesson, why string, paths []string) {
	var names []string
	for _, p := range paths {
		name, _, below := strings.Cut(p, "/")
		if below {
			name += "/"
		}
		if !isJunk(name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	shown := strings.Join(names[:min(len(names), maxNamed)], ", ")
	if more := len(names) - maxNamed; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	s.Notes = append(s.Notes, Note{Lesson: lesson, File: shown, Message: "ignored: " + why})
}
