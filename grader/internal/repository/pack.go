package repository

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

// A pack is many objects in one file. Its index is made here: a stranger's
// could say anything.
type pack struct {
	owner   *objects
	scanner *packfile.Scanner
	headers map[int64]*packfile.ObjectHeader // by offset
	cache   map[int64]content
	cached  int64
}

// A place is where an object lies.
type place struct {
	pack   *pack
	offset int64
}

// A content is an object unpacked.
type content struct {
	kind plumbing.ObjectType
	data []byte
}

const (
	// maxCached is how many bytes of unpacked objects a pack keeps, as others
	// may be changes of them.
	maxCached = 16 << 20
	// maxChain is how many changes may stand on one another; git makes 50,
	// and 250 when asked to take its time.
	maxChain = 300
)

// addPack lists the objects of a pack. Those that are larger than the limits
// allow are not among them.
func (o *objects) addPack(data []byte) error {
	p := &pack{owner: o, scanner: packfile.NewScanner(bytes.NewReader(data)), headers: make(map[int64]*packfile.ObjectHeader), cache: make(map[int64]content)}
	_, count, err := p.scanner.Header()
	if err != nil {
		return errorf("a pack cannot be read: %v", err)
	}
	if int64(count) > int64(o.limits.Objects-len(o.byHash)) {
		return errorf("it has more than %d objects; hand in the lessons' folders only", o.limits.Objects)
	}
	o.packs = append(o.packs, p)
	var offsets []int64
	for range count {
		h, err := p.scanner.NextObjectHeader()
		if err != nil {
			return errorf("a pack cannot be read: %v", err)
		}
		// What a header promises, its object may not exceed: the library
		// sees to that.
		if err := o.spend(h.Length); err != nil || h.Length < 0 {
			return errorf("a pack cannot be read: %v", errWork)
		}
		p.headers[h.Offset] = h
		offsets = append(offsets, h.Offset)
		if _, _, err := p.scanner.NextObject(io.Discard); err != nil {
			return errorf("a pack cannot be read: %v", err)
		}
	}
	return p.index(offsets)
}

// index finds the hashes of the pack's objects. The hash of a change is known
// only when that of its base is, and a stranger chooses in which order they lie;
// so each object is looked at once, behind its base, whatever the order.
func (p *pack) index(offsets []int64) error {
	ready, behind := p.bases(offsets)
	for len(ready) > 0 {
		offset := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		c, err := p.content(offset, 0)
		if errors.Is(err, errWork) {
			return errorf("a pack cannot be read: %v", err)
		}
		if err != nil {
			// It is too large or damaged. Who asks for it, or for a change
			// of it, is told that it is missing.
			continue
		}
		hash := plumbing.ComputeHash(c.kind, c.data)
		p.owner.byHash[hash] = place{p, offset}
		for _, b := range []base{{offset: offset}, {hash: hash}} {
			ready = append(ready, behind[b]...)
			delete(behind, b) // an object may lie there twice
		}
	}
	return nil
}

// A base is what an object is a change of: another of the pack, or one of this
// hash.
type base struct {
	offset int64
	hash   plumbing.Hash
}

// bases tells objects that can be unpacked at once from those that have to wait
// for a base.
func (p *pack) bases(offsets []int64) (ready []int64, behind map[base][]int64) {
	behind = make(map[base][]int64)
	for _, offset := range offsets {
		var b base
		switch h := p.headers[offset]; h.Type {
		case plumbing.OFSDeltaObject:
			b.offset = h.OffsetReference
		case plumbing.REFDeltaObject:
			b.hash = h.Reference
		}
		_, known := p.owner.byHash[b.hash] // in a pack before this one
		if b == (base{}) || known {
			ready = append(ready, offset)
		} else {
			behind[b] = append(behind[b], offset)
		}
	}
	return ready, behind
}

// content unpacks the object at offset, which chain others are changes of.
func (p *pack) content(offset int64, chain int) (c content, err error) {
	if c, ok := p.cache[offset]; ok {
		return c, nil
	}
	h, ok := p.headers[offset]
	switch {
	case !ok:
		return c, errMissing
	case h.Length > p.owner.limits.Object:
		return c, tooLarge(p.owner.limits.Object)
	case chain > maxChain:
		return c, fmt.Errorf("more than %d changes stand on one another", maxChain)
	}
	switch h.Type {
	case plumbing.OFSDeltaObject:
		c, err = p.content(h.OffsetReference, chain+1)
	case plumbing.REFDeltaObject:
		at, ok := p.owner.byHash[h.Reference]
		if !ok {
			return c, errMissing
		}
		c, err = at.pack.content(at.offset, chain+1)
	case plumbing.CommitObject, plumbing.TreeObject, plumbing.BlobObject, plumbing.TagObject:
		c.kind = h.Type
	default:
		err = errors.New("it is damaged")
	}
	if err != nil {
		return c, err
	}
	data, err := p.unpack(h)
	if err != nil {
		return c, err
	}
	if h.Type == plumbing.OFSDeltaObject || h.Type == plumbing.REFDeltaObject {
		if data, err = patch(c.data, data, p.owner.limits.Object); err != nil {
			return c, err
		}
		if err := p.owner.spend(int64(len(data))); err != nil {
			return c, err
		}
	}
	c.data = data
	p.keep(offset, c)
	return c, nil
}

// unpack returns what stands behind a header.
func (p *pack) unpack(h *packfile.ObjectHeader) ([]byte, error) {
	if err := p.owner.spend(h.Length); err != nil {
		return nil, err
	}
	if _, err := p.scanner.SeekObjectHeader(h.Offset); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, _, err := p.scanner.NextObject(&b)
	return b.Bytes(), err
}

func (p *pack) keep(offset int64, c content) {
	if p.cached += int64(len(c.data)); p.cached > maxCached {
		clear(p.cache)
		p.cached = int64(len(c.data))
	}
	p.cache[offset] = c
}

// inflate unpacks an object that lies by itself.
func inflate(packed []byte, most int64) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		return nil, tooLarge(most)
	}
	return data, err
}
