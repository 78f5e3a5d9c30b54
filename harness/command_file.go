package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// nameArg returns a call's first argument, the name of a file in the programs'
// working directory. A script's own mistake cannot lead out of it, nor, since
// the file is looked for through p.root, can a link that a program has put
// there.
func nameArg(c *call) (string, error) {
	name, err := c.text(0)
	if err == nil && !filepath.IsLocal(name) {
		err = fmt.Errorf("%q leads out of the working directory", name)
	}
	return name, err
}

// cmdFile looks at one file once the programs are at rest. A symbolic link is
// looked at itself and never followed.
func cmdFile(p *play, c *call) error {
	name, err := nameArg(c)
	if err != nil {
		return err
	}
	if err := p.settleOr("come to rest"); err != nil {
		return err
	}
	info, err := p.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.has("absent"):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return p.failf("the file %s should be there; it is not", quote(name))
	case err != nil:
		return p.failf("the file %s cannot be looked at: %v", quote(name), err)
	case c.has("absent"):
		return p.failf("the file %s should not be there, but it is, with %d bytes", quote(name), info.Size())
	case !info.Mode().IsRegular():
		return p.failf("%s should be a regular file, but it is %v", quote(name), info.Mode())
	}
	return p.checkFile(c, name, info)
}

// checkFile checks what the call's flags ask of a regular file.
func (p *play) checkFile(c *call, name string, info fs.FileInfo) error {
	if c.has("mode") {
		text, err := c.flag("mode", "")
		if err != nil {
			return err
		}
		mode, err := strconv.ParseUint(text, 8, 32)
		if err != nil {
			return fmt.Errorf("-mode %q is no octal number", text)
		}
		if info.Mode().Perm() != fs.FileMode(mode) {
			return p.failf("the file %s should have the mode %04o; it has %04o", quote(name), mode, info.Mode().Perm())
		}
	}
	if c.has("size") {
		size, err := c.number("size", 0)
		if err != nil {
			return err
		}
		if info.Size() != int64(size) {
			return p.failf("the file %s should have %d bytes; it has %d", quote(name), size, info.Size())
		}
	}
	if !c.has("is") && !c.has("file") && !c.has("match") && !c.has("sha256") {
		return nil
	}
	data, err := p.readFile(name, info)
	if err != nil {
		return p.failf("the file %s cannot be read: %v", quote(name), err)
	}
	return p.checkContents(c, name, data)
}

// maxFile bounds the bytes of a file that are looked at. A file with holes may
// say that it has any number.
const maxFile = 256 << 20

// readFile reads the regular file that was seen as info, and not what a program
// may have put in its place since: a link, or a pipe that never ends.
func (p *play) readFile(name string, info fs.FileInfo) ([]byte, error) {
	f, err := p.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	now, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !os.SameFile(info, now):
		return nil, errors.New("it was replaced while it was looked at")
	case now.Size() > maxFile:
		return nil, fmt.Errorf("it has %d bytes, far more than it should", now.Size())
	}
	return io.ReadAll(io.LimitReader(f, maxFile))
}

func (p *play) checkContents(c *call, name string, data []byte) error {
	if c.has("is") || c.has("file") {
		text, err := c.flag("is", "")
		if err != nil {
			return err
		}
		want, err := c.bytes(len(c.args))
		if err != nil {
			return err
		}
		times, err := c.number("times", 1)
		if err != nil {
			return err
		}
		want = append(want, strings.Repeat(text, times)...)
		if string(want) != string(data) {
			return p.compared(fmt.Sprintf("the file %s holds something else than it should (%d bytes where there should be %d)", quote(name), len(data), len(want)), want, data)
		}
	}
	if c.has("match") {
		re, err := c.pattern("match")
		if err != nil {
			return err
		}
		if !re.Match(data) {
			return p.failf("the file %s should match %s; it holds %s", quote(name), quote(re.String()), quoteShort(data))
		}
	}
	if c.has("sha256") {
		want, err := c.flag("sha256", "")
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		if got := hex.EncodeToString(sum[:]); got != want {
			return p.failf("the file %s should have the SHA-256 %s; it has %s, in %d bytes", quote(name), want, got, len(data))
		}
	}
	return nil
}

func cmdWrite(p *play, c *call) error {
	name, err := nameArg(c)
	if err != nil {
		return err
	}
	data, times, err := c.repeated(1)
	if err != nil {
		return err
	}
	file, err := p.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer file.Close() // an error of its own is returned below
	block, blocks, rest := inBlocks(data, times)
	for range blocks {
		if _, err := file.Write(block); err != nil {
			return err
		}
	}
	if _, err := file.Write(rest); err != nil {
		return err
	}
	size, err := c.number("size", len(data)*times)
	if err != nil {
		return err
	}
	// A hole behind the contents reads as zeros and takes no room.
	if err := file.Truncate(int64(size)); err != nil {
		return err
	}
	return file.Close()
}

// cmdFolder asks that a folder holds exactly the named entries.
func cmdFolder(p *play, c *call) error {
	names, err := c.texts(0)
	if err != nil {
		return err
	}
	if _, err := nameArg(c); err != nil {
		return err
	}
	if err := p.settleOr("come to rest"); err != nil {
		return err
	}
	entries, err := p.readDir(names[0])
	if err != nil {
		return p.failf("the folder %s cannot be read: %v", quote(names[0]), err)
	}
	var found []string
	for _, e := range entries {
		if c.has("dots") || !strings.HasPrefix(e.Name(), ".") {
			found = append(found, e.Name())
		}
	}
	want := slices.Sorted(slices.Values(names[1:]))
	slices.Sort(found)
	if !slices.Equal(want, found) {
		return p.failf("the folder %s should hold %s; it holds %s", quote(names[0]), list(want), list(found))
	}
	return nil
}

func (p *play) readDir(name string) ([]fs.DirEntry, error) {
	f, err := p.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

// list quotes names for a sentence.
func list(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}
