package main

import (
	"net"
	"strconv"
	"syscall"
	"unsafe"
)

// From <sys/un.h>.
const (
	solLocal      = 0 // SOL_LOCAL
	localPeercred = 1 // LOCAL_PEERCRED
)

// xucred is struct xucred of <sys/ucred.h>.
type xucred struct {
	version uint32
	uid     uint32
	ngroups int16
	groups  [16]uint32
}

// peerUID returns the number of the user whose process has connected, as the kernel
// says (LOCAL_PEERCRED in unix(4)); "?" where it does not.
func peerUID(conn *net.UnixConn) string {
	uid := "?"
	raw, err := conn.SyscallConn()
	if err != nil {
		return uid
	}
	_ = raw.Control(func(fd uintptr) {
		var peer xucred
		size := uint32(unsafe.Sizeof(peer))
		_, _, errno := syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, solLocal, localPeercred,
			uintptr(unsafe.Pointer(&peer)), uintptr(unsafe.Pointer(&size)), 0)
		if errno == 0 && peer.version == 0 {
			uid = strconv.FormatUint(uint64(peer.uid), 10)
		}
	})
	return uid
}
