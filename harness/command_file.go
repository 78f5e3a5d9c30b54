package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// inside returns the path of a file below the programs' working directory. A
// script's own mistake cannot lead out of it.
func (p *play) inside(name string) (string, error) {
	if !filepath.IsLocal(name) {
		return "", fmt.Errorf("%q leads out of the working directory", name)
	}
	return filepath.Join(p.dir, filepath.FromSlash(name)), nil
}

// pathArg returns a call's first argument and the path of the file that it
// names.
func (p *play) pathArg(c *call) (name, path string, err error) {
	if name, err = c.text(0); err != nil {
		return "", "", err
	}
	path, err = p.inside(name)
	return name, path, err
}

// cmdFile looks at one file once the programs are at rest. A symbolic link is
// looked at itself and never followed.
func cmdFile(p *play, c *call) error {
	name, path, err := p.pathArg(c)
	if err != nil {
		return err
	}
	if err := p.settleOr("come to rest"); err != nil {
		return err
	}
	info, err := os.Lstat(path)
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
	return p.checkFile(c, name, path, info)
}

// checkFile checks what the call's flags ask of a regular file.
func (p *play) checkFile(c *call, name, path string, info fs.FileInfo) error {
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
	data, err := os.ReadFile(path)
	if err != nil {
		return p.failf("the file %s cannot be read: %v", quote(name), err)
	}
	return p.checkContents(c, name, data)
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
	_, path, err := p.pathArg(c)
	if err != nil {
		return err
	}
	data, err := c.bytes(1)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

// cmdFolder asks that a folder holds exactly the named entries.
func cmdFolder(p *play, c *call) error {
	names, err := c.texts(0)
	if err != nil {
		return err
	}
	path, err := p.inside(names[0])
	if err != nil {
		return err
	}
	if err := p.settleOr("come to rest"); err != nil {
		return err
	}
	entries, err := os.ReadDir(path)
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
