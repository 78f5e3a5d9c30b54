package intake

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"wirebook/harness/lessonfile"
)

// A tree is what a folder or an archive holds, as a flat list.
type tree struct {
	items []item
	git   bool // a folder .git is left out of it
	close func()
	room  *room // of the archives in it
}

func newTree(r *room) *tree { return &tree{close: func() {}, room: r} }

// An item is anything but a folder.
type item struct {
	name string // as it is written there
	path string // clean, with slashes, in UTF-8
	// odd says what it is where it is no regular file: "a link".
	odd string
	// fault says why it cannot be taken.
	fault string
	// read returns its contents where they have at most this many bytes.
	read func(most int64) ([]byte, error)
	// packed is how many parts of the path, from its beginning, are names of
	// archives or of folders around them.
	packed int
	// order is higher for what was handed in later, 0 where nobody knows.
	order int64
	// broken says why an archive cannot be opened.
	broken string
}

// openFolder lists a folder. Files are opened through an os.Root, so that no
// link leads out of it, whenever it is made.
func openFolder(dir string) (*tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	t := &tree{close: func() { root.Close() }, room: newRoom()}
	folders := 0
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == ".":
			return nil
		case d.IsDir() && isJunkFolder(d.Name()):
			t.git = t.git || d.Name() == ".git"
			return fs.SkipDir
		case strings.Count(path, "/") >= bounds.depth:
			return unreadablef("%q: more than %d folders deep", path, bounds.depth)
		case d.IsDir():
			if folders++; folders > bounds.entries {
				return tooMany("folders")
			}
			return nil
		}
		it := item{name: path}
		if !d.Type().IsRegular() {
			it.odd = lessonfile.Describe(d.Type())
		}
		it.read = func(most int64) ([]byte, error) { return readIn(root, path, most) }
		return t.add(it)
	})
	if err != nil {
		t.close()
		return nil, err
	}
	t.arrange()
	return t, nil
}

func readIn(root *os.Root, path string, most int64) ([]byte, error) {
	file, err := root.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return lessonfile.ReadAll(file, most)
}

func (t *tree) add(it item) error {
	if len(t.items) == bounds.entries {
		return tooMany("files")
	}
	t.items = append(t.items, it)
	return nil
}

func tooMany(what string) error {
	return unreadablef("it holds more than %d %s; hand in the lessons' folders only", bounds.entries, what)
}

