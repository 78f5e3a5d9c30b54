package grade

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Merge puts the results in dirs into the folder out as one run would have left
// them there, but for what sums them up. Folders that do not belong together
// are an *OtherError that names two of them.
func Merge(dirs []string, out string) (*Folder, *Manifest, error) {
	u := &union{from: make(map[string]string)}
	for _, dir := range dirs {
		if err := u.add(dir); err != nil {
			return nil, nil, err
		}
	}
	if err := u.whole(); err != nil {
		return nil, nil, err
	}
	m := u.manifest()
	folder, err := OpenFolder(out, m.Workbook, false)
	if err != nil {
		return nil, nil, err
	}
	decisions, err := mergeDecisions(append([]string{out}, dirs...))
	if err == nil {
		err = decisions.Check(m)
	}
	if err != nil {
		return nil, nil, err
	}
	if err := folder.Lock(); err != nil {
		return nil, nil, err
	}
	defer folder.Unlock()
	if err := folder.Begin(*m); err != nil {
		return nil, nil, err
	}
	for _, name := range m.Submissions {
		if err := folder.copyFrom(u.from[name], name); err != nil {
			return nil, nil, err
		}
	}
	return folder, m, decisions.write(folder)
}

// A union is folders of results on their way into one.
type union struct {
	parts []part
	from  map[string]string // the folder that a submission's result is taken from
	// The first result says what the others must have in common with it.
	sampleIn           string
	toolchain, sandbox string
}

// A part is a folder of the union.
type part struct {
	dir string
	*Manifest
}

// add reads a folder and proves that it belongs to those before.
func (u *union) add(dir string) error {
	folder, m, err := ReadFolder(dir)
	if err != nil {
		return err
	}
	now := part{dir, m}
	if len(u.parts) > 0 {
		if err := u.parts[0].same(now); err != nil {
			return err
		}
	}
	u.parts = append(u.parts, now)
	for _, name := range m.Submissions {
		if err := u.addResult(folder, m, name); err != nil {
			return err
		}
	}
	return nil
}

// same returns an error where the results of two folders cannot stand side by
// side.
func (p part) same(q part) error {
	switch {
	case p.Workbook != q.Workbook:
		return otherf("%s and %s: results of two workbooks (%.12s and %.12s); grade one of them again", p.dir, q.dir, p.Workbook, q.Workbook)
	case p.Seed != q.Seed:
		return otherf("%s and %s: results by two seeds (%d and %d); grade one of them again with --seed", p.dir, q.dir, p.Seed, q.Seed)
	case !slices.Equal(p.Lessons, q.Lessons):
		return otherf("%s and %s: results of different lessons (%q and %q); grade one of them again", p.dir, q.dir, p.Lessons, q.Lessons)
	case p.Shard != nil && q.Shard != nil && p.Shard.Count != q.Shard.Count:
		return otherf("%s and %s: shards of different splits (%d and %d shards); grade one of them again", p.dir, q.dir, p.Shard.Count, q.Shard.Count)
	case p.Shard != nil && q.Shard != nil && p.Shard.Class != q.Shard.Class:
		return otherf("%s and %s: between these shards the folder of submissions has changed; grade both again", p.dir, q.dir)
	}
	return nil
}

// addResult reads one result of a folder. It may stand in two folders where it
// is the same in both.
func (u *union) addResult(folder *Folder, m *Manifest, name string) error {
	s, err := folder.Result(m, name)
	if errors.Is(err, fs.ErrNotExist) {
		return otherf("%s: it has no result of %q yet; run the same grading again until it is done", folder.dir, name)
	}
	if err != nil {
		return err
	}
	switch {
	case u.sampleIn == "":
		u.sampleIn, u.toolchain, u.sandbox = folder.dir, s.Toolchain, s.Sandbox
	case s.Toolchain != u.toolchain:
		return otherf("%s and %s: results by two toolchains (%s and %s); grade one of them again", u.sampleIn, folder.dir, u.toolchain, s.Toolchain)
	case s.Sandbox != u.sandbox:
		return otherf("%s and %s: results of two sandbox levels (%s and %s); grade one of them again", u.sampleIn, folder.dir, u.sandbox, s.Sandbox)
	}
	before, twice := u.from[name]
	if !twice {
		u.from[name] = folder.dir
		return nil
	}
	a, errA := os.ReadFile(filepath.Join(before, name, resultFile))
	b, errB := os.ReadFile(filepath.Join(folder.dir, name, resultFile))
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return otherf("%s and %s: they contradict each other about %q; grade it again, or leave one of them out", before, folder.dir, name)
	}
	return nil
}

// whole returns an error where shards are missing. Folders that are no shards
// are whole by themselves.
func (u *union) whole() error {
	var names []string
	var first *part
	there := make(map[int]bool)
	for _, p := range u.parts {
		if p.Shard == nil {
			continue
		}
		if first == nil {
			first = &p
		}
		there[p.Shard.Index] = true
		names = append(names, p.Submissions...)
	}
	if first == nil {
		return nil
	}
	for i := 1; i <= first.Shard.Count; i++ {
		if !there[i] {
			return otherf("%s: shard %d/%d of its class is not among the folders; name it too", first.dir, i, first.Shard.Count)
		}
	}
	slices.Sort(names)
	if digestNames(slices.Compact(names)) != first.Shard.Class {
		return otherf("%s: together with the other shards it is not the class that it is a part of; grade all shards again", first.dir)
	}
	return nil
}

// manifest returns what one run would have written.
func (u *union) manifest() *Manifest {
	m := *u.parts[0].Manifest
	m.Shard, m.Submissions = nil, make([]string, 0, len(u.from))
	for name := range u.from {
		m.Submissions = append(m.Submissions, name)
	}
	slices.Sort(m.Submissions)
	return &m
}

// copyFrom copies a submission's result from another folder.
func (f *Folder) copyFrom(dir, name string) error {
	if err := os.MkdirAll(filepath.Join(f.dir, name), 0o777); err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(dir, name, resultFile))
	if err != nil {
		return err
	}
	return f.write(filepath.Join(name, resultFile), data)
}
