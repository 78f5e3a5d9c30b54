package repository

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/go-git/go-git/v5/plumbing"
)

// looseObject puts an object into a repository as a file of its own.
func looseObject(fsys fstest.MapFS, kind plumbing.ObjectType, data string) plumbing.Hash {
	hash := plumbing.ComputeHash(kind, []byte(data))
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	fmt.Fprintf(w, "%s %d\x00%s", kind, len(data), data)
	_ = w.Close() // into memory
	name := hash.String()
	fsys["objects/"+name[:2]+"/"+name[2:]] = &fstest.MapFile{Data: b.Bytes()}
	return hash
}

// smallRepository is one with a commit in loose objects.
func smallRepository() (fsys fstest.MapFS, head plumbing.Hash) {
	fsys = fstest.MapFS{"objects/pack": &fstest.MapFile{Mode: fs.ModeDir}}
	blob := looseObject(fsys, plumbing.BlobObject, "package main\n")
	tree := looseObject(fsys, plumbing.TreeObject, treeEntry("100644", "chat.go", blob))
	return fsys, looseObject(fsys, plumbing.CommitObject, fmt.Sprintf("tree %s\n\nhand in\n", tree))
}

func TestLooseObjects(t *testing.T) {
	fsys, head := smallRepository()
	fsys["HEAD"] = &fstest.MapFile{Data: []byte(head.String() + "\n")}
	c, err := Folder(fsys, limits)
	if err != nil {
		t.Fatal(err)
	}
	if got := describe(t, c); len(got) != 1 || got[0] != `"chat.go" 13 bytes, "package main\n"` {
		t.Errorf("files %q; want chat.go", got)
	}
	// An object that is not what its name says is none, and one that unpacks
	// to a gigabyte is not unpacked.
	for name, change := range map[string]func(*bytes.Buffer){
		"damaged": func(b *bytes.Buffer) { fmt.Fprintf(b, "blob 13\x00package evil\n") },
		"more than 1048": func(b *bytes.Buffer) {
			_, _ = io.CopyN(b, zeros{}, 64<<20) // into memory
		},
	} {
		var data, packed bytes.Buffer
		change(&data)
		w := zlib.NewWriter(&packed)
		_, _ = w.Write(data.Bytes())
		_ = w.Close()
		blob := plumbing.ComputeHash(plumbing.BlobObject, []byte("package main\n")).String()
		fsys["objects/"+blob[:2]+"/"+blob[2:]].Data = packed.Bytes()
		c, err := Folder(fsys, limits)
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(t, c); len(got) != 1 || !strings.Contains(got[0], name) {
			t.Errorf("files %q; want %q", got, name)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// No files are more than an error.
func FuzzFolder(f *testing.F) {
	fsys, head := smallRepository()
	p := new(packer)
	p.add(plumbing.BlobObject, "package main\n")
	f.Add([]byte("ref: refs/heads/main\n"), []byte("# pack-refs\n"+head.String()+" refs/heads/main\n"), []byte{}, p.pack())
	f.Add([]byte(head.String()), []byte{}, []byte("x"), []byte("PACK"))
	commit := head.String()
	f.Fuzz(func(t *testing.T, headFile, packed, object, pack []byte) {
		now := fstest.MapFS{
			"HEAD": {Data: headFile}, "packed-refs": {Data: packed}, "objects/pack/p.pack": {Data: pack}, "refs/heads/main": {Data: packed},
		}
		for name, file := range fsys {
			now[name] = file
		}
		if len(object) > 0 {
			now["objects/"+commit[:2]+"/"+commit[2:]] = &fstest.MapFile{Data: object}
		}
		small := limits
		small.Work = 8 << 20
		c, err := Folder(now, small)
		var told *Error
		if err != nil && !errors.As(err, &told) {
			t.Fatalf("error %v; want an Error", err)
		}
		if err != nil {
			return
		}
		for _, file := range c.Files {
			if data, err := c.Read(file); err == nil && int64(len(data)) > small.Object {
				t.Errorf("%q has %d bytes; want at most %d", file.Path, len(data), small.Object)
			}
		}
	})
}
