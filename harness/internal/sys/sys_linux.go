package sys

import (
	"runtime"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// Requests for Ioctl.
const (
	Unread         = syscall.TIOCINQ  // FIONREAD by its other name: bytes that wait to be read
	Unacknowledged = syscall.TIOCOUTQ // SIOCOUTQ by its other name: bytes that the other end has not taken
)

// Ioctl asks for a number (ioctl(2)).
func Ioctl(fd int, request uint) (int, error) {
	var n int32
	_, _, errno := syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(fd), uintptr(request), uintptr(unsafe.Pointer(&n)))
	return int(n), fromErrno(errno)
}

// What may be asked of poll(2).
const (
	pollIn    = 1
	pollOut   = 4
	pollErr   = 8
	pollHup   = 16
	pollRdHup = 0x2000
)

// Readable reports whether a read or an accept would find something now, or would fail.
func Readable(fd int) (bool, error) {
	happened, err := poll(fd, pollIn)
	return happened != 0, err
}

// Writable reports whether a write would find room now, or would fail.
func Writable(fd int) (bool, error) {
	happened, err := poll(fd, pollOut)
	return happened != 0, err
}

// HungUp reports whether nobody has the other end of a pipe that is read from.
func HungUp(fd int) (bool, error) {
	happened, err := poll(fd, 0)
	return happened&pollHup != 0, err
}

// Ended reports whether the other end of a stream socket has ended its stream, and
// whether both directions have ended, as when it is closed.
func Ended(fd int) (stream, both bool, err error) {
	happened, err := poll(fd, pollRdHup)
	return happened&pollRdHup != 0, happened&(pollHup|pollErr) != 0, err
}

// interest is struct pollfd of poll(2).
type interest struct {
	fd              int32
	events, revents int16
}

// poll asks what has happened, and does not wait. A signal ends it all the same where
// nothing has happened, so it asks again.
func poll(fd int, events int16) (happened int16, err error) {
	for {
		of := interest{fd: int32(fd), events: events}
		var now syscall.Timespec
		_, _, errno := syscall.RawSyscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&of)), 1, uintptr(unsafe.Pointer(&now)), 0, 0, 0)
		if errno != syscall.EINTR {
			return of.revents, fromErrno(errno)
		}
	}
}

// limits are the two that a process has of a resource (struct rlimit64).
type limits struct{ cur, max uint64 }

// prlimit sets the limits of a process, this one where pid is 0, and returns those that it
// had; nil leaves them (prlimit(2)).
func prlimit(pid, resource int, to *limits) (had limits, err error) {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), uintptr(resource), uintptr(unsafe.Pointer(to)), uintptr(unsafe.Pointer(&had)), 0, 0)
	return had, fromErrno(errno)
}

// Limit sets a resource's limit for another process, for good.
func Limit(pid, resource int, value uint64) error {
	_, err := prlimit(pid, resource, &limits{value, value})
	return err
}

// unusedLimit is that of the locks of a program, which Linux has not known for long
// and still keeps (RLIMIT_LOCKS in getrlimit(2)).
const unusedLimit = 10

// WithMark marks this process while do runs: what do starts bears the mark, and so does
// all that that starts.
func WithMark(mark uint64, do func() error) error {
	had, err := prlimit(0, unusedLimit, nil)
	if err != nil {
		return err
	}
	if _, err := prlimit(0, unusedLimit, &limits{mark, had.max}); err != nil {
		return err
	}
	defer prlimit(0, unusedLimit, &had)
	return do()
}

// MarkOf returns the mark of a process, also of one that has ended and that nobody has
// waited for.
func MarkOf(pid int) (uint64, error) {
	limits, err := prlimit(pid, unusedLimit, nil)
	return limits.cur, err
}

// AwaitHandle returns when the process of a handle has ended, whoever its parent is
// (pidfd_open(2), [os.Process.WithHandle]).
func AwaitHandle(handle uintptr) error {
	of := interest{fd: int32(handle), events: pollIn}
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&of)), 1, 0, 0, 0, 0)
		if errno != syscall.EINTR {
			return fromErrno(errno)
		}
	}
}