// arrange gives the items their paths, once all are there. Of two that have one,
// the later counts: archives are brought up to date by adding to their end.
func (t *tree) arrange() {
	separator := `\`
	for _, it := range t.items {
		if strings.Contains(it.name, "/") {
			separator = "/"
		}
	}
	at := make(map[string]int)
	kept := t.items[:0]
	for _, it := range t.items {
		var fault string
		if it.path, fault = cleanPath(it.name, separator); it.path == "" || strings.HasSuffix(it.name, separator) {
			continue // a folder
		}
		it.fault = cmp.Or(fault, it.fault)
		where := it.path
		if fault != "" {
			where = it.name
		}
		if i, twice := at[where]; twice {
			kept[i] = it
			continue
		}
		at[where] = len(kept)
		kept = append(kept, it)
	}
	t.items = kept
}

// archives are the archives among the items that were not opened yet.
func (t *tree) archives() []item {
	return slices.DeleteFunc(slices.Clone(t.items), func(it item) bool { return !it.isArchive() || it.broken != "" })
}

func (it item) isArchive() bool {
	return it.odd == "" && it.fault == "" && isArchive(it.path) && !isJunkFile(path.Split(it.path))
}

// unpack puts what the archives hold in their place. One that cannot be opened
// stays, and is broken. All together have the room of two hand-ins.
func (t *tree) unpack() error {
	kept := make([]item, 0, len(t.items))
	for _, it := range t.items {
		if !it.isArchive() || it.broken != "" {
			kept = append(kept, it)
			continue
		}
		inside, err := t.inside(it)
		var theirs *lessonfile.Unreadable
		switch {
		case errors.As(err, &theirs):
			it.broken = err.Error()
			kept = append(kept, it)
		case err != nil:
			return err
		}
		if kept = append(kept, inside...); len(kept) > bounds.entries {
			return tooMany("files")
		}
	}
	t.items = kept
	return nil
}

// inside are the items of an archive, as they stand in the tree around it.
func (t *tree) inside(it item) ([]item, error) {
	data, err := it.read(bounds.inner)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", it.path, err)
	}
	if t.room.memory -= int64(len(data)); t.room.memory < 0 {
		return nil, unreadablef("%q: the archives in it have more than %d bytes", it.path, 2*bounds.inner)
	}
	archive, err := openArchive(path.Base(it.path), data, t.room)
	if err != nil {
		return nil, err
	}
	for i := range archive.items {
		in := &archive.items[i]
		in.path, in.packed, in.order = it.path+"/"+in.path, strings.Count(it.path, "/")+1, it.order
	}
	return archive.items, nil
}

// isGit reports whether there is what git keeps by itself.
func (t *tree) isGit() bool {
	return t.git && len(t.items) == 0 || slices.ContainsFunc(t.items, func(it item) bool { return strings.HasSuffix("/"+it.path, "/HEAD") }) &&
		slices.ContainsFunc(t.items, func(it item) bool { return strings.Contains("/"+it.path, "/objects/") })
}

// cleanPath returns where a file would be unpacked, in a hand-in whose names have
// this separator, and what is wrong with its name. Windows writes backslashes
// where it should write slashes; where a name has both, nobody knows.
func cleanPath(name, separator string) (clean, fault string) {
	name = validName(name)
	slashed := strings.ReplaceAll(name, `\`, "/")
	if slashed != name && separator == "/" {
		fault = fmt.Sprintf(`its name holds a backslash, %q; pack with "/" between folders`, name)
	}
	if hasDrive(slashed) {
		slashed = "/" + slashed[2:]
	}
	local := strings.TrimPrefix(slashed, "./")
	clean = strings.TrimPrefix(path.Clean("/"+slashed), "/")
	if strings.HasPrefix(local, "/") || hasDrive(name) || strings.HasPrefix(path.Clean(local)+"/", "../") {
		fault = fmt.Sprintf("its path leads out of the hand-in, %q", name)
	}
	return clean, fault
}

func hasDrive(p string) bool {
	return len(p) > 1 && p[1] == ':' && ('a' <= p[0]|0x20 && p[0]|0x20 <= 'z')
}

// isJunk reports whether a folder or file is one that systems and tools leave
// behind.
func isJunk(name string) bool {
	return isJunkFolder(name) || strings.EqualFold(name, "Thumbs.db") || strings.EqualFold(name, "desktop.ini")
}

func isJunkFolder(name string) bool { return strings.HasPrefix(name, ".") || name == "__MACOSX" }

// validName escapes the bytes of a name that are no text, as in archives that
// name files in the encoding of some other country: it will stand in files that
// are text.
func validName(name string) string { return escape(name, "%") }

// programName is what a program file is called where its program is built. One
// in the encoding of some other country gets a plain name.
func (it item) programName() string {
	if utf8.ValidString(it.name) {
		return path.Base(it.path)
	}
	return path.Base(strings.ReplaceAll(escape(it.name, "x"), `\`, "/"))
}

// escape writes the bytes of a name that is not UTF-8 as hexadecimal digits,
// those of a character of the double-byte encodings of Chinese, Japanese and
// Korean behind mark, and any other behind "%". The second byte of such a
// character may be that of a backslash, and is none.
func escape(name, mark string) string {
	if utf8.ValidString(name) {
		return name
	}
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	write := func(mark string, c byte) {
		b.WriteString(mark)
		b.Write([]byte{digits[c>>4], digits[c&15]})
	}
	for i := 0; i < len(name); i++ {
		lead := name[i]
		double := 0x80 < lead && lead < 0xff && i+1 < len(name) && 0x40 <= name[i+1] && name[i+1] != 0x7f && name[i+1] != 0xff
		switch {
		case double:
			i++
			write(mark, lead)
			write(mark, name[i])
		case lead >= utf8.RuneSelf:
			write("%", lead)
		default:
			b.WriteByte(lead)
		}
	}
	return b.String()
}
