package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Landlock is spoken to directly: go-landlock restricts the threads of a running
// process, and a child that has not become a program yet has none to speak of.

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

// landlock leaves the child the jail's folders and nothing else.
func (j *Jail) landlock(s *plan) error {
	version, err := landlockVersion()
	if err != nil {
		return err
	}
	if version < leastLandlock {
		return fmt.Errorf("this kernel has version %d; the least is %d", version, leastLandlock)
	}
	attr := keep(s, &unix.LandlockRulesetAttr{Handled_access_fs: handled[min(version, len(handled))-1]})
	if version >= scopedFrom {
		attr.Scoped = scoped
	}
	ruleset := new(uintptr)
	s.do("make file rules", unix.SYS_LANDLOCK_CREATE_RULESET, unsafe.Pointer(attr), unsafe.Sizeof(*attr), 0).save = ruleset
	for _, f := range j.Folders {
		if err := j.allow(s, ruleset, attr.Handled_access_fs, f); err != nil {
			return err
		}
	}
	if j.Level == Strong {
		for name := range j.Files {
			s.allow(ruleset, name, unix.LANDLOCK_ACCESS_FS_READ_FILE)
		}
		if j.Limits.Temporary > 0 {
			s.allow(ruleset, "/tmp", (readRights|writeRights)&attr.Handled_access_fs)
		}
	}
	s.do("obey file rules", unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)
	s.do("close file rules", unix.SYS_CLOSE, ruleset)
	return nil
}

// allow adds a rule for a folder.
func (j *Jail) allow(s *plan, ruleset *uintptr, handled uint64, f Folder) error {
	info, err := os.Stat(f.From)
	if f.Closed || errors.Is(err, fs.ErrNotExist) && f.Optional {
		return nil
	}
	if err != nil {
		return err
	}
	rights := uint64(readRights)
	if f.Write {
		rights |= writeRights
	}
	if f.Exec {
		rights |= unix.LANDLOCK_ACCESS_FS_EXECUTE
	}
	if !info.IsDir() {
		rights &= fileRights
	}
	s.allow(ruleset, j.now(f.To), rights&handled)
	return nil
}

func (s *plan) allow(ruleset *uintptr, name string, rights uint64) {
	what := "allow " + name
	attr := keep(s, &unix.LandlockPathBeneathAttr{Allowed_access: rights})
	fd := new(uintptr)
	open := s.do(what, unix.SYS_OPENAT, unix.AT_FDCWD, name, unix.O_PATH|unix.O_CLOEXEC, 0)
	open.save, open.patch = fd, &attr.Parent_fd
	s.do(what, unix.SYS_LANDLOCK_ADD_RULE, ruleset, unix.LANDLOCK_RULE_PATH_BENEATH, unsafe.Pointer(attr), 0)
	s.do(what, unix.SYS_CLOSE, fd)
}
