package sandbox

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"unsafe"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/sys/unix"
)

// A supervisor does for a program of the profile sockets at Reduced what must be judged
// by a path: to connect to a Unix socket and to change its mode. The program sees the
// names of the machine's files there, so by a Unix socket it could reach the machine's
// daemons. Landlock judges where such a socket is made and not where one connects to,
// and a filter of system calls cannot read the path. So the filter has the kernel ask
// us (seccomp_unotify(2)). To say "go on" would not do: the program could change the
// path meanwhile. We copy the path, look where it leads, connect a socket of ours to
// what we have found there, and put that in the place of the program's. (Nor would
// pidfd_getfd(2) do, by which we could connect its own: Docker forbids it.)
type supervisor struct {
	dir    string   // below which a program may connect
	way    *os.File // on which the child hands over the listener
	theirs *os.File // the child's end of it
}

// newSupervisor is for a program with this working directory.
func newSupervisor(dir string) (v supervisor, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return v, fmt.Errorf("supervisor: %w", err)
	}
	return supervisor{dir, os.NewFile(uintptr(pair[0]), "supervisor"), os.NewFile(uintptr(pair[1]), "supervisor")}, nil
}

// close closes the way.
func (v *supervisor) close() {
	v.way.Close()
	v.theirs.Close()
}

// rights are a control message with one descriptor (cmsg(3)).
type rights struct {
	header unix.Cmsghdr
	fd     int32
}

// handOver adds the step that sends the listener to the supervisor. Its number is
// put into the message by the step that makes it.
func (s *plan) handOver(listener *step) {
	message := keep(s, &rights{header: unix.Cmsghdr{Level: unix.SOL_SOCKET, Type: unix.SCM_RIGHTS}})
	message.header.SetLen(unix.CmsgLen(4))
	listener.patch = &message.fd
	data := keep(s, &unix.Iovec{Base: keep(s, new(byte))})
	data.SetLen(1)
	header := keep(s, &unix.Msghdr{Iov: data, Control: (*byte)(unsafe.Pointer(message))})
	header.SetIovlen(1)
	header.SetControllen(unix.CmsgSpace(4))
	s.do("hand over what asks for connections", unix.SYS_SENDMSG, s.supervisor, unsafe.Pointer(header), 0)
}

