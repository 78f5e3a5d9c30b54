package repository

import (
	"bytes"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// IsBundle reports whether data begins as a git bundle does.
func IsBundle(data []byte) bool {
	return bytes.HasPrefix(data, []byte("# v2 git bundle\n")) || bytes.HasPrefix(data, []byte("# v3 git bundle\n"))
}

// Bundle opens the commit that counts in a bundle: HEAD, or its only branch.
func Bundle(data []byte, limits Limits) (*Commit, error) {
	refs, data, err := bundleHeader(data)
	if err != nil {
		return nil, err
	}
	name, hash, ok := refs.head("")
	if !ok {
		return nil, errorf("the bundle does not say which commit counts; make it with: git bundle create NAME.bundle HEAD")
	}
	if int64(len(data)) > limits.Packed {
		return nil, errorf("it has more than %d bytes", limits.Packed)
	}
	o := newObjects(limits)
	if err := o.addPack(data); err != nil {
		return nil, err
	}
	return open(o, hash, name)
}

// bundleHeader reads the lines before the pack.
func bundleHeader(data []byte) (refs refs, pack []byte, err error) {
	_, data, _ = bytes.Cut(data, []byte("\n"))
	refs = make(map[string]plumbing.Hash)
	for {
		line, rest, ok := bytes.Cut(data, []byte("\n"))
		if !ok || len(line) > maxRefLine || len(refs) > maxRefs {
			return nil, nil, errorf("the bundle's first lines are damaged")
		}
		data = rest
		switch {
		case len(line) == 0:
			return refs, data, nil
		case line[0] == '@': // @object-format=sha1 or @filter
			if string(line) != "@object-format=sha1" {
				return nil, nil, errorf("the bundle has %q, which is not supported; make it with: git bundle create NAME.bundle HEAD", line)
			}
		case line[0] == '-': // a commit that the receiver is to have; we have none
		default:
			hash, name, ok := strings.Cut(string(line), " ")
			if !ok || !plumbing.IsHash(hash) {
				return nil, nil, errorf("the bundle's first lines are damaged")
			}
			refs[name] = plumbing.NewHash(hash)
		}
	}
}

// Refs are the names of commits.
type refs map[string]plumbing.Hash

const (
	maxRefs    = 10_000
	maxRefLine = 4 << 10
)

// head returns the commit that counts: HEAD, or the branch that HEAD names, or
// the only branch.
func (r refs) head(branch string) (name string, hash plumbing.Hash, ok bool) {
	for _, name := range []string{"HEAD", branch} {
		if hash, ok := r[name]; ok {
			return strings.TrimPrefix(name, "HEAD"), hash, true
		}
	}
	var branches []string
	for name := range r {
		if strings.HasPrefix(name, "refs/heads/") {
			branches = append(branches, name)
		}
	}
	if len(branches) != 1 {
		return "", hash, false
	}
	return branches[0], r[branches[0]], true
}
