// Package files holds the commands about the files in the programs' working
// directory. They reach them through [play.Play.Dir] alone, so neither a script's
// own mistake nor a link that a program has put there leads out of it.
package files

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"wirebook/harness/internal/pieces"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// Commands are the rows of this package.
func Commands() []play.Command { return slices.Concat(fileCommands(), lockCommands) }

// fileCommands are those about files and folders.
func fileCommands() []play.Command {
	return []play.Command{
		play.Row("file PATH [-is BYTES] [-file NAME] [-times N] [-size N] [-mode MODE] [-private] [-match RE] [-grep RE] [-count N] [-sha256 HEX] [-same OTHER] [-differs OTHER] | PATH -socket [-mode MODE] | PATH -absent",
			"Once the programs are at rest, the file below their working directory is a regular one with these contents, size and mode (0600), or a Unix socket, or it is absent. With -private its mode gives nothing to others than its owner. RE of -match matches its beginning; that of -grep, in which ^ and $ are a line's, any place, with -count N exactly N places. OTHER is a file beside it with the same bytes, or with others.",
			cmdFile).Checked(checkFile),
		play.Row("folder DIR [-dots] [NAME...]",
			"Once the programs are at rest, the folder holds exactly these entries; those that begin with a dot count with -dots only.",
			cmdFolder).Checked(localArgument),
		play.Row("write PATH BYTES... [-times N] [-file NAME] [-append] [-size N]",
			"Make a file below the programs' working directory with these contents; with -append they follow those that it has. With -size it is cut to N bytes then, or zeros follow up to them.",
			cmdWrite).Checked(localArgument),
		play.Row("puppet PATH...", puppetDoc, cmdPuppet).Checked(allLocal),
		play.Row("mkdir DIR", "Make a folder, and those above it that are missing.",
			prepared(func(p *play.Play, c *script.Call) error { return p.Dir.MkdirAll(c.Args[0], 0o777) })).Checked(localArgument),
		play.Row("fifo PATH", "Make a named pipe. Where the system has none, the scenario is skipped.",
			prepared(makeFifo)).Checked(localArgument),
		play.Row("symlink PATH TARGET", "Make a symbolic link at PATH.",
			prepared(func(p *play.Play, c *script.Call) error { return p.Dir.Symlink(c.Args[1], c.Args[0]) })).Checked(localArgument),
		play.Row("link OLD NEW", "Make a second name for a file, a hard link.",
			prepared(func(p *play.Play, c *script.Call) error { return p.Dir.Link(c.Args[0], c.Args[1]) })).Checked(localArguments),
		play.Row("rename OLD NEW", "Give a file another name.",
			prepared(func(p *play.Play, c *script.Call) error { return p.Dir.Rename(c.Args[0], c.Args[1]) })).Checked(localArguments),
		play.Row("remove PATH", "Remove a file or an empty folder.",
			prepared(func(p *play.Play, c *script.Call) error { return p.Dir.Remove(c.Args[0]) })).Checked(localArgument),
	}
}

// localArgument is the check that a path stays below the working directory.
func localArgument(c *script.Call) error { return local(c, 0) }

// localArguments is that of two paths.
func localArguments(c *script.Call) error { return errors.Join(local(c, 0), local(c, 1)) }

func local(c *script.Call, argument int) error {
	if name, known := c.Literal(argument); known && !filepath.IsLocal(name) {
		return fmt.Errorf("%q leads out of the working directory", name)
	}
	return nil
}

// prepared is a command that prepares files. Where it fails because of what a
// program has done there, that is the program's failure.
func prepared(do func(*play.Play, *script.Call) error) func(*play.Play, *script.Call) error {
	return func(p *play.Play, c *script.Call) error {
		p.Changed()
		return inTheWay(p, c.Args[0], do(p, c))
	}
}

// inTheWay makes of an error on the way to a name the failure of the program whose
// files stand there, and leaves what the machine is to blame for an error.
func inTheWay(p *play.Play, name string, err error) error {
	if err == nil || len(p.Programs()) == 0 || !theirs(err) {
		return err
	}
	return p.Failf("the scenario needs %s for a file of its own here, but what the program made stands in the way: %v", telling.Quote(name), reason(err))
}

