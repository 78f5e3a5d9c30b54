package workdir

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Reach calls use with a path of what stands at name, for system calls that package os
// has not. No link is followed there, and the path is short: a Unix socket's address
// holds 107 bytes.
func (d *Dir) Reach(name string, use func(path string) error) error {
	const onlyPath = 0x200000 // O_PATH
	f, err := d.OpenFile(name, onlyPath|syscall.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return use(byDescriptor(f))
}

// ReachNew is Reach for something that use makes at name.
func (d *Dir) ReachNew(name string, use func(path string) error) error {
	parent, err := d.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer parent.Close()
	return use(filepath.Join(byDescriptor(parent), filepath.Base(name)))
}

func byDescriptor(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }
