package intake

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"

	"wirebook/harness/lessonfile"
)

// A Class is what a teacher has: a folder with the hand-ins of many, or a zip as a
// course platform gives it.
type Class struct {
	Entries []Entry // by name
	// Aside is what else lies there.
	Aside []Note
	shelf *shelf
}

// Close lets go of the archive of the class. No entry can be opened any more.
func (c *Class) Close() error { return c.shelf.close() }

// OpenClass lists the hand-ins at path by name. An entry of the class that cannot be
// one is no error of the class. Nor is a name that is reserved for something else: a
// student chooses it, and the class must not suffer. It gets a "%" behind it.
func OpenClass(path string, reserved ...string) (*Class, error) {
	s, err := openShelf(path)
	if err != nil {
		return nil, err
	}
	if err := s.unwrap(); err != nil {
		_ = s.close() // what it cannot tell is told already
		return nil, err
	}
	c := &Class{shelf: s}
	naming, flat := s.naming(), s.isCanvas()
	for _, p := range s.parts {
		g := given{part: p, label: naming.label(p, flat)}
		if g.student == "" {
			c.Aside = append(c.Aside, Note{File: p.name, Message: "neither a folder nor an archive (zip, tar, tar.gz)"})
			continue
		}
		c.add(g, reserved)
	}
	sortEntries(c.Entries)
	return c, nil
}

// add puts what was given to the entry of its student.
func (c *Class) add(g given, reserved []string) {
	name := wholeName(g.student)
	if slices.ContainsFunc(reserved, func(r string) bool { return strings.EqualFold(r, name) }) {
		name += "%"
	}
	if e := c.entry(name); e != nil {
		e.given = append(e.given, g)
		return
	}
	c.Entries = append(c.Entries, Entry{Name: name, given: []given{g}})
}

// entry returns the entry of a student, nil where there is none.
func (c *Class) entry(name string) *Entry {
	i := slices.IndexFunc(c.Entries, func(e Entry) bool { return strings.EqualFold(e.Name, name) })
	if i < 0 {
		return nil
	}
	return &c.Entries[i]
}

// An Entry is one student's place in a class. One that was given nothing has
// handed in nothing.
type Entry struct {
	Name string
	// Team is the name of those who handed in together, "" where the student did so
	// alone. Entries of one team hold the same.
	Team  string
	given []given
}

// A given is something that lies in the class for a student.
type given struct {
	part
	label
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

// Plain reports whether the entry is what the file system calls so, and not an
// archive of that name or a folder with an ending.
func (e Entry) Plain() bool { return len(e.given) > 0 && e.given[0].name == e.Name }

// readable is a name as the platform wrote it. macOS takes the letters of a name
// apart, and Chinese versions of Windows write it in GBK.
func readable(name string) string {
	if !utf8.ValidString(name) {
		text, err := simplifiedchinese.GB18030.NewDecoder().String(name)
		if err != nil || strings.ContainsRune(text, utf8.RuneError) {
			return validName(name)
		}
		name = text
	}
	return norm.NFC.String(name)
}

// wholeName escapes what no name of a folder has, and dots and spaces at its end,
// which Windows does not see.
func wholeName(name string) string {
	stem := strings.TrimRight(name, ". ")
	var b strings.Builder
	for i := range len(name) {
		if c := name[i]; c < ' ' || c == 0x7f || i >= len(stem) {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Open takes what is wanted from the entry. An error is never the student's fault
// alone: nothing can be said about the entry.
func (e Entry) Open(w Want) (*Submission, error) {
	if len(e.given) == 0 {
		return &Submission{Name: e.Name, Team: e.Team}, nil
	}
	h, err := e.handIn()
	if err != nil {
		return nil, err
	}
	s, err := takeFrom(e.Name, h.open, w)
	if err != nil {
		return nil, err
	}
	s.Team = e.Team
	if s.Team == "" { // a platform knows a member by another name
		s.Origin = h.origin
	}
	s.Aside = append(s.Aside, h.notes...)
	return s, nil
}

// A handIn is what counts of all that was given.
type handIn struct {
	open   func() (*tree, error)
	origin string // what the platform called it
	notes  []Note
}

// handIn sorts what was given: the newest counts, and the others are named.
func (e Entry) handIn() (*handIn, error) {
	h := &handIn{}
	leave := func(g given, why string) { h.notes = append(h.notes, Note{File: g.name, Message: why}) }
	var text, whole, files []given
	for _, g := range e.given {
		switch {
		case g.isText:
			text = append(text, g)
		case g.file == "":
			whole = append(whole, g)
		default:
			files = append(files, g)
		}
		if g.late {
			leave(g, "handed in late, says the course platform")
		}
	}
	if len(whole)+len(files) == 0 {
		h.origin = text[0].origin
		h.open = func() (*tree, error) {
			return nil, unreadablef("a text was handed in on the course platform, and no file; hand in the files of the program")
		}
		return h, nil
	}
	for _, g := range text {
		leave(g, "ignored: a text that was handed in beside the files")
	}
	if len(whole) > 1 || len(whole)*len(files) > 0 {
		var names []string
		for _, g := range slices.Concat(whole, files) {
			names = append(names, g.name)
		}
		return nil, fmt.Errorf("%s: two hand-ins of one name: %q; keep the one that counts", e.Name, names)
	}
	if len(whole) == 1 {
		h.origin, h.open = whole[0].origin, whole[0].part.open
		return h, nil
	}
	newest, older := newestOf(files)
	for _, g := range older {
		leave(g, "ignored: a newer file of this name was handed in")
	}
	h.origin = newest[0].origin
	h.open = func() (*tree, error) { return openFlat(newest) }
	return h, nil
}

// again is in the name of a file of which Canvas has an older one.
var again = regexp.MustCompile(`(?i)-\d+(\.go|\.zip|\.tar|\.tar\.gz|\.tgz)$`)

// newestOf takes the numbers from the names of files that were handed in again, and
// keeps of all that have one name the newest. Where no file has the name without
// a number, they are files of one program.
func newestOf(files []given) (newest, older []given) {
	byName := make(map[string][]given)
	for _, g := range files {
		name := again.ReplaceAllString(g.file, "$1")
		byName[name] = append(byName[name], g)
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		same := byName[name]
		if !slices.ContainsFunc(same, func(g given) bool { return g.file == name }) && len(same) > 1 {
			newest = append(newest, same...)
			continue
		}
		slices.SortStableFunc(same, func(a, b given) int { return cmp.Compare(b.order, a.order) })
		same[0].file = name
		newest, older = append(newest, same[0]), append(older, same[1:]...)
	}
	return newest, older
}

// openFlat makes a folder of files that lie by themselves.
func openFlat(files []given) (*tree, error) {
	t := newTree(newRoom())
	for _, g := range files {
		it := item{name: g.file, odd: g.odd, fault: g.fault, read: g.read, order: g.order}
		if err := t.add(it); err != nil {
			return nil, err
		}
	}
	t.arrange()
	return t, nil
}

// archiveOf opens a hand-in that is one file.
func archiveOf(p part) (*tree, error) {
	switch {
	case p.odd != "":
		return nil, unreadablef("it is %s; hand in a folder or an archive", p.odd)
	case p.fault != "":
		return nil, unreadablef("%s", p.fault)
	case !isArchive(p.name) && lessonfile.IsProgram(p.name):
		return nil, fmt.Errorf("%q lies by itself, and nobody knows with which others; put the files of each student into a folder", p.name)
	}
	data, err := p.read(bounds.inner)
	if err != nil {
		return nil, err
	}
	return openArchive(p.name, data, newRoom())
}