// theirs reports whether an error is about what stands in a folder, and not about
// what the machine or we have run out of.
func theirs(err error) bool {
	for _, kind := range []error{
		fs.ErrNotExist, fs.ErrExist, fs.ErrPermission,
		syscall.EISDIR, syscall.ENOTDIR, syscall.ENOTEMPTY, syscall.ELOOP, syscall.ENXIO, syscall.ETXTBSY, syscall.EXDEV, syscall.ENODEV,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return errEscapes(err)
}

// errEscapes reports whether a link leads out of the working directory, for which
// package os has no error to compare with.
func errEscapes(err error) bool { return strings.Contains(err.Error(), "path escapes") }

// reason is an error without the names that package os puts before it.
func reason(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

func checkFile(c *script.Call) error {
	if err := localArgument(c); err != nil {
		return err
	}
	if c.Has("mode") {
		if _, err := strconv.ParseUint(c.Flag("mode", ""), 8, 32); err != nil {
			return fmt.Errorf("-mode %q is no octal number", c.Flag("mode", ""))
		}
	}
	if c.Has("grep") {
		if _, err := regexp.Compile("(?m)" + c.Flag("grep", "")); err != nil {
			return err
		}
	}
	return nil
}

func cmdFile(p *play.Play, c *script.Call) error {
	return p.See(func() error { return seeFile(p, c) })
}

// seeFile looks at one file. A symbolic link is looked at itself and never followed.
func seeFile(p *play.Play, c *script.Call) error {
	name := c.Args[0]
	info, err := p.Dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.Has("absent"):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return p.Failf("the file %s should be there; it is not", telling.Quote(name))
	case err != nil:
		return unreadable(p, "file", name, err)
	case c.Has("absent"):
		return p.Failf("the file %s should not be there, but it is, with %d bytes", telling.Quote(name), info.Size())
	case c.Has("socket"):
		if info.Mode().Type() != fs.ModeSocket {
			return p.Failf("%s should be a Unix socket, but it is %v", telling.Quote(name), info.Mode())
		}
	case !info.Mode().IsRegular():
		return p.Failf("%s should be a regular file, but it is %v", telling.Quote(name), info.Mode())
	}
	if c.Has("mode") {
		mode, _ := strconv.ParseUint(c.Flag("mode", ""), 8, 32)
		if info.Mode().Perm() != fs.FileMode(mode) && permissionsKnown {
			return p.Failf("the file %s should have the mode %04o; it has %04o", telling.Quote(name), mode, info.Mode().Perm())
		}
	}
	if c.Has("private") && info.Mode().Perm()&0o077 != 0 && permissionsKnown {
		return p.Failf("the file %s should give nothing to others than its owner; its mode is %04o", telling.Quote(name), info.Mode().Perm())
	}
	if size := c.Number("size", 0); c.Has("size") && info.Size() != int64(size) {
		return p.Failf("the file %s should have %d bytes; it has %d", telling.Quote(name), size, info.Size())
	}
	return seeContents(p, c, name, info)
}

// unreadable is the failure of a file or folder that cannot be looked at because of
// what the program made there.
func unreadable(p *play.Play, kind, name string, err error) error {
	var strange strangeError
	if !theirs(err) && !errors.As(err, &strange) {
		return fmt.Errorf("the %s %s cannot be looked at: %w", kind, telling.Quote(name), err)
	}
	return p.Failf("the %s %s cannot be looked at: %v", kind, telling.Quote(name), reason(err))
}

// contents are the ways to ask for what a file holds, by their flags.
var contents = []struct {
	flag string
	see  func(p *play.Play, c *script.Call, name string, data []byte) error
}{
	{"is", seeIs}, {"file", seeIs}, {"match", seeMatch}, {"grep", seeGrep}, {"sha256", seeHash}, {"same", seeSame}, {"differs", seeDiffers},
}

func seeContents(p *play.Play, c *script.Call, name string, info fs.FileInfo) error {
	var data []byte
	for _, way := range contents {
		if !c.Has(way.flag) {
			continue
		}
		if data == nil {
			var err error
			if data, err = readFile(p, name, info); err != nil {
				return unreadable(p, "file", name, err)
			}
		}
		if err := way.see(p, c, name, data); err != nil {
			return err
		}
	}
	return nil
}

// maxFile bounds the bytes of a file that are looked at. A file with holes may say
// that it has any number.
const maxFile = 256 << 20

// A strangeError says what is strange about a file that a program made as no honest
// one does.
type strangeError string

func (e strangeError) Error() string { return string(e) }

// readFile reads the regular file that was seen as info, and not what a program may
// have put in its place since: a link, or a pipe that never ends.
func readFile(p *play.Play, name string, info fs.FileInfo) ([]byte, error) {
	f, err := p.Dir.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	now, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info != nil && !os.SameFile(info, now):
		return nil, strangeError("it was replaced while it was looked at")
	case now.Size() > maxFile:
		return nil, strangeError(fmt.Sprintf("it has %d bytes, far more than it should", now.Size()))
	}
	return io.ReadAll(io.LimitReader(f, maxFile))
}

