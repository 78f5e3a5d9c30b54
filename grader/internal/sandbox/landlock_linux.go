package sandbox

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Landlock is spoken to directly: go-landlock restricts every thread of a
// process, which takes /proc where it is linked with C, and here is neither
// /proc nor more than one thread that matters.

// leastLandlock is the first version of Landlock with which a program can move
// its files from one of its folders to another.
const leastLandlock = 2

// What may be done to files, by what a Folder allows.
const (
	readRights = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	fileRights = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	writeRights = unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE |
		unix.LANDLOCK_ACCESS_FS_REMOVE_DIR | unix.LANDLOCK_ACCESS_FS_REMOVE_FILE |
		unix.LANDLOCK_ACCESS_FS_MAKE_DIR | unix.LANDLOCK_ACCESS_FS_MAKE_REG |
		unix.LANDLOCK_ACCESS_FS_MAKE_SOCK | unix.LANDLOCK_ACCESS_FS_MAKE_FIFO |
		unix.LANDLOCK_ACCESS_FS_MAKE_SYM | unix.LANDLOCK_ACCESS_FS_REFER
)

// handled are the rights on files that each version knows, from version 1.
var handled = []uint64{
	1<<13 - 1, 1<<14 - 1, 1<<15 - 1, 1<<15 - 1, 1<<16 - 1,
}

// scoped is what versions from 6 on forbid: abstract Unix sockets and signals
// of processes outside.
const (
	scopedFrom = 6
	scoped     = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
)

// landlockVersion is the kernel's.
func landlockVersion() (int, error) {
	v, _, errno := syscall.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return 0, fmt.Errorf("this kernel has none: %w", errno)
	}
	return int(v), nil
}

// landlock leaves the process the jail's folders and nothing else.
func (j *Jail) landlock() error {
	version, err := landlockVersion()
	if err != nil {
		return err
	}
	if version < leastLandlock {
		return fmt.Errorf("this kernel has version %d; the least is %d", version, leastLandlock)
	}
	attr := unix.LandlockRulesetAttr{Handled_access_fs: handled[min(version, len(handled))-1]}
	if version >= scopedFrom {
		attr.Scoped = scoped
	}
	ruleset, _, errno := syscall.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if errno != 0 {
		return fmt.Errorf("new rules: %w", errno)
	}
	defer unix.Close(int(ruleset))
	for _, f := range j.visible() {
		err := f.allow(int(ruleset), attr.Handled_access_fs)
		if errors.Is(err, os.ErrNotExist) && f.Optional {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.To, err)
		}
	}
	if _, _, errno := syscall.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// visible are the folders by the names that they have now. In a root of its own
// the process may read everything, for all of that is the jail's.
func (j *Jail) visible() []Folder {
	var all []Folder
	for _, f := range j.Folders {
		f.To = j.now(f.To)
		all = append(all, f)
	}
	if j.Level == Strong {
		all = append(all, Folder{To: "/"})
		if j.Limits.Temporary > 0 {
			all = append(all, Folder{To: "/tmp", Write: true})
		}
	}
	return all
}

// allow adds a rule for the folder.
func (f Folder) allow(ruleset int, handled uint64) error {
	fd, err := unix.Open(f.To, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return err
	}
	rights := uint64(readRights)
	if f.Write {
		rights |= writeRights
	}
	if f.Exec {
		rights |= unix.LANDLOCK_ACCESS_FS_EXECUTE
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &= fileRights
	}
	attr := unix.LandlockPathBeneathAttr{Allowed_access: rights & handled, Parent_fd: int32(fd)}
	_, _, errno := syscall.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH,
		uintptr(unsafe.Pointer(&attr)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