// AwaitExit returns when a child has ended, and leaves it to be waited for
// (waitid(2)).
func AwaitExit(pid int) error {
	const (
		byPid  = 1 // P_PID
		exited = 4 // WEXITED
		noWait = 1 << 24
	)
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, byPid, uintptr(pid), 0, exited|noWait, 0, 0)
		if errno != syscall.EINTR {
			return fromErrno(errno)
		}
	}
}

// Clock reads the clock that counts the processor time of a process, its ended
// threads included (clock_getcpuclockid(3)). To read another's needs no
// permission.
func Clock(pid int) (time.Duration, error) {
	if Blind() {
		return 0, syscall.ENOSYS
	}
	const scheduler = 2 // CPUCLOCK_SCHED: exact, where the others count ticks
	var now syscall.Timespec
	_, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, uintptr(^pid<<3|scheduler), uintptr(unsafe.Pointer(&now)), 0)
	return time.Duration(now.Nano()), fromErrno(errno)
}

// sysGetcpu returns the number of getcpu(2), which package syscall does not know,
// and 0 where we do not know it either.
func sysGetcpu() uintptr {
	switch runtime.GOARCH {
	case "amd64":
		return 309
	case "386":
		return 318
	case "arm":
		return 345
	case "arm64", "loong64", "riscv64":
		return 168
	case "ppc64", "ppc64le":
		return 302
	case "s390x":
		return 311
	}
	return 0
}

// processors is a set of processors: as many as Linux is built for by
// distributions, but for the largest machines, on which Stay fails.
type processors [1024 / 8 / unsafe.Sizeof(uintptr(0))]uintptr

// Stay keeps the caller, with its thread, on the processor that it runs on,
// until leave (sched_setaffinity(2)).
func Stay() (leave func(), ok bool) {
	runtime.LockOSThread()
	var before, one processors
	var cpu uint32
	if affinity(syscall.SYS_SCHED_GETAFFINITY, &before) && current(&cpu) {
		bits := uint32(8 * unsafe.Sizeof(one[0]))
		if int(cpu/bits) < len(one) {
			one[cpu/bits] = 1 << (cpu % bits)
			if affinity(syscall.SYS_SCHED_SETAFFINITY, &one) {
				return func() {
					affinity(syscall.SYS_SCHED_SETAFFINITY, &before) // what was allowed still is
					runtime.UnlockOSThread()
				}, true
			}
		}
	}
	runtime.UnlockOSThread()
	return nil, false
}

func affinity(call uintptr, set *processors) bool {
	_, _, errno := syscall.RawSyscall(call, 0, unsafe.Sizeof(*set), uintptr(unsafe.Pointer(set)))
	return errno == 0
}

func current(cpu *uint32) bool {
	call := sysGetcpu()
	if call == 0 {
		return false
	}
	_, _, errno := syscall.RawSyscall(call, uintptr(unsafe.Pointer(cpu)), 0, 0)
	return errno == 0
}

// SignalName is a signal's name, as "SIGKILL".
func SignalName(s syscall.Signal) string {
	if int(s) < len(signalNames) && signalNames[s] != "" {
		return signalNames[s]
	}
	return "signal " + strconv.Itoa(int(s))
}

var signalNames = [...]string{
	syscall.SIGABRT: "SIGABRT", syscall.SIGALRM: "SIGALRM", syscall.SIGBUS: "SIGBUS", syscall.SIGFPE: "SIGFPE",
	syscall.SIGHUP: "SIGHUP", syscall.SIGILL: "SIGILL", syscall.SIGINT: "SIGINT", syscall.SIGKILL: "SIGKILL",
	syscall.SIGPIPE: "SIGPIPE", syscall.SIGQUIT: "SIGQUIT", syscall.SIGSEGV: "SIGSEGV", syscall.SIGSYS: "SIGSYS",
	syscall.SIGTERM: "SIGTERM", syscall.SIGTRAP: "SIGTRAP", syscall.SIGUSR1: "SIGUSR1", syscall.SIGUSR2: "SIGUSR2",
	syscall.SIGXCPU: "SIGXCPU", syscall.SIGXFSZ: "SIGXFSZ",
}

func fromErrno(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}
