// Package intake takes in what students handed in: from the folder of a class
// to the .go files that will be graded.
//
// A class is a folder, or a zip as course platforms give it. A hand-in is a folder
// or an archive (zip, tar, tar.gz) in it, named for its student, or what Moodle or
// Canvas makes of one: the name says whose it is, and which of several is the newest.
//
// However deep a hand-in is packed, the files of a lesson are taken from
// exercises/LESSON, else from LESSON, else from a folder or an archive in whose name
// the lesson's stands ("1-chat"), else, where one lesson alone is graded, from
// where the .go files are. Package lessonfile says which files are the program's.
// Everything else is left where it is, and a Note says so: nothing of a hand-in is
// ever written to disk, followed, or run here. A folder with .git in it is the
// folder that it is; what git keeps by itself is not read.
package intake

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/source"
)

// limits bound a hand-in: far above what a student writes.
type limits struct {
	entries   int   // in a folder or archive
	depth     int   // folders within folders
	expansion int64 // bytes that come out of a stream that is read to its end
	inner     int64 // bytes of an archive, the hand-in itself or one in it
}

var bounds = limits{entries: 20_000, depth: 32, expansion: 256 << 20, inner: 32 << 20}

// A Submission is what was taken from a hand-in.
type Submission struct {
	Name string
	// Team is the name of those who handed it in together, "" where one did.
	Team string
	// Origin is what a course platform called the hand-in, "" where none did: it
	// takes feedback back under this name.
	Origin string
	// Lessons are the files taken, by lesson. A lesson without any is not
	// in it.
	Lessons map[string]source.Files
	// Refused are, by lesson, the files that are part of its program and
	// could not be taken. The lesson is not whole then.
	Refused map[string][]lessonfile.Problem
	// Aside is what every hand-in may have beside its programs.
	Aside []Note
	// Unreadable says why nothing could be taken, empty where it could: the
	// student has to hand in again.
	Unreadable string
}

// A Note says what was left aside, and why.
type Note struct {
	// Lesson is the one that it concerns, empty for the hand-in as a whole.
	Lesson  string
	File    string // as the hand-in names it; may hold any byte
	Message string
}

func unreadablef(format string, args ...any) error {
	return &lessonfile.Unreadable{Reason: fmt.Sprintf(format, args...)}
}

// A Want says what is taken from a hand-in.
type Want struct {
	// Known are all lessons there are, so that the folder of one is never
	// mistaken for anything else.
	Known []string
	// Lessons are those that are taken.
	Lessons []string
	// Alone is the lesson that the hand-in is for, empty where there are several.
	// Its files are found wherever they lie.
	Alone string
}

// takeFrom takes a submission from the tree that opening gives.
func takeFrom(name string, opening func() (*tree, error), w Want) (*Submission, error) {
	s := &Submission{Name: name, Lessons: make(map[string]source.Files), Refused: make(map[string][]lessonfile.Problem)}
	err := s.read(opening, w)
	var theirs *lessonfile.Unreadable
	if errors.As(err, &theirs) {
		return &Submission{Name: name, Unreadable: err.Error()}, nil
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// maxPacked is how many archives deep in one another a hand-in may be packed.
const maxPacked = 3

// read takes what the tree holds. The archives in it are opened as long as a lesson
// is missing.
func (s *Submission) read(opening func() (*tree, error), w Want) error {
	t, err := opening()
	if err != nil {
		return err
	}
	defer t.close()
	folders := w.folders(t.items)
	for range maxPacked {
		if w.claimed(folders) == len(w.Lessons) || len(t.archives()) == 0 {
			break
		}
		if err := t.unpack(); err != nil {
			return err
		}
		folders = w.folders(t.items)
	}
	if w.claimed(folders) == 0 {
		if err := t.lacks(folders); err != nil {
			return err
		}
	}
	for _, it := range t.items {
		if it.broken != "" {
			s.Aside = append(s.Aside, Note{File: it.path, Message: "ignored: " + it.broken})
		}
	}
	return w.take(s, folders)
}

// lacks says what is wrong with a tree that holds no lesson, if one can see it.
func (t *tree) lacks(folders []*folder) error {
	for _, it := range t.items {
		if it.broken != "" {
			return unreadablef("%s", it.broken)
		}
	}
	if len(t.archives()) > 0 {
		return unreadablef("it is packed more than %d times; %s", maxPacked, instead)
	}
	for _, f := range folders {
		if f.claims && f.rank == elsewhere {
			return unreadablef("there are .go files in %q, and no folder has a lesson's name; hand in exercises/LESSON/*.go", cmp.Or(f.dir, "./"))
		}
	}
	if t.isGit() {
		return unreadablef("it is a git repository without its files; %s", instead)
	}
	return nil
}

// Digest names all that the grading of a lesson depends on.
func (s *Submission) Digest(lesson string) string {
	h := sha256.New()
	// A hash takes everything.
	_, _ = s.Lessons[lesson].WriteTo(h)
	aside := slices.DeleteFunc(slices.Clone(s.Aside), func(n Note) bool { return n.Lesson != lesson })
	fmt.Fprintf(h, "refused %q\naside %q\nunreadable %q\n", s.Refused[lesson], aside, s.Unreadable)
	return hex.EncodeToString(h.Sum(nil))
}
