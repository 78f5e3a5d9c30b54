//go:build !linux

package play

import "path/filepath"

// Reach calls use with the path of what stands at name below the programs' working
// directory.
func (p *Play) Reach(name string, use func(path string) error) error {
	if _, err := p.Root.Lstat(name); err != nil {
		return err
	}
	return use(filepath.Join(p.dir, name))
}

// Make is Reach for something that use makes at name.
func (p *Play) Make(name string, use func(path string) error) error {
	return use(filepath.Join(p.dir, name))
}
