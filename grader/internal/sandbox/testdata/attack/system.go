package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// call makes a system call that ought to fail.
func call(number uintptr, args ...uintptr) func([]string) (string, error) {
	return func([]string) (string, error) {
		var a [6]uintptr
		copy(a[:], args)
		r, _, errno := syscall.RawSyscall6(number, a[0], a[1], a[2], a[3], a[4], a[5])
		if errno != 0 {
			return "", errno
		}
		return fmt.Sprint(r), nil
	}
}

func text(s string) uintptr {
	p, _ := syscall.BytePtrFromString(s)
	return uintptr(unsafe.Pointer(p))
}

func socket(family, kind, protocol int) func([]string) (string, error) {
	return func([]string) (string, error) {
		_, err := syscall.Socket(family, kind, protocol)
		return "a socket", err
	}
}

func init() {
	for name, try := range map[string]func([]string) (string, error){
		"ptrace":      call(syscall.SYS_PTRACE, 16 /* attach */, uintptr(os.Getppid())),
		"traceme":     call(syscall.SYS_PTRACE, 0),
		"unshare":     call(syscall.SYS_UNSHARE, syscall.CLONE_NEWUSER),
		"mount":       call(syscall.SYS_MOUNT, text("none"), text("/w"), text("tmpfs"), 0, 0),
		"umount":      call(syscall.SYS_UMOUNT2, text("/w"), 2),
		"chroot":      call(syscall.SYS_CHROOT, text("/w")),
		"setuid":      call(syscall.SYS_SETUID, 0),
		"reboot":      call(syscall.SYS_REBOOT, 0, 0, 0),
		"fork":        call(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD)),
		"namespace":   call(syscall.SYS_CLONE, syscall.CLONE_NEWUSER|uintptr(syscall.SIGCHLD)),
		"clone3":      call(435),
		"io_uring":    call(425, 8, uintptr(unsafe.Pointer(new([120]byte)))),
		"keyctl":      call(syscall.SYS_KEYCTL, 0, ^uintptr(2), 0),
		"perf":        call(syscall.SYS_PERF_EVENT_OPEN, uintptr(unsafe.Pointer(new([120]byte))), 0, ^uintptr(0), ^uintptr(0), 0),
		"bpf":         call(sysBPF, 0, uintptr(unsafe.Pointer(new([120]byte))), 120),
		"userfaultfd": call(sysUserfaultfd, 1),
		"memfd":       call(sysMemfdCreate, text("x"), 0),
		"vmread":      call(sysProcessVMReadv, uintptr(os.Getppid())),
		"init-module": call(syscall.SYS_INIT_MODULE, 0, 0, 0),
		"kill-all":    call(syscall.SYS_KILL, ^uintptr(0), uintptr(syscall.SIGKILL)),
		"kill-group":  call(syscall.SYS_KILL, 0, uintptr(syscall.SIGKILL)),
		"shared":      call(syscall.SYS_MMAP, 0, 1<<30, 3, syscall.MAP_SHARED|syscall.MAP_ANON, ^uintptr(0), 0),
		"grows-down":  call(syscall.SYS_MMAP, 0, 1<<30, 3, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_GROWSDOWN, ^uintptr(0), 0),
		"owner":       call(syscall.SYS_FCNTL, 1, syscall.F_SETOWN, uintptr(os.Getppid())),
		"pipe-size":   call(syscall.SYS_FCNTL, 1, 1031, 1<<20),
		"sctp":        socket(syscall.AF_INET, syscall.SOCK_STREAM, 132),
		"raw":         socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_ICMP),
		"packet":      socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0),
		"netlink":     socket(syscall.AF_NETLINK, syscall.SOCK_RAW, 4 /* of sockets */),
		"audit":       socket(syscall.AF_NETLINK, syscall.SOCK_RAW, syscall.NETLINK_AUDIT),
		"vsock":       socket(40, syscall.SOCK_STREAM, 0),
		"alg":         socket(38, syscall.SOCK_SEQPACKET, 0),
		"nproc":       call(syscall.SYS_SETRLIMIT, 6, uintptr(unsafe.Pointer(&syscall.Rlimit{Cur: 1 << 30, Max: 1 << 30}))),
		"mark":        call(syscall.SYS_PRLIMIT64, 0, 10, uintptr(unsafe.Pointer(&syscall.Rlimit{Cur: 1, Max: 1})), 0),
		"old-mark":    call(syscall.SYS_SETRLIMIT, 10, uintptr(unsafe.Pointer(&syscall.Rlimit{Cur: 1, Max: 1}))),
		"x32":         call(1<<30 | 39),
		"exec-itself": func([]string) (string, error) { return "", syscall.Exec(os.Args[0], []string{"x", "list"}, nil) },
		"exec-in-w":   execInW,
		"command":     func([]string) (string, error) { return "it ran", exec.Command(os.Args[0]).Run() },
		"dial": func(a []string) (string, error) {
			c, err := net.DialTimeout(a[0], a[1], 5*time.Second)
			_ = c
			return "connected", err
		},
		"kill": func(a []string) (string, error) {
			var pid int
			fmt.Sscan(a[0], &pid)
			return "", syscall.Kill(pid, syscall.SIGKILL)
		},
		"descriptors":  descriptors,
		"capabilities": capabilities,
	} {
		tries[name] = try
	}
	tries["abstract"] = func([]string) (string, error) {
		l, err := net.Listen("unix", "@wirebook")
		if err == nil {
			l.Close()
		}
		return "listening", err
	}
	tries["memory"] = func([]string) (string, error) {
		var all [][]byte
		for {
			b := make([]byte, 16<<20)
			for i := range b {
				b[i] = 1
			}
			all = append(all, b)
			if len(all) == 512 {
				return "8 GiB", nil
			}
		}
	}
	tries["threads"] = func([]string) (string, error) {
		r, _, _ := os.Pipe()
		r.Fd()
		for range 4000 {
			go func() {
				runtime.LockOSThread()
				r.Read(make([]byte, 1))
			}()
		}
		time.Sleep(2 * time.Second)
		return "4000 threads", nil
	}
	tries["sleep"] = func([]string) (string, error) {
		fmt.Println("ready")
		time.Sleep(time.Hour)
		return "", nil
	}
	tries["panic"] = func([]string) (string, error) { panic("as told") }
	tries["nil"] = func([]string) (string, error) { var p *int; return fmt.Sprint(*p), nil }
	tries["abort"] = func([]string) (string, error) { return "still here", syscall.Kill(os.Getpid(), syscall.SIGKILL) }
	tries["network"] = network
}

