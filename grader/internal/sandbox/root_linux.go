package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// base is where the new root is put together. What was there is hidden from
// this process alone, and looked up before.
const base = "/proc"

// A tree is a folder that was taken out of the old root, on its way into the
// new one.
type tree struct {
	fd     int
	target string
	folder bool
}

// moveIn makes what the jail shows the whole file system. It takes more
// privilege than a user's, which a process has in a user namespace of its own.
func (j *Jail) moveIn() error {
	if j.Level != Strong {
		return nil
	}
	if err := unix.Sethostname([]byte("localhost")); err != nil {
		return fmt.Errorf("host name: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	trees, err := j.take()
	if err != nil {
		return err
	}
	if err := unix.Mount("root", base, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=1m,nr_inodes=1k,mode=0755"); err != nil {
		return fmt.Errorf("new root: %w", err)
	}
	for _, t := range trees {
		if err := t.attach(); err != nil {
			return err
		}
	}
	if err := j.furnish(); err != nil {
		return err
	}
	readOnly := &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOEXEC}
	if err := unix.MountSetattr(unix.AT_FDCWD, base, 0, readOnly); err != nil {
		return fmt.Errorf("make the root read-only: %w", err)
	}
	return j.pivot()
}

// take takes the folders out of the old root.
func (j *Jail) take() ([]tree, error) {
	var trees []tree
	// A folder comes before those inside of it.
	folders := slices.Clone(j.Folders)
	slices.SortStableFunc(folders, func(a, b Folder) int { return len(a.To) - len(b.To) })
	for _, f := range folders {
		t, err := f.take()
		if errors.Is(err, unix.ENOENT) && f.Optional {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.From, err)
		}
		trees = append(trees, t)
	}
	return trees, nil
}

func (f Folder) take() (tree, error) {
	var stat unix.Stat_t
	if err := unix.Stat(f.From, &stat); err != nil {
		return tree{}, err
	}
	fd, err := unix.OpenTree(unix.AT_FDCWD, f.From, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE)
	if err != nil {
		return tree{}, err
	}
	attr := &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_NOSUID}
	kind := stat.Mode & unix.S_IFMT
	if kind != unix.S_IFCHR {
		attr.Attr_set |= unix.MOUNT_ATTR_NODEV
	}
	if !f.Write {
		attr.Attr_set |= unix.MOUNT_ATTR_RDONLY
	}
	if !f.Exec {
		attr.Attr_set |= unix.MOUNT_ATTR_NOEXEC
	}
	// Who looks at the folder from outside may have forbidden itself to
	// follow links in it. The program may follow its own.
	attr.Attr_clr = unix.MOUNT_ATTR_NOSYMFOLLOW
	if err := unix.MountSetattr(fd, "", unix.AT_EMPTY_PATH|unix.AT_RECURSIVE, attr); err != nil {
		return tree{}, err
	}
	return tree{fd, filepath.Join(base, f.To), kind == unix.S_IFDIR}, nil
}

// attach puts the tree into the new root.
func (t tree) attach() error {
	defer unix.Close(t.fd)
	if t.folder {
		if err := os.MkdirAll(t.target, 0o755); err != nil {
			return err
		}
	} else if err := newFile(t.target, ""); err != nil {
		return err
	}
	if err := unix.MoveMount(t.fd, "", unix.AT_FDCWD, t.target, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		return fmt.Errorf("mount %s: %w", t.target, err)
	}
	return nil
}

// furnish makes the jail's own files.
func (j *Jail) furnish() error {
	for name, text := range j.Files {
		if err := newFile(filepath.Join(base, name), text); err != nil {
			return err
		}
	}
	if j.Limits.Temporary == 0 {
		return nil
	}
	tmp := filepath.Join(base, "tmp")
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return err
	}
	options := fmt.Sprintf("size=%d,nr_inodes=10k,mode=1777", j.Limits.Temporary)
	if err := unix.Mount("tmp", tmp, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, options); err != nil {
		return fmt.Errorf("mount /tmp: %w", err)
	}
	return nil
}

func newFile(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o444)
}

// pivot makes base the root, and leaves nothing of the old one.
func (j *Jail) pivot() error {
	if err := unix.Chdir(base); err != nil {
		return err
	}
	// The old root goes on top of the new one, and then away.
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("change the root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("leave the old root: %w", err)
	}
	if err := unix.Chdir(j.Dir); err != nil {
		return fmt.Errorf("working directory %s: %w", j.Dir, err)
	}
	return nil
}
