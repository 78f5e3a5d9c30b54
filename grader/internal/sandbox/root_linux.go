package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// base is where the new root is put together. What was there is hidden from the
// child alone, and looked up before.
const base = "/proc"

// moveIn makes what the jail shows the whole file system. A process may do that
// in user and mount namespaces of its own.
func (j *Jail) moveIn(s *plan) error {
	s.do("name the host", unix.SYS_SETHOSTNAME, "localhost", len("localhost"))
	s.do("make mounts private", unix.SYS_MOUNT, "", "/", "", unix.MS_REC|unix.MS_PRIVATE, 0)
	// A folder comes before those inside of it.
	folders := slices.Clone(j.Folders)
	slices.SortStableFunc(folders, func(a, b Folder) int { return len(a.To) - len(b.To) })
	b := builder{plan: s, made: make(map[string]bool)}
	if err := b.take(folders); err != nil {
		return err
	}
	s.do("make a new root", unix.SYS_MOUNT, "root", base, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "size=1m,nr_inodes=1k,mode=0755")
	b.attach()
	for name, text := range j.Files {
		b.file(base+name, text)
	}
	for name, target := range j.Links {
		b.link(base+name, target)
	}
	b.linkNumber(base + "/proc/")
	if j.Limits.Temporary > 0 {
		b.folder(base + "/tmp")
		options := fmt.Sprintf("size=%d,nr_inodes=10k,mode=1777", j.Limits.Temporary)
		s.do("mount /tmp", unix.SYS_MOUNT, "tmp", base+"/tmp", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, options)
	}
	readOnly := keep(s, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOEXEC})
	s.do("make the root read-only", unix.SYS_MOUNT_SETATTR, unix.AT_FDCWD, base, 0, unsafe.Pointer(readOnly), unsafe.Sizeof(*readOnly))
	// The old root goes on top of the new one, and then away.
	s.do("enter the new root", unix.SYS_CHDIR, base)
	s.do("change the root", unix.SYS_PIVOT_ROOT, ".", ".")
	s.do("leave the old root", unix.SYS_UMOUNT2, ".", unix.MNT_DETACH)
	s.do("enter the working directory", unix.SYS_CHDIR, j.Dir)
	return nil
}

// A builder puts a root together.
type builder struct {
	*plan
	made  map[string]bool // folders and files
	trees []tree
}

// A tree is a folder that was taken out of the old root, on its way into the
// new one.
type tree struct {
	Folder
	fd  *uintptr
	dir bool
}

// take takes the folders out of the old root.
func (b *builder) take(folders []Folder) error {
	for _, f := range folders {
		info, err := os.Stat(f.From)
		if errors.Is(err, fs.ErrNotExist) && f.Optional {
			continue
		}
		if err != nil {
			return err
		}
		// Who looks at the folder from outside may have forbidden itself to
		// follow links in it. The program may follow its own.
		attr := &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_NOSUID, Attr_clr: unix.MOUNT_ATTR_NOSYMFOLLOW}
		for flag, on := range map[uint64]bool{
			unix.MOUNT_ATTR_NODEV:  info.Mode()&fs.ModeDevice == 0,
			unix.MOUNT_ATTR_RDONLY: !f.Write,
			unix.MOUNT_ATTR_NOEXEC: !f.Exec,
		} {
			if on {
				attr.Attr_set |= flag
			}
		}
		t := tree{Folder: f, fd: new(uintptr), dir: info.IsDir()}
		b.do("take "+f.From, unix.SYS_OPEN_TREE, unix.AT_FDCWD, f.From,
			unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE).save = t.fd
		b.do("bound "+f.From, unix.SYS_MOUNT_SETATTR, t.fd, "", unix.AT_EMPTY_PATH|unix.AT_RECURSIVE,
			unsafe.Pointer(keep(b.plan, attr)), unsafe.Sizeof(*attr))
		b.trees = append(b.trees, t)
	}
	return nil
}

// attach puts the folders into the new root.
func (b *builder) attach() {
	for _, t := range b.trees {
		target := filepath.Join(base, t.To)
		if t.dir {
			b.folder(target)
		} else {
			b.file(target, "")
		}
		b.do("mount "+t.To, unix.SYS_MOVE_MOUNT, t.fd, "", unix.AT_FDCWD, target, unix.MOVE_MOUNT_F_EMPTY_PATH)
	}
}

// folder makes a folder, and those above it.
func (b *builder) folder(name string) {
	if name == base || b.made[name] {
		return
	}
	b.made[name] = true
	b.folder(path.Dir(name))
	// It is there where it lies in a folder of the machine's.
	b.do("make "+name, unix.SYS_MKDIRAT, unix.AT_FDCWD, name, 0o755).expect = whatever
}

// link makes a symbolic link, and the folders above it.
func (b *builder) link(name, target string) {
	b.folder(path.Dir(name))
	b.do("make "+name, unix.SYS_SYMLINKAT, target, unix.AT_FDCWD, name)
}

// linkNumber makes what a process finds by its number what it finds as self.
func (b *builder) linkNumber(dir string) {
	if !b.made[dir+"self"] {
		return
	}
	name := make([]byte, len(dir)+len(decimal{}))
	number := (*decimal)(name[copy(name, dir):])
	b.do("know its number", unix.SYS_GETPID).write = number
	b.do("link its number", unix.SYS_SYMLINKAT, "self", unix.AT_FDCWD, unsafe.Pointer(keep(b.plan, &name[0])))
}

// file makes a file with this text, and the folders above it.
func (b *builder) file(name, text string) {
	b.folder(path.Dir(name))
	b.write("make "+name, name, text, unix.O_CREAT)
}