// network does what a program may do on the network.
func network([]string) (string, error) {
	for _, listen := range []string{"tcp 127.0.0.1:0", "tcp localhost:0", "tcp :0", "tcp [::1]:0", "unix /w/socket"} {
		kind, addr, _ := strings.Cut(listen, " ")
		l, err := net.Listen(kind, addr)
		if err != nil {
			return "", err
		}
		c, err := net.Dial(kind, strings.Replace(l.Addr().String(), "[::]", "localhost", 1))
		if err != nil {
			return "", err
		}
		s, err := l.Accept()
		if err != nil {
			return "", err
		}
		s.Write([]byte("hello"))
		s.Close()
		b := make([]byte, 9)
		if n, err := c.Read(b); err != nil || n != 5 {
			return "", fmt.Errorf("%d bytes, %v", n, err)
		}
	}
	a, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	if _, err := a.WriteTo([]byte("x"), a.LocalAddr()); err != nil {
		return "", err
	}
	_, _, err = a.ReadFrom(make([]byte, 9))
	return "all of it", err
}

func execInW([]string) (string, error) {
	elf, err := os.ReadFile(os.Args[0])
	if err != nil {
		elf = []byte("#!/program\n")
	}
	if err := os.WriteFile("copy", elf, 0o777); err != nil {
		return "", err
	}
	return "", syscall.Exec("copy", []string{"copy", "list"}, nil)
}

// descriptors looks for any but the first three.
func descriptors([]string) (string, error) {
	var stat syscall.Stat_t
	found := ""
	for fd := 3; fd < 1024; fd++ {
		if syscall.Fstat(fd, &stat) == nil && stat.Mode&syscall.S_IFMT != 0 {
			found += fmt.Sprintf(" %d (%o)", fd, stat.Mode)
		}
	}
	if found == "" {
		return "", errors.New("none")
	}
	return found, nil
}

// capabilities reads this process's sets.
func capabilities([]string) (string, error) {
	header := [2]uint32{0x20080522, 0}
	var sets [6]uint32
	_, _, errno := syscall.RawSyscall(syscall.SYS_CAPGET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&sets)), 0)
	if errno != 0 {
		return "", errno
	}
	return fmt.Sprint(sets), nil
}
