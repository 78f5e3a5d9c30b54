// Package repository reads the files of a commit out of a git repository or a
// git bundle that a stranger handed in.
//
// Git itself is never run, and nothing in the repository is obeyed: no hook, no
// filter, no configuration, no alternate, no submodule. Links are listed and
// not followed. What is read is bounded in objects, bytes, depth and work, so
// that no repository, however it was made, costs more than a small one.
package repository

import (
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
)

// Limits bound what is read of a repository.
type Limits struct {
	Files   int   // in the commit, folders counted too
	Depth   int   // folders within folders
	Packed  int64 // bytes of all packs together
	Object  int64 // bytes of an object that is unpacked
	Work    int64 // bytes that are unpacked in all, again and again
	Objects int   // in all packs together
}

// An Error says that a repository cannot be read, in words for who handed it
// in.
type Error struct{ reason string }

func (e *Error) Error() string { return e.reason }

func errorf(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// A Commit is what HEAD names.
type Commit struct {
	Hash string
	Ref  string // "refs/heads/main"; empty where HEAD names the commit itself
	// Files are all that stand in it, but for folders.
	Files []File

	objects *objects
}

// A File is one of a commit.
type File struct {
	Path string // with slashes, as the commit names it; may hold any byte
	// Odd says what it is where it is no regular file: "a link".
	Odd  string
	hash plumbing.Hash
}

// errMissing is what the lookup of an object returns that is not there.
var errMissing = errors.New("it is missing in the repository")

// Read returns what a file holds, where that is at most the limits' Object.
func (c *Commit) Read(f File) ([]byte, error) {
	data, err := c.objects.get(f.hash, plumbing.BlobObject)
	if errors.Is(err, errMissing) {
		err = fmt.Errorf("%w, or has more than %d bytes", err, c.objects.limits.Object)
	}
	if err != nil {
		return nil, errorf("%q: %v", f.Path, err)
	}
	return data, nil
}

// open lists the files of the commit with this hash.
func open(o *objects, hash plumbing.Hash, ref string) (*Commit, error) {
	c := &Commit{Hash: hash.String(), Ref: ref, objects: o}
	root, err := o.treeOf(hash)
	if err != nil {
		return nil, errorf("commit %s: %v", hash, err)
	}
	w := &walk{commit: c}
	if err := w.tree(root, "", 0); err != nil {
		return nil, err
	}
	return c, nil
}

// A walk goes through the folders of a commit.
type walk struct {
	commit *Commit
	seen   int
}

// The modes of a tree's entries, as git writes them.
const (
	modeFolder    = "40000"
	modeLink      = "120000"
	modeSubmodule = "160000"
)

// odd says what the entries are that are neither files nor folders.
var odd = map[string]string{modeLink: "a link", modeSubmodule: "a submodule"}

func (w *walk) tree(hash plumbing.Hash, path string, depth int) error {
	limits := w.commit.objects.limits
	if depth > limits.Depth {
		return errorf("%q: more than %d folders deep", path, limits.Depth)
	}
	data, err := w.commit.objects.get(hash, plumbing.TreeObject)
	if err != nil {
		return errorf("the folder %q: %v", path, err)
	}
	for len(data) > 0 {
		e, rest, ok := cutEntry(data)
		if !ok {
			return errorf("the folder %q is damaged", path)
		}
		data = rest
		if w.seen++; w.seen > limits.Files {
			return errorf("it holds more than %d files; hand in the lessons' folders only", limits.Files)
		}
		if e.mode == modeFolder {
			if err := w.tree(e.hash, path+e.name+"/", depth+1); err != nil {
				return err
			}
			continue
		}
		w.commit.Files = append(w.commit.Files, File{Path: path + e.name, Odd: odd[e.mode], hash: e.hash})
	}
	return nil
}
