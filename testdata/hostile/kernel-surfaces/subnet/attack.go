package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"unsafe"
)

// Calls that package syscall does not know by name, on amd64 and arm64.
var numbers = map[string][2]uintptr{
	"seccomp": {317, 277}, "memfd_create": {319, 279}, "bpf": {321, 280}, "userfaultfd": {323, 282}, "kcmp": {312, 272},
	"finit_module": {313, 273}, "setns": {308, 268}, "name_to_handle_at": {303, 264}, "open_by_handle_at": {304, 265},
	"process_vm_writev": {311, 271}, "fanotify_init": {300, 262}, "mbind": {237, 235}, "pkey_alloc": {330, 289},
	"pidfd_send_signal": {424, 424}, "io_uring_setup": {425, 425}, "open_tree": {428, 428}, "move_mount": {429, 429}, "fsopen": {430, 430},
	"pidfd_open": {434, 434}, "clone3": {435, 435}, "pidfd_getfd": {438, 438}, "process_madvise": {440, 440}, "mount_setattr": {442, 442},
	"landlock_create_ruleset": {444, 444}, "memfd_secret": {447, 447}, "cachestat": {451, 451}, "map_shadow_stack": {453, 453}, "statmount": {457, 457}, "listmount": {458, 458},
}

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	runtime.LockOSThread()
	for _, t := range tries() {
		a := t.args
		r, _, errno := syscall.Syscall6(t.number, a[0], a[1], a[2], a[3], a[4], a[5])
		if t.number == syscall.SYS_CLONE && errno == 0 && r == 0 {
			syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0) // it is the new process
		}
		// A call that complains of its arguments has looked at them, and is
		// as open as one that works.
		if errno != syscall.EPERM && errno != syscall.ENOSYS && errno != syscall.EAFNOSUPPORT && errno != syscall.EACCES {
			fmt.Printf("BREACH: %s: %d, %v\n", t.name, r, errno)
		}
	}
	for _, name := range []string{"/dev/kvm", "/dev/fuse", "/dev/net/tun", "/dev/vhost-vsock", "/dev/ptmx", "/dev/tty", "/dev/dri", "/sys/kernel/debug", "/dev/full"} {
		if f, err := os.Open(name); err == nil {
			fmt.Println("BREACH: opened", name)
			f.Close()
		}
	}
}

type try struct {
	name   string
	number uintptr
	args   [6]uintptr
}

