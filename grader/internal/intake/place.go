package intake

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

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
	if root = onlyFolder(items); root == "" || !p.holdsLesson(items, root) {
		return "", false
	}
	return root, true
}

// onlyFolder returns the one folder at the top, with a slash behind it, and ""
// where there is none or another.
func onlyFolder(items []item) (folder string) {
	for _, it := range items {
		first, _, below := strings.Cut(it.path, "/")
		switch {
		case !below || isJunk(first) || first+"/" == folder:
		case folder != "":
			return ""
		default:
			folder = first + "/"
		}
	}
	return folder
}

func (p placement) holdsLesson(items []item, root string) bool {
	return slices.ContainsFunc(items, func(it item) bool {
		_, rank, _ := p.lesson(it.path, root)
		return rank != nowhere && strings.HasSuffix(it.path, ".go")
	})
}

// inside opens the one archive that a hand-in consists of, nil where there is
// none.
func (p placement) inside(t *tree) (*tree, error) {
	if inner := p.inner(t.items); inner != nil {
		data, err := inner.read(bounds.inner)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", inner.path, err)
		}
		return openArchive(inner.path, data)
	}
	if t.isBare() {
		return nil, unreadablef("it is a git repository without its files; %s", handInFiles)
	}
	return nil, nil
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

// isBare reports whether what git keeps is all that there is.
func (t *tree) isBare() bool {
	return slices.ContainsFunc(t.items, func(it item) bool {
		dir, isHead := strings.CutSuffix(it.path, "HEAD")
		return isHead && (dir == "" || strings.HasSuffix(dir, "/")) &&
			slices.ContainsFunc(t.items, func(other item) bool { return strings.HasPrefix(other.path, dir+"objects/") })
	})
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
	alike := make(map[string]bool) // folders that were refused
	for _, it := range items {
		below := strings.TrimPrefix(it.path, root)
		if reason := cmp.Or(refusal(pathRules, it.path), refusal(shownRules, below)); reason != "" {
			s.refuse("", it.path, reason)
			continue
		}
		lesson, rank, file := p.lesson(it.path, root)
		if rank == nowhere {
			if !p.refuseAlike(s, below, alike) {
				outside = append(outside, below)
			}
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

// refuseAlike refuses, once, the folder of a path that stands where a lesson's
// would, and may be taken for one.
func (p placement) refuseAlike(s *Submission, path string, refused map[string]bool) bool {
	parent, rest := "", path
	if below, ok := strings.CutPrefix(path, "exercises/"); ok {
		parent, rest = "exercises/", below
	}
	name, _, ok := strings.Cut(rest, "/")
	if !ok {
		return false
	}
	meant := lookAlike(name, p.known...)
	if parent == "" {
		meant = cmp.Or(meant, lookAlike(name, "exercises"))
	}
	if meant == "" {
		return false
	}
	if !refused[parent+name] {
		refused[parent+name] = true
		s.refuse("", parent+name+"/", fmt.Sprintf("its name is not %q, but looks like it; rename it", meant))
	}
	return true
}

// A folder is what a hand-in has of one lesson.
type folder struct {
	lesson string
	rank   rank // the lowest seen
	files  []located
	aside  []string
	twins  map[string]int // how many program files have a name, in lower case
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
	f.twins = make(map[string]int)
	for _, file := range f.files {
		f.twins[strings.ToLower(file.name)]++
	}
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
			s.refuse(f.lesson, file.name, reason)
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
	switch {
	case f.twins[strings.ToLower(file.name)] > 1:
		return "two files have this name, or differ in upper and lower case only; keep one"
	case file.odd == "encrypted":
		return "it is encrypted; pack without a password"
	case file.odd != "":
		return "it is " + file.odd + "; hand in the file itself"
	}
	return refusal(fileRules, file.name)
}
