package repository

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/google/go-cmp/cmp"
)

var limits = Limits{Files: 200, Depth: 8, Packed: 1 << 20, Object: 1 << 20, Work: 64 << 20, Objects: 1000}

// A packer writes a pack by hand.
type packer struct {
	objects bytes.Buffer
	count   uint32
	packed  *zlib.Writer // to be used again: a new one takes longer than to pack
}

func (p *packer) header(kind plumbing.ObjectType, size int) {
	c := byte(kind)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		p.objects.WriteByte(c | 0x80)
		c = byte(size & 0x7f)
	}
	p.objects.WriteByte(c)
	p.count++
}

func (p *packer) deflate(data []byte) {
	if p.packed == nil {
		p.packed = zlib.NewWriter(nil)
	}
	p.packed.Reset(&p.objects)
	_, _ = p.packed.Write(data) // into memory
	_ = p.packed.Close()
}

// add adds a whole object and returns its hash.
func (p *packer) add(kind plumbing.ObjectType, data string) plumbing.Hash {
	p.header(kind, len(data))
	p.deflate([]byte(data))
	return plumbing.ComputeHash(kind, []byte(data))
}

// addDelta adds a change of base.
func (p *packer) addDelta(base plumbing.Hash, delta []byte) {
	p.header(plumbing.REFDeltaObject, len(delta))
	p.objects.Write(base[:])
	p.deflate(delta)
}

func (p *packer) pack() []byte {
	out := []byte("PACK\x00\x00\x00\x02")
	out = binary.BigEndian.AppendUint32(out, p.count)
	out = append(out, p.objects.Bytes()...)
	sum := sha1.Sum(out)
	return append(out, sum[:]...)
}

// commit adds a commit of a folder and returns the bundle of all.
func (p *packer) commit(tree plumbing.Hash) []byte {
	head := p.add(plumbing.CommitObject, fmt.Sprintf("tree %s\n\nhand in\n", tree))
	return append(fmt.Appendf(nil, "# v2 git bundle\n%s HEAD\n\n", head), p.pack()...)
}

func treeEntry(mode, name string, hash plumbing.Hash) string {
	return mode + " " + name + "\x00" + string(hash[:])
}

// describe lists what a commit holds.
func describe(t *testing.T, c *Commit) []string {
	var lines []string
	for _, f := range c.Files {
		if f.Odd != "" {
			lines = append(lines, fmt.Sprintf("%q %s", f.Path, f.Odd))
			continue
		}
		data, err := c.Read(f)
		if err != nil {
			lines = append(lines, err.Error())
			continue
		}
		lines = append(lines, fmt.Sprintf("%q %d bytes, %.20q", f.Path, len(data), data))
	}
	return lines
}

// git makes a repository of two commits in dir, with a link, a submodule,
// something to pack as a change of something else, and things that git would
// obey.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func newRepository(t *testing.T) (dir string, want []string) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed; it makes the repositories that are read here")
	}
	dir = t.TempDir()
	git(t, dir, "init", "-q", "-b", "main")
	var long strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&long, "line %d\n", i)
	}
	for commit, last := range []string{"old", "new"} {
		for name, text := range map[string]string{
			"chat/chat.go":   "package main // " + last + "\n",
			"chat/long.go":   long.String() + last,
			".gitattributes": "*.go filter=evil\n",
			"notes.txt":      "",
		} {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
				t.Fatal(err)
			}
		}
		if commit == 0 {
			if err := os.Symlink("/etc/passwd", filepath.Join(dir, "chat", "link.go")); err != nil {
				t.Fatal(err)
			}
		}
		git(t, dir, "add", "-A")
		git(t, dir, "update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+",module")
		git(t, dir, "commit", "-q", "-m", last)
	}
	size := len(long.String()) + len("new")
	return dir, []string{
		`".gitattributes" 17 bytes, "*.go filter=evil\n"`,
		`"chat/chat.go" 20 bytes, "package main // new\n"`,
		`"chat/link.go" a link`,
		fmt.Sprintf(`"chat/long.go" %d bytes, "line 0\nline 1\nline 2"`, size),
		`"module" a submodule`,
		`"notes.txt" 0 bytes, ""`,
	}
}

