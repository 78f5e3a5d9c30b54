// Package cache keeps what became of a lesson's program, so that the same code
// is built and played once.
//
// An entry is found again only by the same files, played on the same lesson of
// the same workbook with the same seed, at the same level of the sandbox, built
// by the same Go and graded by the same grader. It knows nothing of whose
// program it is. The folder can be deleted at any time, and any number of
// graders can use it at once: entries appear whole, and one that is damaged is
// as good as none.
//
// The folder is no place for secrets and proves nothing against a program that
// ran with the user's rights: whoever accepts the level plain accepts that.
package cache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"wirebook/grader/internal/scratch"
)

// Variable is the environment variable that names the folder; Off says that
// nothing is kept.
const (
	Variable = "WIREBOOK_CACHE"
	Off      = "off"
)

// maxUnused is how long an entry is kept that nobody asks for.
const maxUnused = 30 * 24 * time.Hour

// A Cache finds entries. Its methods are safe for concurrent use, and those of
// a nil Cache find nothing.
type Cache struct {
	dir    string
	grader func() (string, error) // the hash of the executable that grades

	turns sync.Map // by an entry's name: whose turn it is to find it out
}

// Open returns the user's cache, or nil where there is none and none can be
// made: then everything is found out each time. Entries that nobody has asked
// for in a long time are removed.
func Open() *Cache {
	dir := os.Getenv(Variable)
	if dir == Off {
		return nil
	}
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(user, "wirebook", "results")
	}
	return openAt(dir, sync.OnceValues(executable))
}

func openAt(dir string, grader func() (string, error)) *Cache {
	if scratch.Keep(dir, maxUnused) != nil {
		return nil
	}
	return &Cache{dir: dir, grader: grader}
}

// Do returns the entry that is kept under key, or else what find finds out. An
// entry that find is certain of is kept. Who asks for what another is finding
// out waits for it, and finds it out itself only where the other has kept none or
// ctx ends.
func (c *Cache) Do(ctx context.Context, key Key, find func() (e Entry, certain bool)) Entry {
	name, err := c.name(key)
	if err != nil {
		e, _ := find()
		return e
	}
	turn, _ := c.turns.LoadOrStore(name, make(chan struct{}, 1))
	select {
	case turn.(chan struct{}) <- struct{}{}:
		defer func() { <-turn.(chan struct{}) }()
	case <-ctx.Done():
	}
	if e, ok := c.read(name); ok {
		return e
	}
	e, certain := find()
	if certain {
		c.write(name, e)
	}
	return e
}

// errNone says that there is no cache.
var errNone = errors.New("nothing is kept")

// name is what the entry of a key is called, for this grader.
func (c *Cache) name(key Key) (string, error) {
	if c == nil {
		return "", errNone
	}
	grader, err := c.grader()
	return key.digest(grader), err
}
