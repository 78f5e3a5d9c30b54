package intake

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A tree is what a folder or an archive holds, as a flat list.
type tree struct {
	items []item
	close func()
}

// An item is anything but a folder.
type item struct {
	path string // as it is written there, with slashes; see validName
	// odd says what it is where it is no regular file: "a link".
	odd string
	// read returns its contents where they have at most this many bytes.
	read func(most int64) ([]byte, error)
}

func openTree(path string) (*tree, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return openFolder(path)
	case !info.Mode().IsRegular():
		return nil, unreadablef("it is %s; hand in a folder or an archive", describe(info.Mode()))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := readAll(file, bounds.inner)
	if err != nil {
		return nil, err
	}
	return openArchive(filepath.Base(path), data)
}

func describe(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a link"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}

// openFolder lists a folder. Files are opened through an os.Root, so that no
// link leads out of it, whenever it is made.
func openFolder(dir string) (*tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	t := &tree{close: func() { root.Close() }}
	folders := 0
	err = fs.WalkDir(root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == ".":
			return nil
		case d.IsDir() && isJunk(d.Name()):
			return fs.SkipDir
		case strings.Count(path, "/") >= bounds.depth:
			return unreadablef("%q: more than %d folders deep", path, bounds.depth)
		case d.IsDir():
			if folders++; folders > bounds.entries {
				return unreadablef("it holds more than %d folders; hand in the lessons' folders only", bounds.entries)
			}
			return nil
		}
		it := item{path: path}
		if !d.Type().IsRegular() {
			it.odd = describe(d.Type())
		}
		it.read = func(most int64) ([]byte, error) { return readIn(root, path, most) }
		return t.add(it)
	})
	if err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func readIn(root *os.Root, path string, most int64) ([]byte, error) {
	file, err := root.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(file, most)
}

func (t *tree) add(it item) error {
	if len(t.items) == bounds.entries {
		return unreadablef("it holds more than %d files; hand in the lessons' folders only", bounds.entries)
	}
	it.path = validName(it.path)
	t.items = append(t.items, it)
	return nil
}

// isJunk reports whether a folder or file is one that systems and tools leave
// behind.
func isJunk(name string) bool { return strings.HasPrefix(name, ".") || name == "__MACOSX" }

// handInFiles is what those do who have handed in git's files instead of their own.
const handInFiles = "hand in the files themselves: their folder, or a zip, tar or tar.gz of it"

func openArchive(name string, data []byte) (*tree, error) {
	var t *tree
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("# v2 git bundle")), bytes.HasPrefix(data, []byte("# v3 git bundle")):
		return nil, unreadablef("%q is a git bundle; %s", name, handInFiles)
	case bytes.HasPrefix(data, []byte("PK")):
		t, err = openZip(data)
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		t, err = openGzip(data)
	default:
		t, err = openTar(bytes.NewReader(data))
	}
	if err != nil {
		return nil, unreadablef("%q is not a zip, tar or tar.gz that can be read: %v", name, err)
	}
	return t, nil
}

func openZip(data []byte) (*tree, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	t := &tree{close: func() {}}
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		it := item{path: strings.TrimPrefix(f.Name, "./")}
		switch {
		case f.Flags&1 != 0:
			it.odd = "encrypted"
		case !f.Mode().IsRegular():
			it.odd = describe(f.Mode())
		}
		it.read = func(most int64) ([]byte, error) {
			file, err := f.Open()
			if err != nil {
				return nil, unreadablef("%q: %v", f.Name, err)
			}
			defer file.Close()
			data, err := readAll(file, most)
			return data, damaged(f.Name, err)
		}
		if err := t.add(it); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// damaged makes what a decompressor says the student's to mend.
func damaged(name string, err error) error {
	var theirs *unreadable
	if err == nil || errors.As(err, &theirs) {
		return err
	}
	return unreadablef("%q: %v", name, err)
}

func openGzip(data []byte) (*tree, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return openTar(unpacked)
}

// openTar reads a stream to its end and keeps what may be needed of it.
func openTar(stream io.Reader) (*tree, error) {
	counted := &io.LimitedReader{R: stream, N: bounds.expansion}
	archive := tar.NewReader(counted)
	t := &tree{close: func() {}}
	var kept int64
	for {
		header, err := archive.Next()
		switch {
		case counted.N <= 0:
			return nil, fmt.Errorf("it unpacks to more than %d bytes", bounds.expansion)
		case errors.Is(err, io.EOF) && header == nil:
			return t, nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			return nil, err
		}
		if header.Typeflag == tar.TypeDir || header.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		it := item{path: strings.TrimPrefix(header.Name, "./")}
		if header.Typeflag != tar.TypeReg {
			it.odd = describe(header.FileInfo().Mode())
			if header.Typeflag == tar.TypeLink {
				it.odd = "a link"
			}
		}
		var data []byte
		if it.odd == "" && mayBeTaken(it.path) && header.Size <= bounds.inner {
			if data, err = io.ReadAll(archive); err != nil {
				return nil, err
			}
			if kept += int64(len(data)); kept > 2*bounds.inner {
				return nil, fmt.Errorf("its files have more than %d bytes", 2*bounds.inner)
			}
		}
		it.read = func(most int64) ([]byte, error) { return readAll(bytes.NewReader(data), most) }
		if err := t.add(it); err != nil {
			return nil, err
		}
	}
}

func mayBeTaken(path string) bool { return strings.HasSuffix(path, ".go") || isArchive(path) }

func isArchive(path string) bool {
	for _, ending := range []string{".zip", ".tar", ".tar.gz", ".tgz", ".bundle"} {
		if _, ok := cutSuffixFold(path, ending); ok {
			return true
		}
	}
	return false
}
