package sandbox

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"os"
	"slices"
	"sync"
	"unsafe"

	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// calls are the system calls that a program may make whatever their arguments:
// those of Go's runtime and of its packages os, net and time. What is not here
// and not among the conditions fails with EPERM.
var calls = []string{
	// Files.
	"read", "write", "pread64", "pwrite64", "readv", "writev", "preadv", "pwritev", "preadv2", "pwritev2",
	"open", "openat", "openat2", "creat", "close", "close_range", "dup", "dup2", "dup3", "flock",
	"lseek", "fsync", "fdatasync", "sync_file_range", "ftruncate", "fallocate", "fadvise64",
	"stat", "lstat", "fstat", "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2",
	"getdents64", "getcwd", "chdir", "fchdir", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat",
	"rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "readlink", "readlinkat",
	"umask",
	"copy_file_range", "sendfile", "splice", "tee", "pipe", "pipe2",
	"inotify_init1", "inotify_add_watch", "inotify_rm_watch",
	// The network; socket stands among the conditions.
	"bind", "listen", "accept", "accept4", "connect", "shutdown", "getsockname", "getpeername",
	"setsockopt", "getsockopt", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg", "recvmmsg",
	"poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl",
	"epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2", "signalfd4",
	// Memory; mmap stands among the conditions.
	"munmap", "mprotect", "mremap", "madvise", "mincore", "msync", "brk",
	// Time.
	"clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
	"timer_create", "timer_settime", "timer_gettime", "timer_delete", "setitimer", "getitimer",
	"timerfd_create", "timerfd_settime", "timerfd_gettime",
	// Threads and signals.
	"futex", "sched_yield", "sched_getaffinity", "gettid", "set_tid_address",
	"set_robust_list", "rseq", "arch_prctl", "restart_syscall", "exit", "exit_group", "membarrier",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "rt_sigtimedwait", "wait4", "waitid",
	// What the process may know about itself.
	"getpid", "getppid", "getpgid", "getpgrp", "getsid", "getuid", "geteuid", "getgid", "getegid",
	"getgroups", "getresuid", "getresgid", "getrlimit", "getrusage", "sysinfo", "times",
	"uname", "getrandom", "getcpu", "capget",
}

// byPath are calls that change the mode or the times of a file by its name, of
// which Landlock does not judge. Where a program sees the names of the machine's
// files, it could lock the grader out of its own, or of another submission; there
// it may do so to what it has open (File.Chmod) and to nothing else.
var byPath = []string{"chmod", "fchmodat", "fchmodat2", "utimensat", "utimes", "futimesat"}

// fchmod changes the mode of what is open. Where a folder is not read-only by its
// mount, a program that may start what is in it does without.
const fchmod = "fchmod"

// truncate is another one for an old Landlock.
const (
	truncate             = "truncate"
	truncateIsJudgedFrom = 3
)

// What may be asked of a pipe or a socket (asm/ioctls.h): how much lies in it,
// coming and going, and not to wait.
const (
	fionread = unix.TIOCINQ
	siocoutq = unix.TIOCOUTQ
	fionbio  = 0x5421
)

// newNamespaces are the flags of clone(2) that make any.
const newNamespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC |
	unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET

// sockets are the kinds that a program may make: TCP, UDP and Unix sockets, and
// the one by which it learns what interfaces there are (net.Interfaces). So no
// packets, no vsock, nothing that tells of others' sockets, and no protocol for
// which the kernel would have to load a module. Raw ones take a capability. Unix
// sockets lead to the machine's daemons where the program sees the names of the
// machine's files.
func sockets(level Level) (rules []rule) {
	rules = []rule{{"socket", []condition{{0, equal, unix.AF_NETLINK}, {2, equal, unix.NETLINK_ROUTE}}}}
	if level == Strong {
		rules = append(rules, is("socket", 0, unix.AF_UNIX)...)
	}
	for _, family := range []uint64{unix.AF_INET, unix.AF_INET6} {
		for _, protocol := range []uint64{0, unix.IPPROTO_TCP, unix.IPPROTO_UDP, unix.IPPROTO_MPTCP} {
			rules = append(rules, rule{"socket", []condition{{0, equal, family}, {2, equal, protocol}}})
		}
	}
	return rules
}

// socketPairs are those that a program may make. A datagram socket of a pair could
// send to any other that has a name.
func socketPairs(level Level) []rule {
	if level == Strong {
		return is("socketpair", 0, unix.AF_UNIX)
	}
	return unixStreams("socketpair")
}

// unixStreams allows a call for stream sockets of Unix.
func unixStreams(call string) (rules []rule) {
	for _, flags := range []uint64{0, unix.SOCK_NONBLOCK, unix.SOCK_CLOEXEC, unix.SOCK_NONBLOCK | unix.SOCK_CLOEXEC} {
		rules = append(rules, rule{call, []condition{{0, equal, unix.AF_UNIX}, {1, equal, unix.SOCK_STREAM | flags}}})
	}
	return rules
}

// In a filter, ownPID stands for the number that the process will have, and
// ownPath for the place where the path of the program lies.
const (
	ownPID  = 0x7fff_c0de
	ownPath = 0x7fff_ba5e_7fff_fade
)

// is allows a call if an argument is one of these values.
func is(call string, argument int, values ...uint64) (rules []rule) {
	for _, v := range values {
		rules = append(rules, rule{call, []condition{{argument, equal, v}}})
	}
	return rules
}