// begin takes the listener, which the child has handed over before it became the
// program, and answers until that ends. It returns a release of the jail that waits
// for it, too.
func (v *supervisor) begin(pid int, release func() error) (func() error, error) {
	control := make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(int(v.way.Fd()), make([]byte, 1), control, unix.MSG_CMSG_CLOEXEC)
	if err != nil {
		return release, fmt.Errorf("supervisor: %w", err)
	}
	messages, err := unix.ParseSocketControlMessage(control[:n])
	if err != nil || len(messages) != 1 {
		return release, fmt.Errorf("supervisor: %d messages came, %v", len(messages), err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return release, fmt.Errorf("supervisor: %w", err)
	}
	c := &connector{dir: v.dir, listener: fds[0], pid: pid}
	c.machine, err = arch.GetInfo("")
	if err == nil {
		c.memory, err = os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	}
	if err != nil {
		unix.Close(c.listener)
		if hasEnded(pid) {
			return release, nil
		}
		return release, fmt.Errorf("supervisor: %w", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.serve()
	}()
	return func() error { <-done; return release() }, nil
}

// hasEnded reports whether a child has no memory any more.
func hasEnded(pid int) bool {
	size, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	return err != nil || bytes.HasPrefix(size, []byte("0 "))
}

// A connector is a supervisor at work.
type connector struct {
	dir      string
	machine  *arch.Info
	listener int
	pid      int
	memory   *os.File // the program's
}

// A notice is struct seccomp_notif, an addition struct seccomp_notif_addfd, and an answer
// struct seccomp_notif_resp (linux/seccomp.h).
type (
	notice struct {
		id         uint64
		pid, flags uint32
		number     int32
		machine    uint32
		at         uint64
		args       [6]uint64
	}
	addition struct {
		id                       uint64
		flags                    uint32
		ours, theirs, theirFlags uint32
	}
	answer struct {
		id    uint64
		value int64
		errno int32
		flags uint32
	}
)

// serve answers until nobody asks any more.
func (c *connector) serve() {
	defer c.memory.Close()
	defer unix.Close(c.listener)
	var asked sync.WaitGroup
	defer asked.Wait()
	for {
		poll := []unix.PollFd{{Fd: int32(c.listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(poll, -1); err != nil && err != unix.EINTR {
			return
		}
		if poll[0].Revents&unix.POLLIN == 0 {
			if poll[0].Revents&unix.POLLHUP != 0 {
				return
			}
			continue
		}
		var n notice
		if ioctl(c.listener, unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&n)) != 0 {
			continue // who asked has ended
		}
		// A socket that blocks waits for its turn; others go on.
		asked.Go(func() {
			a := answer{id: n.id}
			if err := c.do(&n); err != nil {
				a.errno = -int32(errnoOf(err))
			}
			ioctl(c.listener, unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&a)) // who asked may have ended
		})
	}
}

func ioctl(fd int, request uint, argument unsafe.Pointer) unix.Errno {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uintptr(request), uintptr(argument))
	return errno
}

// do does the call that the program has made.
func (c *connector) do(n *notice) error {
	for name, do := range asked {
		if number, ok := c.machine.SyscallNames[name]; ok && number == int(n.number) {
			return do(c, n)
		}
	}
	return unix.EPERM
}

// asked are the calls that a supervisor does, where they are allowed.
var asked = map[string]func(*connector, *notice) error{
	"connect":  (*connector).connect,
	"chmod":    func(c *connector, n *notice) error { return c.chmod(n.id, n.args[0], n.args[1]) },
	"fchmodat": (*connector).fchmodat,
}

// connect does connect(2).
func (c *connector) connect(n *notice) error {
	address, size := n.args[1], n.args[2]
	const family = 2 // bytes, before the path
	if size <= family || size > unix.SizeofSockaddrUnix {
		return unix.EINVAL
	}
	text := make([]byte, size)
	if _, err := c.memory.ReadAt(text, int64(address)); err != nil {
		return unix.EFAULT
	}
	path, _, _ := strings.Cut(string(text[family:]), "\x00")
	if binary.NativeEndian.Uint16(text) != unix.AF_UNIX || path == "" { // also one outside of the file system
		return unix.EPERM
	}
	fd := uint32(n.args[0])
	flags, err := c.flagsOf(fd)
	if err != nil {
		return err
	}
	socket, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|flags, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	if err := c.at(n.id, path, func(found string) error { return unix.Connect(socket, &unix.SockaddrUnix{Name: found}) }); err != nil {
		return err
	}
	put := addition{id: n.id, flags: unix.SECCOMP_ADDFD_FLAG_SETFD, ours: uint32(socket), theirs: fd, theirFlags: unix.O_CLOEXEC}
	if errno := ioctl(c.listener, unix.SECCOMP_IOCTL_NOTIF_ADDFD, unsafe.Pointer(&put)); errno != 0 {
		return errno
	}
	return nil
}

// flagsOf is SOCK_NONBLOCK where the program's socket has that flag.
func (c *connector) flagsOf(fd uint32) (int, error) {
	what, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", c.pid, fd))
	if err != nil {
		return 0, unix.EBADF
	}
	if !strings.HasPrefix(what, "socket:") {
		return 0, unix.ENOTSOCK
	}
	info, err := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", c.pid, fd))
	if err != nil {
		return 0, err
	}
	_, text, _ := strings.Cut(string(info), "flags:")
	var flags int
	if _, err := fmt.Sscanf(text, "%o", &flags); err != nil {
		return 0, err
	}
	return flags & unix.SOCK_NONBLOCK, nil
}

// fchmodat does fchmodat(2) from the working directory.
func (c *connector) fchmodat(n *notice) error {
	if int32(n.args[0]) != unix.AT_FDCWD {
		return unix.EPERM
	}
	return c.chmod(n.id, n.args[1], n.args[2])
}

// chmod does chmod(2).
func (c *connector) chmod(id, at, mode uint64) error {
	text := make([]byte, unix.PathMax)
	got, err := c.read(at, text)
	path, _, ended := strings.Cut(string(text[:got]), "\x00")
	if err != nil || !ended {
		return unix.EFAULT
	}
	return c.at(id, path, func(found string) error { return unix.Chmod(found, uint32(mode)&0o777) })
}

// read reads from the program's memory, page by page, until text is full or a byte 0
// was read: behind that there may be no memory.
func (c *connector) read(from uint64, text []byte) (n int, err error) {
	page := uint64(os.Getpagesize())
	for n < len(text) && bytes.IndexByte(text[:n], 0) < 0 {
		at := from + uint64(n)
		got, err := c.memory.ReadAt(text[n:min(len(text), n+int(page-at%page))], int64(at))
		if err != nil {
			return n, err
		}
		n += got
	}
	return n, nil
}

// at calls do with another name of what a path of the program's leads to, below its own
// folder.
func (c *connector) at(id uint64, path string, do func(found string) error) error {
	from, err := unix.Open(fmt.Sprintf("/proc/%d/cwd", c.pid), unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(from)
	fd, err := unix.Openat2(from, path, &unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_NO_MAGICLINKS})
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	found := fmt.Sprintf("/proc/self/fd/%d", fd)
	place, err := os.Readlink(found)
	if err != nil || !strings.HasPrefix(place, c.dir+"/") {
		return unix.EPERM
	}
	// Had who asked ended, its number could be another's by now.
	if errno := ioctl(c.listener, unix.SECCOMP_IOCTL_NOTIF_ID_VALID, unsafe.Pointer(&id)); errno != 0 {
		return errno
	}
	return do(found)
}

// errnoOf is the number of an error.
func errnoOf(err error) unix.Errno {
	var errno unix.Errno
	if !errors.As(err, &errno) {
		return unix.EPERM
	}
	return errno
}
