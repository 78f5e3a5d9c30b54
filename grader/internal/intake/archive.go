package intake

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"

	"wirebook/harness/lessonfile"
)

// A format is how an archive can be packed, or what is handed in for one.
type format struct {
	begins string
	open   func(data []byte, r *room) (*tree, error) // nil where it cannot be opened
	is     string                                    // what it is then
}

// The first that fits counts. What fits none is taken for a tar.
var formats = []format{
	{begins: "PK", open: openZip},
	{begins: "\x1f\x8b", open: openGzip},
	{begins: "Rar!", is: "a rar archive"},
	{begins: "7z\xbc\xaf\x27\x1c", is: "a 7z archive"},
	{begins: "\xfd7zXZ", is: "an xz archive"},
	{begins: "BZh", is: "a bzip2 archive"},
	{begins: "# v2 git bundle", is: "a git bundle"},
	{begins: "# v3 git bundle", is: "a git bundle"},
	{open: func(data []byte, r *room) (*tree, error) { return openTar(bytes.NewReader(data), r) }},
}

// endings are those of what a student may think an archive.
var endings = []string{".zip", ".tar", ".tar.gz", ".tgz", ".bundle", ".rar", ".7z", ".tar.xz", ".tar.bz2", ".gz", ".xz", ".bz2"}

func isArchive(path string) bool { return archiveStem(path) != "" }

// archiveStem is a name without its longest ending of an archive, "" where it has
// none.
func archiveStem(name string) (stem string) {
	for _, ending := range endings {
		i := len(name) - len(ending)
		if i > 0 && strings.EqualFold(name[i:], ending) && (stem == "" || i < len(stem)) {
			stem = name[:i]
		}
	}
	return stem
}

// instead is what those do who have handed in something else.
const instead = "hand in the files themselves: their folder, or a zip, tar or tar.gz of it"

// A room is what all archives of a hand-in together may take.
type room struct {
	memory int64 // bytes that are kept
	stream int64 // bytes that come out of streams that are read to their ends
}

func newRoom() *room { return &room{memory: 2 * bounds.inner, stream: bounds.expansion} }

func openArchive(name string, data []byte, r *room) (*tree, error) {
	for _, f := range formats {
		switch {
		case !bytes.HasPrefix(data, []byte(f.begins)):
			continue
		case f.open == nil:
			return nil, unreadablef("%q is %s; %s", name, f.is, instead)
		}
		t, err := f.open(data, r)
		if err != nil {
			return nil, unreadablef("%q is not a zip, tar or tar.gz that can be read: %v", name, err)
		}
		t.arrange()
		if len(t.items) == 0 {
			return nil, unreadablef("%q is empty; %s", name, instead)
		}
		return t, nil
	}
	panic("unreachable: everything fits the last format")
}

func openZip(data []byte, r *room) (*tree, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	t := newTree(r)
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if err := t.add(zipItem(f)); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func zipItem(f *zip.File) item {
	it := item{name: f.Name}
	switch {
	case f.Flags&1 != 0:
		it.fault = "it is encrypted; pack without a password"
	case !f.Mode().IsRegular():
		it.odd = lessonfile.Describe(f.Mode())
	}
	it.read = func(most int64) ([]byte, error) {
		file, err := f.Open()
		if err != nil {
			return nil, unreadablef("it is damaged: %v", err)
		}
		defer file.Close()
		data, err := lessonfile.ReadAll(file, most)
		return data, damaged(err)
	}
	return it
}

// damaged makes what a decompressor says the student's to mend.
func damaged(err error) error {
	var theirs *lessonfile.Unreadable
	if err == nil || errors.As(err, &theirs) {
		return err
	}
	return unreadablef("it is damaged: %v", err)
}

func openGzip(data []byte, r *room) (*tree, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return openTar(unpacked, r)
}

// openTar reads a stream to its end and keeps what may be needed of it.
func openTar(stream io.Reader, r *room) (*tree, error) {
	most := r.stream
	counted := &io.LimitedReader{R: stream, N: most}
	defer func() { r.stream = counted.N }()
	archive := tar.NewReader(counted)
	t := newTree(r)
	for {
		header, err := archive.Next()
		switch {
		case counted.N <= 0:
			return nil, fmt.Errorf("it unpacks to more than %d bytes", most)
		case errors.Is(err, io.EOF) && header == nil:
			return t, nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			return nil, err
		}
		if header.Typeflag == tar.TypeDir || header.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		it := item{name: header.Name}
		if header.Typeflag != tar.TypeReg {
			it.odd = lessonfile.Describe(header.FileInfo().Mode())
			if header.Typeflag == tar.TypeLink {
				it.odd = "a link"
			}
		}
		if it.odd == "" && mayBeTaken(header.Name) {
			data, err := lessonfile.ReadAll(archive, bounds.inner)
			if r.memory -= int64(len(data)); r.memory < 0 {
				return nil, fmt.Errorf("the files in it have more than %d bytes", 2*bounds.inner)
			}
			it.read = func(most int64) ([]byte, error) {
				if err != nil {
					return nil, damaged(err)
				}
				return lessonfile.ReadAll(bytes.NewReader(data), most)
			}
		}
		if err := t.add(it); err != nil {
			return nil, err
		}
	}
}

func mayBeTaken(name string) bool {
	base := name[strings.LastIndexAny(name, `/\`)+1:]
	return lessonfile.IsProgram(base) || isArchive(base)
}
