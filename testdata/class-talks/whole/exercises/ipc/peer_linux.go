package main

import (
	"net"
	"strconv"
	"syscall"
)

// peerUID returns the number of the user whose process has connected, as the kernel
// says (SO_PEERCRED in unix(7)); "?" where it does not.
func peerUID(conn *net.UnixConn) string {
	uid := "?"
	raw, err := conn.SyscallConn()
	if err != nil {
		return uid
	}
	_ = raw.Control(func(fd uintptr) {
		peer, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
		if err == nil {
			uid = strconv.FormatUint(uint64(peer.Uid), 10)
		}
	})
	return uid
}
