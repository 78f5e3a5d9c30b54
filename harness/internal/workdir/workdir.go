// Package workdir makes the working directory of a play's programs and reaches what
// stands in it. Programs may put anything there, links too. So we open and change what
// is there by an [os.Root], out of which no link leads; where only a path will do,
// [Dir.Reach] and [Dir.ReachNew] lend one that no link turns elsewhere.
package workdir

import (
	"errors"
	"os"
)

// A Dir is a working directory.
type Dir struct {
	*os.Root
	Path    string
	unmount func() error // nil where nothing is mounted there
}

// Make makes the directory at path. mount, where it is not nil, is called before
// anything is in it, what it returns when the directory is closed.
func Make(path string, mount func(dir string) (unmount func() error, err error)) (*Dir, error) {
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, err
	}
	d := &Dir{Path: path}
	var err error
	if mount != nil {
		if d.unmount, err = mount(path); err != nil {
			return nil, err
		}
	}
	if d.Root, err = os.OpenRoot(path); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close lets go of the directory. It is called when all programs are dead.
func (d *Dir) Close() error {
	if d.Root != nil {
		d.Root.Close()
	}
	if d.unmount != nil {
		return d.unmount()
	}
	return nil
}
