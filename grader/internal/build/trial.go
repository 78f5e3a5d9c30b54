package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"time"

	"wirebook/grader/internal/sandbox"
)

// What shows in an executable of several programs, and not in their texts.

// startBounds are more than what a program of the workbook's needs before its
// func main begins.
var startBounds = sandbox.Limits{Processes: 64, CPU: 1, Data: 80 << 20, Addresses: bounds.Addresses}

// maxStart is the same for processor time.
const maxStart = 100 * time.Millisecond

// try runs the executable as it is, so that only what goes before every program's
// func main is done. That must be nothing that can be noticed, and is the same
// each time: apart has found nothing else in the texts.
func (t *Toolchain) try(ctx context.Context, scratch, path string) error {
	dir := filepath.Dir(path)
	jail := sandbox.Tool(t.level, path, dir, []string{dir}, nil, startBounds)
	out, ended, err := t.enter(ctx, jail, step{tool: path}, place{scratch: scratch, tree: dir})
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return fmt.Errorf("several programs in one executable do not start: %w", err)
	case err != nil:
		return err
	case out != "":
		return errors.New("several programs in one executable print something before they start")
	case ended.UserTime()+ended.SystemTime() > maxStart:
		return errors.New("several programs in one executable take long to start")
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
