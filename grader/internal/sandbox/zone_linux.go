package sandbox

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// ZoneAttr is how a process is started that is to be alone with its programs:
// in user, network and mount namespaces of its own, in which it has every
// right. Outside it is who the grader is, or nobody where that is root.
func ZoneAttr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWNS,
		Pdeathsig:  unix.SIGKILL,
	}
	uid, gid := os.Geteuid(), os.Getegid()
	if Root() {
		uid, gid = Nobody, Nobody
		attr.GidMappingsEnableSetgroups = true
		attr.Credential = &syscall.Credential{} // root inside
	}
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: gid, Size: 1}}
	return attr
}

// Settle makes a process that was started so ready: its network has a loopback
// interface, and what it mounts is seen by itself and its programs alone. tmp
// becomes a folder of its own with room for so many bytes.
func Settle(tmp string, room int64) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := MountTemporary(tmp, room); err != nil {
		return err
	}
	if err := raiseLoopback(); err != nil {
		return fmt.Errorf("loopback interface: %w", err)
	}
	return nil
}

// MountTemporary mounts a file system of so many bytes on dir, which is gone
// with the last process that sees it. Only links in it are not followed: who
// looks at a stranger's files gets to see those and no others.
func MountTemporary(dir string, room int64) error {
	const flags = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOSYMFOLLOW
	options := fmt.Sprintf("size=%d,nr_inodes=100k,mode=0700", room)
	if err := unix.Mount("wirebook", dir, "tmpfs", flags, options); err != nil {
		return fmt.Errorf("mount a file system in memory on %s: %w", dir, err)
	}
	return nil
}

// Unmount takes away what MountTemporary has mounted.
func Unmount(dir string) error {
	if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
		return fmt.Errorf("unmount %s: %w", dir, err)
	}
	return nil
}

func raiseLoopback() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFFLAGS, lo); err != nil {
		return err
	}
	lo.SetUint16(lo.Uint16() | unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo)
}
