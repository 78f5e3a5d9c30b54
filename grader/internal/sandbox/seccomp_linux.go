package sandbox

import (
	"fmt"
	"os"
	"slices"
	"unsafe"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/sys/unix"
)

// calls are the system calls that a program may make whatever their arguments:
// those of Go's runtime and of its packages os, net and time. What is not here
// and not among the conditions fails with EPERM.
var calls = []string{
	// Files.
	"read", "write", "pread64", "pwrite64", "readv", "writev", "preadv", "pwritev", "preadv2", "pwritev2",
	"open", "openat", "openat2", "creat", "close", "close_range", "dup", "dup2", "dup3", "fcntl", "flock",
	"lseek", "fsync", "fdatasync", "sync_file_range", "truncate", "ftruncate", "fallocate", "fadvise64",
	"stat", "lstat", "fstat", "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2",
	"getdents64", "getcwd", "chdir", "fchdir", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat",
	"rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "readlink", "readlinkat",
	"chmod", "fchmod", "fchmodat", "fchmodat2", "umask", "utimensat", "utimes", "futimesat",
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
	"futex", "sched_yield", "sched_getaffinity", "sched_setaffinity", "gettid", "set_tid_address",
	"set_robust_list", "rseq", "arch_prctl", "restart_syscall", "exit", "exit_group", "membarrier",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "rt_sigtimedwait", "wait4", "waitid",
	// What the process may know about itself.
	"getpid", "getppid", "getpgid", "getpgrp", "getsid", "getuid", "geteuid", "getgid", "getegid",
	"getgroups", "getresuid", "getresgid", "getrlimit", "setrlimit", "getrusage", "sysinfo", "times",
	"uname", "getrandom", "getcpu", "capget",
}

// toolCalls are what one of our tools may do besides: start programs, and
// signal those.
var toolCalls = []string{
	"clone", "clone3", "fork", "vfork", "execve", "execveat", "kill", "tgkill", "tkill", "prctl", "setpgid",
	"setsid", "pidfd_open", "pidfd_send_signal", "ioctl", "mmap", "prlimit64", "socketpair",
	"getpriority", "setpriority", "fchown", "fchownat", "chown", "lchown", "memfd_create",
}

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

// conditions are the calls that a program may make with some arguments only.
// All conditions of a line have to hold; a call may have several lines.
func conditions(path *byte) []seccomp.NameWithConditions {
	is := func(name string, argument uint32, values ...uint64) (lines []seccomp.NameWithConditions) {
		for _, v := range values {
			lines = append(lines, seccomp.NameWithConditions{Name: name, Conditions: seccomp.ArgumentConditions{
				{Argument: argument, Operation: seccomp.Equal, Value: v},
			}})
		}
		return lines
	}
	without := func(name string, argument uint32, bits uint64, more ...seccomp.Condition) seccomp.NameWithConditions {
		return seccomp.NameWithConditions{Name: name, Conditions: append(seccomp.ArgumentConditions{
			{Argument: argument, Operation: seccomp.BitsNotSet, Value: bits},
		}, more...)}
	}
	self := uint64(os.Getpid())
	return slices.Concat(
		// The stage becomes the program, and the program nothing else.
		is("execve", 0, uint64(uintptr(unsafe.Pointer(path)))),
		// Threads, and no processes.
		[]seccomp.NameWithConditions{without("clone", 0, newNamespaces,
			seccomp.Condition{Argument: 0, Operation: seccomp.BitsSet, Value: unix.CLONE_THREAD})},
		is("kill", 0, self), is("tgkill", 0, self),
		is("prlimit64", 0, 0, self),
		// A process may name itself and its memory.
		is("prctl", 0, unix.PR_SET_VMA, unix.PR_SET_NAME, unix.PR_GET_NAME),
		is("ioctl", 1, fionread, fionbio, siocoutq, unix.TCGETS, unix.TIOCGWINSZ),
		// No kinds of sockets but these: no packets, no netlink, no vsock.
		// Raw ones of these families take a capability.
		is("socket", 0, unix.AF_UNIX, unix.AF_INET, unix.AF_INET6),
		is("socketpair", 0, unix.AF_UNIX),
		// Memory that no limit would count: shared without a file, and what
		// grows downwards.
		[]seccomp.NameWithConditions{
			without("mmap", 3, unix.MAP_GROWSDOWN|unix.MAP_SHARED),
			without("mmap", 3, unix.MAP_GROWSDOWN|unix.MAP_ANONYMOUS),
		},
	)
}

// filter lets the process make no other system calls than those above. It holds
// for this thread, and so for the program that it becomes and all its threads.
func (j *Jail) filter(path *byte) error {
	info, err := arch.GetInfo("")
	if err != nil {
		return err
	}
	known := func(names []string) []string {
		return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			_, ok := info.SyscallNames[name]
			return !ok
		})
	}
	allow := seccomp.SyscallGroup{Action: seccomp.ActionAllow, Names: known(calls)}
	if j.Tool {
		allow.Names = append(allow.Names, known(toolCalls)...)
	} else {
		allow.NamesWithCondtions = conditions(path)
	}
	policy := seccomp.Policy{
		DefaultAction: seccomp.ActionErrno,
		Syscalls: []seccomp.SyscallGroup{
			// What is asked with a pointer cannot be judged here; who is told
			// that there is none asks clone instead.
			{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
			allow,
		},
	}
	if j.Tool {
		policy.Syscalls = policy.Syscalls[1:]
	}
	if err := seccomp.LoadFilter(seccomp.Filter{Policy: policy}); err != nil {
		return fmt.Errorf("load the filter: %w", err)
	}
	return nil
}
