package build

import (
	"bytes"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"wirebook/grader/internal/sandbox"
)

// What shows in an executable of several programs, and not in their texts.

// startBounds are more than what a program of the workbook's needs before its
// func main begins.
var startBounds = sandbox.Limits{Processes: 64, CPU: 1, Data: 80 << 20, Addresses: bounds.Addresses}

// maxStart is the same for processor time.
const maxStart = 100 * time.Millisecond

// maxKept is how many bytes the variables of all programs may have, of each kind,
// and how many these may take before a func main begins: so few that no program
// comes nearer to a limit of memory by what another keeps. A limit of the system's
// would be too coarse, for Go claims its memory in pieces of 64 MiB.
const maxKept = 1 << 20

// try runs the executable as it is, so that only what goes before every program's
// func main is done. That must be nothing that can be noticed, and is the same
// each time: apart has found nothing else in the texts.
func (t *Toolchain) try(ctx context.Context, scratch, path string) error {
	dir := filepath.Dir(path)
	jail := sandbox.Tool(t.level, path, dir, []string{dir}, nil, startBounds)
	traced := step{tool: path, env: []string{"GODEBUG=inittrace=1"}}
	out, ended, err := t.enter(ctx, jail, traced, place{scratch: scratch, tree: dir})
	kept, printed := readTrace(out)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return fmt.Errorf("several programs in one executable do not start: %w", err)
	case err != nil:
		return err
	case printed:
		return errors.New("several programs in one executable print something before they start")
	case kept > maxKept:
		return errors.New("several programs in one executable take much memory before they start")
	case ended.UserTime()+ended.SystemTime() > maxStart:
		return errors.New("several programs in one executable take long to start")
	}
	return nil
}

// initialised is a line of what Go's runtime says about a package that it has
// initialised (inittrace in package runtime).
var initialised = regexp.MustCompile(`^init (\S+) @\S+ ms, \S+ ms clock, (\d+) bytes, \d+ allocs\n$`)

// readTrace returns how many bytes the programs have taken, and whether something
// was printed besides.
func readTrace(out string) (taken int, printed bool) {
	for line := range strings.Lines(out) {
		m := initialised.FindStringSubmatch(line)
		if m == nil {
			return 0, true
		}
		if strings.HasPrefix(m[1], pathOf("")) {
			taken += number(m[2])
		}
	}
	return taken, false
}

// randomness is how many bytes the variables of crypto/rand have, in which nothing
// points to anything: they are there, and do not make more of Go's garbage.
const randomness = 32 << 20

// weigh returns an error where an executable has large variables.
func weigh(executable []byte) error {
	file, err := elf.NewFile(bytes.NewReader(executable))
	if err != nil {
		return err
	}
	for _, s := range file.Sections {
		most := uint64(maxKept)
		if s.Name == ".noptrbss" {
			most += randomness
		}
		if s.Flags&elf.SHF_WRITE != 0 && s.Size > most {
			return errors.New("several programs in one executable have large variables")
		}
	}
	return nil
}

// errTells is why a program of which tells is true is linked by itself.
var errTells = errors.New("names of its types tell the path of its package")

// tells reports whether an executable has a name of a type in which a package's
// path stands. The name of a type is said with the package's name, but in that
// of a generic one its arguments are said with the path, as in
// atomic.Pointer[sub/chat.user]. Go writes such a name with its length and a
// star before it; the names of functions have no star there, and types with
// go.shape in their names are the compiler's own, which no value has.
func tells(executable []byte, path string) bool {
	for rest := executable; ; {
		at := bytes.Index(rest, []byte(path+"."))
		if at < 0 {
			return false
		}
		begin, end := at, at
		for begin > 0 && printed(rest[begin-1]) {
			begin--
		}
		for end < len(rest) && printed(rest[end]) {
			end++
		}
		text := rest[begin:end]
		if bytes.IndexByte(text[:min(len(text), starred)], '*') >= 0 && !bytes.Contains(text, []byte("go.shape.")) {
			return true
		}
		rest = rest[end:] // one look at each text, however often the path stands in it
	}
}

// printed reports whether a byte may be one of a name.
func printed(b byte) bool { return b >= ' ' }

// starred is how many bytes a name's length, where it looks printed, and its star
// are at most.
const starred = 3
