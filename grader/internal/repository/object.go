package repository

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

// Objects are all of a repository, in packs and one by one.
type objects struct {
	limits Limits
	work   int64 // what is left of the limits'
	packs  []*pack
	byHash map[plumbing.Hash]place
	// loose returns an object that is in no pack, as it lies there, and
	// errMissing where it is not there. It may be nil.
	loose func(plumbing.Hash) ([]byte, error)
}

func newObjects(limits Limits) *objects {
	return &objects{limits: limits, work: limits.Work, byHash: make(map[plumbing.Hash]place)}
}

var errWork = errors.New("it takes more work to unpack than a program's history can need")

// spend takes bytes off the work that may still be done.
func (o *objects) spend(n int64) error {
	if o.work -= n; o.work < 0 {
		return errWork
	}
	return nil
}

// get returns the contents of an object of this type.
func (o *objects) get(hash plumbing.Hash, want plumbing.ObjectType) ([]byte, error) {
	var object content
	var err error
	if at, ok := o.byHash[hash]; ok {
		object, err = at.pack.content(at.offset, 0)
	} else {
		object, err = o.getLoose(hash)
	}
	if err != nil {
		return nil, err
	}
	if object.kind != want {
		return nil, fmt.Errorf("it is a %s in the repository, not a %s", object.kind, want)
	}
	return object.data, nil
}

func (o *objects) getLoose(hash plumbing.Hash) (object content, err error) {
	if o.loose == nil {
		return object, errMissing
	}
	packed, err := o.loose(hash)
	if err != nil {
		return object, err
	}
	const header = 32 // bytes: "blob 12345", a zero
	data, err := inflate(packed, o.limits.Object+header)
	if err != nil {
		return object, err
	}
	if err := o.spend(int64(len(data))); err != nil {
		return object, err
	}
	head, data, _ := bytes.Cut(data, []byte{0})
	name, _, _ := strings.Cut(string(head), " ")
	kind, err := plumbing.ParseObjectType(name)
	if err != nil || plumbing.ComputeHash(kind, data) != hash {
		return object, errors.New("it is damaged")
	}
	return content{kind, data}, nil
}

// treeOf returns the root folder of a commit, or of what a tag names.
func (o *objects) treeOf(hash plumbing.Hash) (tree plumbing.Hash, err error) {
	data, err := o.get(hash, plumbing.CommitObject)
	if err != nil {
		return tree, err
	}
	line, _, _ := strings.Cut(string(data), "\n")
	name, ok := strings.CutPrefix(line, "tree ")
	if !ok || !plumbing.IsHash(name) {
		return tree, errors.New("it is damaged")
	}
	return plumbing.NewHash(name), nil
}

// An entry is one of a folder.
type entry struct {
	mode, name string
	hash       plumbing.Hash
}

// cutEntry reads the first entry of a tree object: a mode, a space, a name, a
// zero, and a hash.
func cutEntry(tree []byte) (e entry, rest []byte, ok bool) {
	head, rest, ok := bytes.Cut(tree, []byte{0})
	if !ok || len(rest) < len(e.hash) {
		return e, nil, false
	}
	e.mode, e.name, ok = strings.Cut(string(head), " ")
	copy(e.hash[:], rest)
	return e, rest[len(e.hash):], ok && e.name != ""
}

// patch applies a delta to what it is a change of.
func patch(base, delta []byte, most int64) ([]byte, error) {
	// The library makes room for what the delta says that it makes.
	_, n := binary.Uvarint(delta)
	if n <= 0 {
		return nil, packfile.ErrInvalidDelta
	}
	size, n := binary.Uvarint(delta[n:])
	if n <= 0 {
		return nil, packfile.ErrInvalidDelta
	}
	if size > uint64(most) {
		return nil, tooLarge(most)
	}
	return packfile.PatchDelta(base, delta)
}

func tooLarge(most int64) error { return fmt.Errorf("it has more than %d bytes", most) }
