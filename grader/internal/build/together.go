package build

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"wirebook/grader/internal/source"
)

// A Batch is the programs of one submission, and never of two. Most of them are
// linked to one executable, which costs one link instead of as many as there are
// programs, and each gets a copy of that which begins with its func main. A
// program that the others could notice there, or that could notice them, is
// linked by itself (apart.go says which), and so is all that goes another way
// than it should.
type Batch struct {
	tools    *Toolchain
	programs map[string]source.Files

	mu     sync.Mutex
	joined *joined // nil before the first is asked for
	share  time.Duration
	dir    string // of the executable that they share
}

// Together returns the programs, by name, as a batch. They are compiled when the
// first of them is asked for. Close removes what they share.
func (t *Toolchain) Together(programs map[string]source.Files) *Batch {
	return &Batch{tools: t, programs: programs}
}

// Close removes what the programs share. The executables that were made stay.
func (b *Batch) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dir == "" {
		return nil
	}
	return os.RemoveAll(b.dir)
}

// Build makes a program of the batch the executable target, as Toolchain.Build
// does, and returns how long that took: what was done for all counts in equal
// parts.
func (b *Batch) Build(ctx context.Context, name, target string) (took time.Duration, err error) {
	j, share, err := b.join(ctx)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	files, there := b.programs[name]
	if !there {
		return 0, errUnknown
	}
	switch {
	case j.joins(name):
		err = j.split(name, target)
		return share + time.Since(start), err
	case j.refused[name] == nil:
		err = b.tools.Build(ctx, files, target)
	case errors.As(j.refused[name], new(*Error)):
		err = j.refused[name]
	default:
		err = b.tools.buildByGo(ctx, files, target)
	}
	return time.Since(start), err
}

// Apart returns why a program is linked by itself, nil where it is not.
func (b *Batch) Apart(ctx context.Context, name string) error {
	j, _, err := b.join(ctx)
	if err != nil {
		return err
	}
	if j.joins(name) {
		return nil
	}
	return cmp.Or(j.apart[name], j.refused[name], errUnknown)
}

// join links what can be linked together, once. An error is no program's fault.
func (b *Batch) join(ctx context.Context) (j *joined, share time.Duration, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.joined != nil {
		return b.joined, b.share, nil
	}
	start := time.Now()
	if b.dir == "" {
		if b.dir, err = os.MkdirTemp("", "wirebook-batch-"); err != nil {
			return nil, 0, err
		}
	}
	j, err = b.tools.join(ctx, b.programs, filepath.Join(b.dir, "shared.exe"))
	if err != nil {
		return nil, 0, err
	}
	b.joined, b.share = j, time.Since(start)
	if j.layout != nil {
		b.share /= time.Duration(len(j.layout.mains))
	}
	return j, b.share, nil
}

// split copies the executable to target and makes it that of one program.
func (j *joined) split(name, target string) error {
	from, err := os.Open(j.path)
	if err != nil {
		return err
	}
	defer from.Close()
	names := make([]byte, j.layout.names.size)
	if _, err := from.ReadAt(names, j.layout.names.at); err != nil {
		return err
	}
	to, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err == nil {
		_, err = to.WriteAt(j.layout.mains[name], j.layout.start)
	}
	if err == nil {
		_, err = to.WriteAt(renamed(names, pathOf(name)), j.layout.names.at)
	}
	return errors.Join(err, to.Close())
}
