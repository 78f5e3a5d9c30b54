package repository

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// IsFolder reports whether a folder is a repository without a working tree, or
// the .git of one with it.
func IsFolder(fsys fs.FS) bool {
	head, err := fs.Stat(fsys, "HEAD")
	if err != nil || !head.Mode().IsRegular() {
		return false
	}
	objects, err := fs.Stat(fsys, "objects")
	return err == nil && objects.IsDir()
}

// Folder opens the commit that HEAD of a repository names. The file system must
// let no link lead out of it, and stay open as long as the commit is read.
func Folder(fsys fs.FS, limits Limits) (*Commit, error) {
	r := folder{fsys, limits}
	name, hash, err := r.head()
	if err != nil {
		return nil, err
	}
	o := newObjects(limits)
	o.loose = r.loose
	if err := r.packs(o); err != nil {
		return nil, err
	}
	return open(o, hash, name)
}

// A folder is a repository as it lies there.
type folder struct {
	fsys   fs.FS
	limits Limits
}

// read returns what a file holds, where it has at most most bytes.
func (r folder) read(name string, most int64) ([]byte, error) {
	file, err := r.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errorf("%q: it is no regular file", name)
	}
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, errorf("%q: it has more than %d bytes", name, most)
	}
	return data, err
}

// head returns what HEAD names.
func (r folder) head() (name string, hash plumbing.Hash, err error) {
	all, err := r.packedRefs()
	if err != nil {
		return "", hash, err
	}
	if err := r.looseRefs(all); err != nil {
		return "", hash, err
	}
	text, err := r.read("HEAD", maxRefLine)
	if err != nil {
		return "", hash, errorf("the repository's HEAD cannot be read: %v", err)
	}
	line := strings.TrimSpace(string(text))
	branch, named := strings.CutPrefix(line, "ref: ")
	if !named {
		if !plumbing.IsHash(line) {
			return "", hash, errorf("the repository's HEAD is damaged")
		}
		return "", plumbing.NewHash(line), nil
	}
	delete(all, "HEAD")
	name, hash, ok := all.head(strings.TrimSpace(branch))
	if !ok {
		return "", hash, errorf("the repository's HEAD names %q, and there is no such branch; commit to it", branch)
	}
	return name, hash, nil
}

// packedRefs reads the branches that stand in one file.
func (r folder) packedRefs() (refs, error) {
	all := make(refs)
	data, err := r.read("packed-refs", maxRefs*100)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, errorf("the repository's packed-refs cannot be read: %v", err)
	}
	for line := range strings.Lines(string(data)) {
		hash, name, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && plumbing.IsHash(hash) {
			all[name] = plumbing.NewHash(hash)
		}
	}
	return all, nil
}

// looseRefs reads the branches that have a file each.
func (r folder) looseRefs(all refs) error {
	count := 0
	err := fs.WalkDir(r.fsys, "refs/heads", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if count++; count > maxRefs {
			return errorf("the repository has more than %d branches", maxRefs)
		}
		// A branch that cannot be read is none.
		if text, err := r.read(name, maxRefLine); err == nil && plumbing.IsHash(strings.TrimSpace(string(text))) {
			all[name] = plumbing.NewHash(strings.TrimSpace(string(text)))
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// packs reads the packs of a repository.
func (r folder) packs(o *objects) error {
	entries, err := fs.ReadDir(r.fsys, "objects/pack")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errorf("the repository's packs cannot be read: %v", err)
	}
	left := r.limits.Packed
	for _, e := range entries {
		if path.Ext(e.Name()) != ".pack" {
			continue
		}
		data, err := r.read(path.Join("objects/pack", e.Name()), left)
		if err != nil {
			return errorf("the repository's packs cannot be read: %v", err)
		}
		left -= int64(len(data))
		if err := o.addPack(data); err != nil {
			return err
		}
	}
	return nil
}

// loose reads an object that has a file of its own, still packed.
func (r folder) loose(hash plumbing.Hash) ([]byte, error) {
	name := hash.String()
	data, err := r.read(fmt.Sprintf("objects/%s/%s", name[:2], name[2:]), r.limits.Packed)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errMissing
	}
	return data, err
}