// limits let a program read its limits, and lower some. One of the others, which no
// kernel enforces any more, is the mark by which its children are found.
func limits() (rules []rule) {
	const others = ^uint64(7) // all but the first eight
	for _, pid := range []uint64{0, ownPID} {
		rules = append(rules,
			rule{"prlimit64", []condition{{0, equal, pid}, {1, without, others}}},
			rule{"prlimit64", []condition{{0, equal, pid}, {2, equal, 0}}})
	}
	return append(rules, rule{"setrlimit", []condition{{0, without, others}}})
}

// conditions are the calls that every program may make with some arguments.
func conditions(level Level) []rule {
	return slices.Concat(
		limits(), is("sched_setaffinity", 0, 0, ownPID),
		// A process may name itself and its memory.
		is("prctl", 0, unix.PR_SET_VMA, unix.PR_SET_NAME, unix.PR_GET_NAME),
		is("ioctl", 1, fionread, fionbio, siocoutq, unix.TCGETS, unix.TIOCGWINSZ),
		// Copies, flags and locks; not whom to signal, nor larger pipes, of
		// which all programs of a user have so many bytes together.
		is("fcntl", 1, unix.F_DUPFD, unix.F_DUPFD_CLOEXEC, unix.F_GETFD, unix.F_SETFD, unix.F_GETFL, unix.F_SETFL,
			unix.F_GETLK, unix.F_SETLK, unix.F_SETLKW, unix.F_OFD_GETLK, unix.F_OFD_SETLK, unix.F_OFD_SETLKW),
		sockets(level),
		socketPairs(level),
		// Memory that no limit would count: shared without a file, and what
		// grows downwards.
		[]rule{
			{"mmap", []condition{{3, without, unix.MAP_GROWSDOWN | unix.MAP_SHARED}}},
			{"mmap", []condition{{3, without, unix.MAP_GROWSDOWN | unix.MAP_ANONYMOUS}}},
		},
	)
}

// filter lets the child make no other system calls than those above, nor the
// program that it becomes, in any thread.
func (j *Jail) filter(s *plan, path uintptr) error {
	template, err := j.filterOf()
	if err != nil {
		return err
	}
	filter := slices.Clone(template)
	for i := range filter {
		switch filter[i].K {
		case ownPID:
			s.do("know its number", unix.SYS_GETPID).patch = (*int32)(unsafe.Pointer(&filter[i].K))
		case ownPath >> 32:
			filter[i].K = uint32(uint64(path) >> 32)
		case ownPath & math.MaxUint32:
			filter[i].K = uint32(path)
		}
	}
	program := keep(s, &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})
	flags := 0
	if j.supervised() {
		flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
	}
	obey := s.do("obey the system call filter", unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, unsafe.Pointer(program))
	if j.supervised() {
		s.handOver(obey)
	}
	return nil
}

// filters are those that were put together before, which takes a while.
var filters sync.Map

// A filterKey is all that filters differ in.
type filterKey struct {
	level   Level
	profile string
}

func (j *Jail) filterOf() ([]unix.SockFilter, error) {
	key := filterKey{j.Level, j.Profile.Name}
	if filter, ok := filters.Load(key); ok {
		return filter.([]unix.SockFilter), nil
	}
	filter, err := j.assemble()
	if err == nil {
		filters.Store(key, filter)
	}
	return filter, err
}

// verdicts are what the jail's filter says, where Landlock has this version.
func (j *Jail) verdicts(landlock int) verdicts {
	powers := j.powers()
	verdicts := verdicts{allowed: slices.Concat(calls, powers.calls), missing: powers.missing}
	if j.Level == Strong {
		verdicts.allowed = append(verdicts.allowed, byPath...)
	}
	if j.Level == Strong || !powers.marked {
		verdicts.allowed = append(verdicts.allowed, fchmod)
	}
	if j.supervised() {
		verdicts.asked = slices.Sorted(maps.Keys(asked))
		verdicts.allowed = slices.DeleteFunc(verdicts.allowed, func(call string) bool { return slices.Contains(verdicts.asked, call) })
	}
	if j.Level == Strong || landlock >= truncateIsJudgedFrom {
		verdicts.allowed = append(verdicts.allowed, truncate)
	}
	if powers.rules != nil {
		verdicts.rules = powers.rules(j.Level, landlock)
		slices.SortStableFunc(verdicts.rules, func(a, b rule) int { return cmp.Compare(a.call, b.call) })
	}
	return verdicts
}

func (j *Jail) assemble() ([]unix.SockFilter, error) {
	landlock, err := landlockVersion()
	if err != nil {
		return nil, err
	}
	machine, err := arch.GetInfo("")
	if err != nil {
		return nil, err
	}
	raw, err := bpf.Assemble(j.verdicts(landlock).compile(machine))
	if err != nil {
		return nil, err
	}
	var filter []unix.SockFilter
	for _, i := range raw {
		filter = append(filter, unix.SockFilter{Code: i.Op, Jt: i.Jt, Jf: i.Jf, K: i.K})
	}
	return filter, nil
}

// place puts a path into a page of its own, at an address that nobody knows, and
// returns what takes the page away.
func place(path string) (at unsafe.Pointer, free func() error, err error) {
	page, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, nil, err
	}
	if len(path) >= len(page) {
		return nil, nil, errors.Join(unix.ENAMETOOLONG, unix.Munmap(page))
	}
	copy(page, path)
	return unsafe.Pointer(&page[0]), func() error { return unix.Munmap(page) }, nil
}
