package intake

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"wirebook/harness/lessonfile"
)

// A shelf is where the hand-ins of a class lie side by side: a folder, or an archive.
type shelf struct {
	name  string // of the folder, or the archive without its ending
	parts []part // by name; without what systems leave behind
	close func() error
}

// A part is what lies on a shelf by one name.
type part struct {
	name   string
	folder bool
	// odd and fault say what it is where it is neither a folder nor a file that can
	// be read.
	odd, fault string
	read       func(most int64) ([]byte, error) // of a file
	open       func() (*tree, error)
	list       func() ([]part, error) // what lies in a folder
}

func openShelf(at string) (*shelf, error) {
	info, err := os.Stat(at)
	if err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(at)
	if err != nil {
		return nil, err
	}
	s := &shelf{name: filepath.Base(absolute), close: func() error { return nil }}
	if info.IsDir() {
		s.parts, err = listFolder(at)
		return s, err
	}
	file, err := os.Open(at)
	if err != nil {
		return nil, err
	}
	s.name, s.close = archiveStem(s.name), file.Close
	if s.parts, err = listZip(file, info.Size()); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: not a zip that can be read: %w; unpack it, and name the folder", at, err), file.Close())
	}
	return s, nil
}

// listFolder lists a folder of the teacher's. Links there are followed; one that
// leads nowhere is told when it is opened.
func listFolder(dir string) ([]part, error) {
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, e := range found {
		if isJunk(e.Name()) {
			continue
		}
		at := filepath.Join(dir, e.Name())
		p := part{name: readable(e.Name()), folder: e.IsDir(), list: func() ([]part, error) { return listFolder(at) }}
		mode := e.Type()
		if mode&os.ModeSymlink != 0 {
			p.folder = true
			if info, err := os.Stat(at); err == nil {
				mode, p.folder = info.Mode().Type(), info.IsDir()
			}
		}
		if !p.folder && !mode.IsRegular() {
			p.odd = lessonfile.Describe(mode)
		}
		p.read = func(most int64) ([]byte, error) { return readFile(at, most) }
		if p.open = func() (*tree, error) { return openFolder(at) }; !p.folder {
			p.open = func() (*tree, error) { return archiveOf(p) }
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func readFile(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return lessonfile.ReadAll(file, most)
}

// listZip lists the archive of a class. It is read where it lies: what stands in it
// is unpacked when its turn comes, within the bounds of each hand-in.
func listZip(file *os.File, size int64) ([]part, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	all := &tree{}
	for _, f := range archive.File {
		if !strings.HasSuffix(f.Name, "/") {
			it := zipItem(f)
			it.name = readable(it.name)
			all.items = append(all.items, it)
		}
	}
	all.arrange()
	return partsOf(all.items), nil
}

// partsOf are the parts of a shelf whose items these are.
func partsOf(items []item) []part {
	var parts []part
	below := make(map[string][]item)
	for _, it := range items {
		name, rest, inFolder := strings.Cut(it.path, "/")
		if isJunk(name) {
			continue
		}
		if inFolder {
			it.path = rest
			below[name] = append(below[name], it)
			continue
		}
		p := part{name: name, odd: it.odd, fault: it.fault, read: it.read}
		p.open = func() (*tree, error) { return archiveOf(p) }
		parts = append(parts, p)
	}
	for name, items := range below {
		parts = append(parts, part{
			name: name, folder: true,
			open: func() (*tree, error) { return treeOf(items) },
			list: func() ([]part, error) { return partsOf(items), nil },
		})
	}
	slices.SortFunc(parts, func(a, b part) int { return strings.Compare(a.name, b.name) })
	return parts
}

// treeOf is a hand-in's part of an archive.
func treeOf(items []item) (*tree, error) {
	t := newTree(newRoom())
	for _, it := range items {
		dir, _ := path.Split(it.path)
		if folders := strings.Split(dir, "/"); slices.ContainsFunc(folders, isJunkFolder) {
			t.git = t.git || slices.Contains(folders, ".git")
			continue
		}
		if err := t.add(it); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// unwrap goes down into the one folder on the shelf where that is where the hand-ins
// lie: archivers and tools make one around a class.
func (s *shelf) unwrap() error {
	for len(s.parts) == 1 && s.parts[0].folder && platformOf(s.parts[0]) == nil {
		only := s.parts[0]
		inside, err := only.list()
		if err != nil {
			return err
		}
		around := len(inside) > 0 && (only.name == s.name || collected.MatchString(only.name) ||
			!slices.ContainsFunc(inside, func(p part) bool { return platformOf(p) == nil }))
		if !around {
			return nil
		}
		s.name, s.parts = only.name, inside
	}
	return nil
}