func seeIs(p *play.Play, c *script.Call, name string, data []byte) error {
	want := append(c.Bytes(len(c.Args)), strings.Repeat(c.Flag("is", ""), c.Number("times", 1))...)
	if bytes.Equal(want, data) {
		return nil
	}
	return p.Compared(fmt.Sprintf("the file %s holds something else than it should (%d bytes where there should be %d)", telling.Quote(name), len(data), len(want)), want, data)
}

func seeMatch(p *play.Play, c *script.Call, name string, data []byte) error {
	re := c.Pattern("match")
	if loc := re.FindIndex(data); loc != nil && loc[0] == 0 {
		return nil
	}
	return p.Failf("the file %s should match %s; it holds %s", telling.Quote(name), telling.Quote(re.String()), p.Short(data))
}

func seeGrep(p *play.Play, c *script.Call, name string, data []byte) error {
	text := c.Pattern("grep").String()
	found := len(regexp.MustCompile("(?m)"+text).FindAllIndex(data, -1))
	switch want := c.Number("count", 1); {
	case !c.Has("count") && found > 0 || c.Has("count") && found == want:
		return nil
	case found == 0:
		return p.Failf("the file %s should have a line that matches %s; it holds %s", telling.Quote(name), telling.Quote(text), p.Short(data))
	case want == 0:
		return p.Failf("nothing in the file %s should match %s; it holds %s", telling.Quote(name), telling.Quote(text), p.Short(data))
	default:
		return p.Failf("%s should match %d times in the file %s, but it does %d times; it holds %s", telling.Quote(text), want, telling.Quote(name), found, p.Short(data))
	}
}

func seeHash(p *play.Play, c *script.Call, name string, data []byte) error {
	sum := sha256.Sum256(data)
	want, got := c.Flag("sha256", ""), hex.EncodeToString(sum[:])
	if got == want {
		return nil
	}
	return p.Failf("the file %s should have the SHA-256 %s; it has %s, in %d bytes", telling.Quote(name), want, got, len(data))
}

func seeSame(p *play.Play, c *script.Call, name string, data []byte) error {
	other := c.Flag("same", "")
	want, err := readFile(p, other, nil)
	if err != nil {
		return unreadable(p, "file", other, err)
	}
	if bytes.Equal(data, want) {
		return nil
	}
	return p.Compared(fmt.Sprintf("the file %s should hold the same as %s", telling.Quote(name), telling.Quote(other)), want, data)
}

func seeDiffers(p *play.Play, c *script.Call, name string, data []byte) error {
	other := c.Flag("differs", "")
	same, err := readFile(p, other, nil)
	if err != nil {
		return unreadable(p, "file", other, err)
	}
	if !bytes.Equal(data, same) {
		return nil
	}
	return p.Failf("the file %s should hold something else than %s; both hold %s", telling.Quote(name), telling.Quote(other), p.Short(data))
}

func cmdWrite(p *play.Play, c *script.Call) error {
	p.Changed()
	return inTheWay(p, c.Args[0], write(p, c))
}

func write(p *play.Play, c *script.Call) error {
	data, times := c.Repeated(1)
	start := os.O_TRUNC
	if c.Has("append") {
		start = os.O_APPEND
	}
	file, err := p.Dir.OpenFile(c.Args[0], os.O_WRONLY|os.O_CREATE|start|nonblock, 0o600)
	if err != nil {
		return err
	}
	defer file.Close() // an error of its own is returned below
	block, blocks, rest := pieces.InBlocks(data, times)
	for range blocks {
		if _, err := file.Write(block); err != nil {
			return err
		}
	}
	if _, err := file.Write(rest); err != nil {
		return err
	}
	if c.Has("size") {
		// A hole behind the contents reads as zeros and takes no room.
		if err := file.Truncate(int64(c.Number("size", 0))); err != nil {
			return err
		}
	}
	return file.Close()
}

func cmdFolder(p *play.Play, c *script.Call) error {
	name, want := c.Args[0], slices.Sorted(slices.Values(c.Args[1:]))
	return p.See(func() error {
		entries, err := readDir(p, name)
		if err != nil {
			return unreadable(p, "folder", name, err)
		}
		var found []string
		for _, e := range entries {
			if c.Has("dots") || !strings.HasPrefix(e.Name(), ".") {
				found = append(found, e.Name())
			}
		}
		slices.Sort(found)
		if slices.Equal(want, found) {
			return nil
		}
		return p.Failf("the folder %s should hold %s; it holds %s", telling.Quote(name), telling.List(want), telling.List(found))
	})
}

func readDir(p *play.Play, name string) ([]fs.DirEntry, error) {
	f, err := p.Dir.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}