func tries() []try {
	page := uintptr(unsafe.Pointer(new([1 << 12]byte)))
	dot, _ := syscall.BytePtrFromString(".")
	here := uintptr(unsafe.Pointer(dot))
	// Where a call is open that changes the machine, it stumbles over this.
	const nowhere = 1
	list := []try{
		{"mount", syscall.SYS_MOUNT, [6]uintptr{nowhere, nowhere, nowhere, syscall.MS_BIND}},
		{"umount", syscall.SYS_UMOUNT2, [6]uintptr{nowhere, 2}},
		{"pivot_root", syscall.SYS_PIVOT_ROOT, [6]uintptr{nowhere, nowhere}},
		{"chroot", syscall.SYS_CHROOT, [6]uintptr{nowhere}},
		{"swapon", syscall.SYS_SWAPON, [6]uintptr{nowhere}},
		{"perf_event_open", syscall.SYS_PERF_EVENT_OPEN, [6]uintptr{page, 0, ^uintptr(0), ^uintptr(0)}},
		{"ptrace", syscall.SYS_PTRACE, [6]uintptr{3, 1}},
		{"add_key", syscall.SYS_ADD_KEY, [6]uintptr{here, here, 0, 0, 0}},
		{"request_key", syscall.SYS_REQUEST_KEY, [6]uintptr{here, here}},
		{"keyctl", syscall.SYS_KEYCTL, [6]uintptr{0, ^uintptr(2)}},
		{"setuid", syscall.SYS_SETUID, [6]uintptr{0}},
		{"setgroups", syscall.SYS_SETGROUPS, [6]uintptr{0, 0}},
		{"capset", syscall.SYS_CAPSET, [6]uintptr{nowhere, nowhere}},
		{"prctl(PR_SET_DUMPABLE)", syscall.SYS_PRCTL, [6]uintptr{4, 1}},
		{"prctl(PR_SET_PDEATHSIG)", syscall.SYS_PRCTL, [6]uintptr{1, 0}},
		{"prctl(PR_SET_SECCOMP)", syscall.SYS_PRCTL, [6]uintptr{22, 0}},
		{"personality", syscall.SYS_PERSONALITY, [6]uintptr{0x40000}},
		{"syslog", syscall.SYS_SYSLOG, [6]uintptr{10}},
		{"acct", syscall.SYS_ACCT, [6]uintptr{nowhere}},
		{"quotactl", syscall.SYS_QUOTACTL, [6]uintptr{nowhere, nowhere}},
		{"sethostname", syscall.SYS_SETHOSTNAME, [6]uintptr{nowhere, 1 << 10}},
		{"settimeofday", syscall.SYS_SETTIMEOFDAY, [6]uintptr{nowhere, nowhere}},
		{"adjtimex", syscall.SYS_ADJTIMEX, [6]uintptr{nowhere}},
		{"kexec_load", syscall.SYS_KEXEC_LOAD, [6]uintptr{0, 1 << 20, nowhere, 1 << 10}},
		{"init_module", syscall.SYS_INIT_MODULE, [6]uintptr{nowhere, 0, nowhere}},
		{"io_setup", syscall.SYS_IO_SETUP, [6]uintptr{8, page}},
		{"shmget", syscall.SYS_SHMGET, [6]uintptr{0, 1 << 20, 0o1600}},
		{"msgget", syscall.SYS_MSGGET, [6]uintptr{0, 0o1600}},
		{"semget", syscall.SYS_SEMGET, [6]uintptr{0, 1, 0o1600}},
		{"mq_open", syscall.SYS_MQ_OPEN, [6]uintptr{here, 0o102, 0o600}},
		{"vmsplice", syscall.SYS_VMSPLICE, [6]uintptr{^uintptr(0), page, 1}},
		{"sched_setscheduler", syscall.SYS_SCHED_SETSCHEDULER, [6]uintptr{0, 0, page}},
		{"mlockall", syscall.SYS_MLOCKALL, [6]uintptr{1}},
		{"mknod of a device", syscall.SYS_MKNODAT, [6]uintptr{^uintptr(99), here, syscall.S_IFBLK | 0o600, 1}},
		{"ioctl(TIOCSTI)", syscall.SYS_IOCTL, [6]uintptr{0, 0x5412, page}},
		{"shared memory without a file", syscall.SYS_MMAP, [6]uintptr{0, 1 << 12, 3, 0x21, ^uintptr(0)}},
		{"memory that grows downwards", syscall.SYS_MMAP, [6]uintptr{0, 1 << 12, 3, 0x122, ^uintptr(0)}},
		{"clone of a process", syscall.SYS_CLONE, [6]uintptr{uintptr(syscall.SIGCHLD)}},
	}
	for _, flag := range []uintptr{0x20000, 0x10000000, 0x20000000, 0x40000000, 0x2000000, 0x4000000, 0x8000000, 0x80, 0x200} {
		list = append(list, try{fmt.Sprintf("unshare %#x", flag), syscall.SYS_UNSHARE, [6]uintptr{flag}})
	}
	// An argument that is the number of another call, which may be open.
	for n := uintptr(1); n < 512; n++ {
		if own := n == 15 || n == 16; !own { // the name of the thread
			list = append(list, try{fmt.Sprintf("prctl(%d)", n), syscall.SYS_PRCTL, [6]uintptr{n}})
		}
	}
	column := map[string]int{"amd64": 0, "arm64": 1}[runtime.GOARCH]
	for name, n := range numbers {
		list = append(list, try{name, n[column], [6]uintptr{page, page, page, page, page, page}})
	}
	for family := uintptr(0); family < 50; family++ {
		for _, kind := range []uintptr{syscall.SOCK_STREAM, syscall.SOCK_DGRAM, syscall.SOCK_RAW, syscall.SOCK_SEQPACKET, syscall.SOCK_PACKET} {
			ours := family == syscall.AF_UNIX || family == syscall.AF_INET || family == syscall.AF_INET6
			if !ours || family != syscall.AF_UNIX && kind == syscall.SOCK_RAW {
				list = append(list, try{fmt.Sprintf("socket of family %d, kind %d", family, kind), syscall.SYS_SOCKET, [6]uintptr{family, kind, 1}})
			}
		}
	}
	return list
}
