// Package intake takes in what students handed in: from the folder of a class
// to the .go files that will be graded.
//
// A hand-in is a folder or an archive (zip, tar, tar.gz) in the class's folder,
// named for its student. Wherever it packs them
// (one folder or one archive deep, as course platforms do), the files of a
// lesson are taken from exercises/LESSON, else from LESSON, else, where one
// lesson alone is graded, from the top. Only regular .go files are taken that
// are no tests. Everything else is left where it is, and a Note says so: nothing
// of a hand-in is ever written to disk, followed, or run here. A folder with
// .git in it is the folder that it is; what git keeps by itself is not read.
package intake

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"wirebook/grader/internal/source"
)

// limits bound a hand-in: far above what a student writes.
type limits struct {
	entries   int   // in a folder or archive
	depth     int   // folders within folders
	expansion int64 // bytes that come out of a stream that is read to its end
	inner     int64 // bytes of an archive in a hand-in
	file      int64 // bytes of a file that is taken
	files     int   // files that are taken of one lesson
	program   int64 // bytes of the files that are taken of one lesson
}

var bounds = limits{
	entries:   20_000,
	depth:     32,
	expansion: 256 << 20,
	inner:     32 << 20,
	file:      1 << 20,
	files:     100,
	program:   4 << 20,
}

// An Entry is one student's place in a class.
type Entry struct {
	Name  string
	paths []string // more than one where two hand-ins have the name
}

// A Submission is what was taken from a hand-in.
type Submission struct {
	Name string
	// Lessons are the files taken, by lesson. A lesson without any is not
	// in it.
	Lessons map[string]source.Files
	Notes   []Note
	// Unreadable says why nothing could be taken, empty where it could: the
	// student has to hand in again.
	Unreadable string

	refused int // files, of which not all are noted
}

// A Note says what was not taken, and why.
type Note struct {
	// Lesson is the one that it concerns, empty for the hand-in as a whole.
	Lesson string
	File   string // as the hand-in names it; may hold any byte
	// Refused tells that the file should not be there. Otherwise it was
	// left aside as something that every hand-in may have.
	Refused bool
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
		name, kind := handIn(e)
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
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	return entries, aside, nil
}

// validName escapes the bytes of a name that are no text, as in archives that
// name files in the encoding of some other country: it will stand in files that
// are text.
func validName(name string) string {
	var b strings.Builder
	for len(name) > 0 {
		r, size := utf8.DecodeRuneInString(name)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, "%%%02X", name[0])
		} else {
			b.WriteString(name[:size])
		}
		name = name[size:]
	}
	return b.String()
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

// handIn names the student of an entry in the class's folder.
func handIn(e os.DirEntry) (name string, _ kind) {
	name = e.Name()
	switch {
	case strings.HasPrefix(name, ".") || name == "__MACOSX":
		return "", hidden
	case e.IsDir():
		return name, submission
	case e.Type()&os.ModeSymlink != 0:
		return name, submission
	case !e.Type().IsRegular():
		return "", other
	}
	for _, ending := range packed {
		if student, ok := cutSuffixFold(name, ending); ok && student != "" {
			return student, submission
		}
	}
	return "", other
}

// packed are the endings of what a student may think an archive. Those that
// cannot be opened are told so.
var packed = []string{".bundle", ".zip", ".tar.gz", ".tgz", ".tar", ".rar", ".7z", ".tar.xz", ".tar.bz2", ".gz", ".xz", ".bz2"}

func cutSuffixFold(s, suffix string) (string, bool) {
	if i := len(s) - len(suffix); i >= 0 && strings.EqualFold(s[i:], suffix) {
		return s[:i], true
	}
	return s, false
}

// An unreadable error is the student's: what was handed in cannot be read.
type unreadable struct{ reason string }

func (e *unreadable) Error() string { return e.reason }

func unreadablef(format string, args ...any) error {
	return &unreadable{fmt.Sprintf(format, args...)}
}

// Open takes the graded lessons from the entry; known are all lessons, so that
// the folder of one is never mistaken for anything else. An error is never the
// student's fault alone: nothing can be said about the entry.
func (e Entry) Open(known, graded []string) (*Submission, error) {
	if len(e.paths) > 1 {
		var names []string
		for _, p := range e.paths {
			names = append(names, filepath.Base(p))
		}
		return nil, fmt.Errorf("%s: two hand-ins of one name: %q; keep the one that counts", e.Name, names)
	}
	return open(e.Name, e.paths[0], known, graded)
}

func open(name, path string, known, graded []string) (*Submission, error) {
	return takeFrom(name, func() (*tree, error) { return openTree(path) }, known, graded)
}

// takeFrom takes a submission from the tree that opening gives.
func takeFrom(name string, opening func() (*tree, error), known, graded []string) (*Submission, error) {
	s := &Submission{Name: name, Lessons: make(map[string]source.Files)}
	err := s.read(opening, placement{known: known, graded: graded})
	var theirs *unreadable
	if errors.As(err, &theirs) {
		s.Lessons, s.Unreadable = nil, theirs.reason
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Submission) read(opening func() (*tree, error), place placement) error {
	tree, err := opening()
	if err != nil {
		return err
	}
	defer tree.close()
	root, ok := place.root(tree.items)
	if !ok {
		inside, err := place.inside(tree)
		if err != nil {
			return err
		}
		if inside != nil {
			defer inside.close()
			tree = inside
			root, _ = place.root(tree.items)
		}
	}
	return place.take(s, tree.items, root)
}

// Digest names all that a grading of the submission depends on.
func (s *Submission) Digest() string {
	h := sha256.New()
	for _, lesson := range slices.Sorted(maps.Keys(s.Lessons)) {
		fmt.Fprintf(h, "lesson %q\n", lesson)
		// A hash takes everything.
		_, _ = s.Lessons[lesson].WriteTo(h)
	}
	for _, n := range s.Notes {
		fmt.Fprintf(h, "note %q\n", []string{n.Lesson, n.File, n.Message})
	}
	fmt.Fprintf(h, "unreadable %q\n", s.Unreadable)
	return hex.EncodeToString(h.Sum(nil))
}

// readAll reads at most most bytes, and one that has more is the student's
// mistake.
func readAll(r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, tooLong(most)
	}
	return data, err
}

func tooLong(most int64) error { return unreadablef("it has more than %d bytes", most) }