func TestRead(t *testing.T) {
	dir, want := newRepository(t)
	bundle := func(t *testing.T) (*Commit, error) {
		git(t, dir, "bundle", "create", "-q", "../x.bundle", "HEAD", "main")
		data, err := os.ReadFile(filepath.Join(dir, "..", "x.bundle"))
		if err != nil {
			t.Fatal(err)
		}
		if !IsBundle(data) {
			t.Error("IsBundle is false of a bundle")
		}
		return Bundle(data, limits)
	}
	at := func(path string) func(t *testing.T) (*Commit, error) {
		return func(t *testing.T) (*Commit, error) {
			root, err := os.OpenRoot(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { root.Close() })
			if !IsFolder(root.FS()) {
				t.Error("IsFolder is false of a repository")
			}
			return Folder(root.FS(), limits)
		}
	}
	git(t, dir, "clone", "-q", "--bare", ".", "../bare.git")
	git(t, filepath.Join(dir, "..", "bare.git"), "gc", "-q")
	tests := []struct {
		name string
		open func(t *testing.T) (*Commit, error)
	}{
		{"a bundle", bundle},
		{"objects one by one", at(filepath.Join(dir, ".git"))},
		{"packed", at(filepath.Join(dir, "..", "bare.git"))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := test.open(t)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, describe(t, c)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if len(c.Hash) != 40 {
				t.Errorf("commit %q; want a hash", c.Hash)
			}
		})
	}
}

// Whatever is wrong with a repository, it is told in words for who handed it
// in.
func TestRefuses(t *testing.T) {
	one := func(p *packer) plumbing.Hash {
		return p.add(plumbing.TreeObject, treeEntry("100644", "x.go", p.add(plumbing.BlobObject, "package main\n")))
	}
	// Each folder holds the one below ten times: 10^9 files in a kilobyte.
	bomb := func(levels int) func(p *packer) plumbing.Hash {
		return func(p *packer) plumbing.Hash {
			tree := one(p)
			for range levels {
				var entries string
				for i := range 10 {
					entries += treeEntry("40000", fmt.Sprint(i), tree)
				}
				tree = p.add(plumbing.TreeObject, entries)
			}
			return tree
		}
	}
	// A change that copies the first 64 KiB of its base over and over.
	copies := func(n int) []byte {
		delta := binary.AppendUvarint(nil, 1<<16)
		delta = binary.AppendUvarint(delta, uint64(n)<<16)
		return append(delta, bytes.Repeat([]byte{0x80}, n)...)
	}
	tests := []struct {
		name string
		tree func(p *packer) plumbing.Hash
		want string
	}{
		{"a folder bomb", bomb(7), "more than 200 files"},
		{"too deep", bomb(9), "more than 8 folders deep"},
		{"no such folder", func(*packer) plumbing.Hash { return plumbing.Hash{1} }, "missing"},
		{"a file for a folder", func(p *packer) plumbing.Hash { return p.add(plumbing.BlobObject, "") }, "not a tree"},
		{"a damaged folder", func(p *packer) plumbing.Hash { return p.add(plumbing.TreeObject, "100644 x.go") }, "damaged"},
		{"a bomb of changes", func(p *packer) plumbing.Hash {
			base := p.add(plumbing.BlobObject, strings.Repeat("x", 1<<16))
			for range 100 {
				p.addDelta(base, copies(15)) // just below the limit of an object
			}
			return one(p)
		}, "more work"},
		{"objects", func(p *packer) plumbing.Hash {
			for i := range 1001 {
				p.add(plumbing.BlobObject, fmt.Sprint(i))
			}
			return one(p)
		}, "more than 1000 objects"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := new(packer)
			c, err := Bundle(p.commit(test.tree(p)), limits)
			var told *Error
			if !errors.As(err, &told) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("commit %v, error %v; want an Error with %q", c, err, test.want)
			}
		})
	}
}

