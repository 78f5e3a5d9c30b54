package sandbox

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// run is the probe. All walls of the jail are up, and this thread stands behind
// them as a program would; so it makes system calls and does not leave the
// thread.
func (p *Probe) run(j *Jail) {
	verdict := ProbePassed
	for _, t := range p.tries(j) {
		err := t.do()
		switch {
		case t.must && err != nil:
			verdict = fmt.Sprintf("a program cannot %s: %v\n", t.name, err)
		case !t.must && err == nil:
			verdict = fmt.Sprintf("a program can %s\n", t.name)
		default:
			continue
		}
		break
	}
	unix.Write(1, []byte(verdict))
	unix.Exit(0)
}

// A try is something that a program must, or must not, be able to do.
type try struct {
	name string
	must bool
	do   func() error
}

func (p *Probe) tries(j *Jail) []try {
	call := func(number uintptr, args ...uintptr) func() error {
		return func() error {
			var a [6]uintptr
			copy(a[:], args)
			if _, _, errno := syscall.RawSyscall6(number, a[0], a[1], a[2], a[3], a[4], a[5]); errno != 0 {
				return errno
			}
			return nil
		}
	}
	socket := func(family, kind int) func() error {
		return func() error {
			fd, err := unix.Socket(family, kind, 0)
			unix.Close(fd)
			return err
		}
	}
	self := j.now(ProgramPath)
	return []try{
		{"write a file of its own", true, func() error { return os.WriteFile("probe", []byte("x"), 0o600) }},
		{"listen", true, listen},
		{"have a file of the machine's", false, canOpen(p.Secret)},
		{"write beside its own files", false, func() error { return os.WriteFile("/probe", nil, 0o600) }},
		{"reach the machine's network", false, p.dial},
		{"start a process", false, call(unix.SYS_CLONE, uintptr(unix.SIGCHLD))},
		{"execute a program", false, func() error { return unix.Exec(self, []string{self}, nil) }},
		{"trace a process", false, call(unix.SYS_PTRACE, unix.PTRACE_TRACEME)},
		{"signal a process", false, call(unix.SYS_KILL, ^uintptr(0), 0)},
		{"mount a file system", false, call(unix.SYS_MOUNT)},
		{"make a namespace", false, call(unix.SYS_UNSHARE, unix.CLONE_NEWUSER)},
		{"ask the kernel over netlink", false, socket(unix.AF_NETLINK, unix.SOCK_RAW)},
		{"make raw packets", false, socket(unix.AF_INET, unix.SOCK_RAW)},
		{"have a capability", false, capable},
	}
}

func canOpen(name string) func() error {
	return func() error {
		fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			unix.Close(fd)
		}
		return err
	}
}

func listen() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return err
	}
	return unix.Listen(fd, 1)
}

// dial connects to the listener. Where the network is shared, it does not try.
func (p *Probe) dial() error {
	if p.Listener == "" {
		return errors.ErrUnsupported
	}
	addr, err := netip.ParseAddrPort(p.Listener)
	if err != nil {
		return nil // which is not as it should be
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Connect(fd, &unix.SockaddrInet4{Addr: addr.Addr().As4(), Port: int(addr.Port())})
}

// capable fails where this thread has no capability.
func capable() error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData
	if err := unix.Capget(&header, &sets[0]); err != nil {
		return nil // which is not as it should be
	}
	if sets == ([2]unix.CapUserData{}) {
		return unix.EPERM
	}
	return nil
}
