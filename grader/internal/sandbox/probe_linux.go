package sandbox

import (
	"encoding/binary"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// write adds to a plan what the probe tries. All walls of the jail are up by
// then, and the child stands behind them as a program would.
func (p *Probe) write(s *plan, j *Jail) {
	refused := func(what string, number uintptr, args ...any) { s.do(what, number, args...).expect = refusal }

	fd := s.open("write a file of its own", "probe", unix.O_WRONLY|unix.O_CREAT)
	s.do("write a file of its own", unix.SYS_WRITE, fd, "x", 1)
	// Before the probe listens itself: it could get the same port on its own network.
	if addr, err := netip.ParseAddrPort(p.Listener); err == nil {
		socket := new(uintptr)
		s.do("make a socket", unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM, 0).save = socket
		refused("reach the machine's network", unix.SYS_CONNECT, socket, s.address(addr), sizeofAddress)
	}
	listener := new(uintptr)
	s.do("make a socket", unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM, 0).save = listener
	s.do("bind a socket", unix.SYS_BIND, listener, s.address(netip.MustParseAddrPort("127.0.0.1:0")), sizeofAddress)
	s.do("listen", unix.SYS_LISTEN, listener, 1)

	refused("open a file of the machine's", unix.SYS_OPENAT, unix.AT_FDCWD, p.Secret, unix.O_RDONLY, 0)
	refused("write beside its own files", unix.SYS_OPENAT, unix.AT_FDCWD, "/probe", unix.O_WRONLY|unix.O_CREAT, 0o600)
	if j.Profile == (Profile{}) {
		refused("change the mode of a file of the machine's", unix.SYS_FCHMODAT, unix.AT_FDCWD, p.Secret, 0o600)
		refused("start a process", unix.SYS_CLONE, int(unix.SIGCHLD), 0, 0, 0, 0)
		refused("execute another program", unix.SYS_EXECVE, j.now(j.Program), 0, 0)
		refused("signal other processes", unix.SYS_KILL, ^uintptr(0), 0)
		refused("ask for the sockets of others", unix.SYS_SOCKET, unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_SOCK_DIAG)
	}
	refused("trace a process", unix.SYS_PTRACE, unix.PTRACE_TRACEME)
	refused("mount a file system", unix.SYS_MOUNT, "none", ".", "tmpfs", 0, 0)
	refused("make a namespace", unix.SYS_UNSHARE, unix.CLONE_NEWUSER)
	refused("become another user", unix.SYS_SETUID, 0)
	refused("make raw packets", unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP)
	s.do("end", unix.SYS_EXIT_GROUP, 0)
}

const sizeofAddress = unix.SizeofSockaddrInet4

// address keeps an address as the kernel reads it.
func (s *plan) address(addr netip.AddrPort) unsafe.Pointer {
	raw := keep(s, &unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: addr.Addr().As4()})
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&raw.Port))[:], addr.Port())
	return unsafe.Pointer(raw)
}