// Changes that lie before their bases, each before the next, cost no more than in
// any other order: who looks for a base again and again is still at it when the
// test's time is over.
func TestReadBackwards(t *testing.T) {
	const changes = 99_000
	limits := limits
	limits.Objects, limits.Packed = 100_000, 8<<20
	text := func(i int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(i)) }
	p := new(packer)
	for i := changes; i > 0; i-- {
		base := plumbing.ComputeHash(plumbing.BlobObject, text(i-1))
		p.addDelta(base, append([]byte{4, 4, 4}, text(i)...)) // of 4 bytes make 4: these 4
	}
	p.add(plumbing.BlobObject, string(text(0)))
	last := plumbing.ComputeHash(plumbing.BlobObject, text(changes))
	c, err := Bundle(p.commit(p.add(plumbing.TreeObject, treeEntry("100644", "last", last))), limits)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.Read(c.Files[0]); err != nil || !bytes.Equal(got, text(changes)) {
		t.Errorf("the last change is %q (%v), want %q", got, err, text(changes))
	}
}

// A file that is too large, or damaged, harms no other.
func TestReadRefuses(t *testing.T) {
	p := new(packer)
	base := p.add(plumbing.BlobObject, strings.Repeat("x", 1<<16))
	large := p.add(plumbing.BlobObject, strings.Repeat("x", 1<<20+1))
	delta := append(binary.AppendUvarint(binary.AppendUvarint(nil, 1<<16), 1<<40), 0x80)
	p.addDelta(base, delta)
	p.addDelta(plumbing.Hash{7}, delta)
	small := p.add(plumbing.BlobObject, "package main\n")
	tree := p.add(plumbing.TreeObject, treeEntry("100644", "../large.go", large)+treeEntry("100644", "small.go", small))
	c, err := Bundle(p.commit(tree), limits)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`"../large.go": it is missing in the repository, or has more than 1048576 bytes`, `"small.go" 13 bytes, "package main\n"`}
	if diff := cmp.Diff(want, describe(t, c)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// HEAD decides; without it the only branch.
func TestHead(t *testing.T) {
	a, b := plumbing.Hash{1}, plumbing.Hash{2}
	tests := []struct {
		refs   refs
		branch string
		name   string
		want   plumbing.Hash
	}{
		{refs{"HEAD": a, "refs/heads/main": b}, "", "", a},
		{refs{"refs/heads/main": b, "refs/heads/old": a}, "refs/heads/main", "refs/heads/main", b},
		{refs{"refs/heads/main": b, "refs/tags/1": a}, "refs/heads/master", "refs/heads/main", b},
		{refs{"refs/heads/main": b, "refs/heads/old": a}, "refs/heads/master", "", plumbing.ZeroHash},
		{refs{}, "refs/heads/master", "", plumbing.ZeroHash},
	}
	for _, test := range tests {
		name, hash, ok := test.refs.head(test.branch)
		if !ok {
			hash = plumbing.ZeroHash
		}
		if name != test.name && ok || hash != test.want {
			t.Errorf("head of %v with %q is %q %s; want %q %s", test.refs, test.branch, name, hash, test.name, test.want)
		}
	}
}

// No bytes are more than an error.
func FuzzBundle(f *testing.F) {
	p := new(packer)
	blob := p.add(plumbing.BlobObject, strings.Repeat("package main\n", 100))
	p.addDelta(blob, append(binary.AppendUvarint(binary.AppendUvarint(nil, 1300), 13), 0x90, 13))
	whole := p.commit(p.add(plumbing.TreeObject, treeEntry("100644", "x.go", blob)))
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("# v3 git bundle\n@object-format=sha256\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !IsBundle(data) {
			return
		}
		small := limits
		small.Work = 8 << 20
		c, err := Bundle(data, small)
		var told *Error
		if err != nil && !errors.As(err, &told) {
			t.Fatalf("error %v; want an Error", err)
		}
		if err != nil {
			return
		}
		if len(c.Files) > small.Files {
			t.Errorf("%d files; want at most %d", len(c.Files), small.Files)
		}
		for _, file := range c.Files {
			if data, err := c.Read(file); err == nil && int64(len(data)) > small.Object {
				t.Errorf("%q has %d bytes; want at most %d", file.Path, len(data), small.Object)
			}
		}
	})
}
