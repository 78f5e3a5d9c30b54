//go:build !linux

package workdir

import "path/filepath"

// Reach calls use with the path of what stands at name.
func (d *Dir) Reach(name string, use func(path string) error) error {
	if _, err := d.Lstat(name); err != nil {
		return err
	}
	return use(filepath.Join(d.Path, name))
}

// ReachNew is Reach for something that use makes at name.
func (d *Dir) ReachNew(name string, use func(path string) error) error {
	return use(filepath.Join(d.Path, name))
}
