package follow

import "golang.org/x/sys/unix"

// kinds are file systems on which others may change a file without the kernel's
// knowing, by the numbers that statfs gives them.
var kinds = map[uint32]string{
	unix.NFS_SUPER_MAGIC:  "NFS",
	unix.SMB_SUPER_MAGIC:  "a Windows share",
	0xff534d42:            "a Windows share", // CIFS
	0xfe534d42:            "a Windows share", // SMB 2
	unix.V9FS_MAGIC:       "9P",              // of Windows, in its Linux
	unix.FUSE_SUPER_MAGIC: "FUSE",
	0x786f4256:            "a shared folder of VirtualBox",
}

// network returns the kind of the file system that tells of no changes, "" of one
// that does.
func network(folder string) string {
	var stat unix.Statfs_t
	if unix.Statfs(folder, &stat) != nil {
		return ""
	}
	return kinds[uint32(stat.Type)]
}
