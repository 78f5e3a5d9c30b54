// Package intake takes in what students handed in: from the folder of a class
// to the .go files that will be graded.
//
// A hand-in is a folder or an archive (zip, tar, tar.gz) in the class's folder,
// named for its student, or what Canvas makes of one. However deep it packs them, the files of a lesson are
// taken from exercises/LESSON, else from LESSON, else from a folder in whose name
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
	"os"
	"path/filepath"
	"slices"
	"strings"

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

// An Entry is one student's place in a class. One without a path has handed in
// nothing.
type Entry struct {
	Name  string
	paths []string // more than one where two hand-ins have the name, or Canvas packed its files flat
}

// A Submission is what was taken from a hand-in.
type Submission struct {
	Name string
	// Origin is what Canvas called the hand-in, "" where that is its name: Canvas
	// takes feedback back under it.
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

// Class lists the hand-ins in dir by name, and what else lies there. An entry
// of the class that cannot be one is no error of the class. Nor is a name that
// is reserved for something else: a student chooses it, and the class must not
// suffer. It gets a "%" behind it.
func Class(dir string, reserved ...string) (entries []Entry, aside []Note, err error) {
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range found {
		name, kind := handIn(dir, e)
		name = wholeName(validName(name))
		if slices.ContainsFunc(reserved, func(r string) bool { return strings.EqualFold(r, name) }) {
			name += "%"
		}
		switch kind {
		case hidden:
		case other:
			aside = append(aside, Note{File: e.Name(), Message: "neither a folder nor an archive (zip, tar, tar.gz)"})
		case submission:
			path := filepath.Join(dir, e.Name())
			i := slices.IndexFunc(entries, func(e Entry) bool { return strings.EqualFold(e.Name, name) })
			if i >= 0 {
				entries[i].paths = append(entries[i].paths, path)
				continue
			}
			entries = append(entries, Entry{name, []string{path}})
		}
	}
	sortEntries(entries)
	return entries, aside, nil
}

// WithAbsent adds to the entries of a class those of students who have handed in
// nothing.
func WithAbsent(entries []Entry, names []string) []Entry {
	for _, name := range names {
		if !slices.ContainsFunc(entries, func(e Entry) bool { return strings.EqualFold(e.Name, name) }) {
			entries = append(entries, Entry{Name: name})
		}
	}
	sortEntries(entries)
	return entries
}

func sortEntries(entries []Entry) {
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
}

// wholeName escapes dots and spaces at the end of a name, which Windows does not
// see in that of a folder.
func wholeName(name string) string {
	stem := strings.TrimRight(name, ". ")
	for _, b := range []byte(name[len(stem):]) {
		stem += fmt.Sprintf("%%%02X", b)
	}
	return stem
}

// Plain reports whether the entry is what the file system calls so, and not an
// archive of that name or a folder with an ending.
func (e Entry) Plain() bool { return filepath.Base(e.paths[0]) == e.Name }

type kind int

const (
	hidden kind = iota
	other
	submission
)

// handIn names the student of an entry in the class's folder. Links there are
// the teacher's, and followed; one that leads nowhere is told when it is opened.
func handIn(dir string, e os.DirEntry) (name string, _ kind) {
	name, mode := e.Name(), e.Type()
	if mode&os.ModeSymlink != 0 {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			mode = info.Mode().Type()
		}
	}
	stem, flat := archiveStem(name), canvas.FindStringSubmatch(name)
	switch {
	case strings.HasPrefix(name, ".") || name == "__MACOSX":
		return "", hidden
	case mode.IsDir(), mode&os.ModeSymlink != 0:
		return name, submission
	case mode.IsRegular() && flat != nil && (stem != "" || lessonfile.IsProgram(name)):
		return flat[1] + "_" + flat[2], submission
	case mode.IsRegular() && stem != "":
		return stem, submission
	case mode.IsRegular() && lessonfile.IsProgram(name):
		return name, submission
	}
	return "", other
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

// Open takes what is wanted from the entry. An error is never the student's fault
// alone: nothing can be said about the entry.
func (e Entry) Open(w Want) (*Submission, error) {
	s, err := e.open(w)
	if err == nil {
		s.Origin = e.origin()
	}
	return s, err
}

// origin is the name of the first of its files, where Canvas gave it.
func (e Entry) origin() string {
	if len(e.paths) == 0 || !canvas.MatchString(filepath.Base(e.paths[0])) || e.Plain() {
		return ""
	}
	return filepath.Base(e.paths[0])
}

func (e Entry) open(w Want) (*Submission, error) {
	switch {
	case len(e.paths) == 0:
		return &Submission{Name: e.Name}, nil
	case isFlat(e.paths):
		return takeFrom(e.Name, func() (*tree, error) { return openFlat(e.paths) }, w)
	case len(e.paths) == 1:
		return takeFrom(e.Name, func() (*tree, error) { return openTree(e.paths[0]) }, w)
	}
	var names []string
	for _, p := range e.paths {
		names = append(names, filepath.Base(p))
	}
	return nil, fmt.Errorf("%s: two hand-ins of one name: %q; keep the one that counts", e.Name, names)
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

// read takes what the tree holds, or the one archive in it.
func (s *Submission) read(opening func() (*tree, error), w Want) error {
	for range maxPacked {
		t, err := opening()
		if err != nil {
			return err
		}
		defer t.close()
		folders := w.folders(t.items)
		archives := t.archives()
		switch {
		case w.claimed(folders):
			return w.take(s, folders)
		case len(archives) != 1:
			if err := t.lacks(archives, folders); err != nil {
				return err
			}
			return w.take(s, folders)
		}
		opening = archives[0].unpack
	}
	return unreadablef("it is packed more than %d times; %s", maxPacked, instead)
}

// lacks says what is wrong with a tree that holds no lesson, if one can see it.
func (t *tree) lacks(archives []item, folders []*folder) error {
	if len(archives) > 1 {
		return unreadablef("it holds two archives, %q and %q, and no lesson beside them; hand in one", archives[0].path, archives[1].path)
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
