package sandbox

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A plan is what a child does before it becomes the jail's program: system
// calls, one after the other, and nothing else. A child of a Go process has one
// thread and no working runtime, so it can allocate nothing, lock nothing, and
// not even grow its stack. The parent has thought of everything; each address in
// the plan is that of something in the parent's memory, which the child shares
// or has a copy of at the same place.
type plan struct {
	steps []step
	kept  []any // what the steps point to
	err   error // of writing the plan
	// supervisor is where the child has the way to its supervisor, if it has one.
	supervisor *uintptr
}

// A step is one system call.
type step struct {
	what   string
	number uintptr
	args   [6]uintptr
	load   [6]*uintptr // where an argument is not known before
	expect expectation
	save   *uintptr // where the result goes, and is loaded from later
	patch  *int32   // the same, for a structure that another step passes
	write  *decimal // the same, for a text
}

// A decimal is a process's number as text, with a zero at its end.
type decimal [8]byte

// An expectation is what has to come of a step.
type expectation uint8

const (
	success  expectation = iota
	refusal              // the call has to fail
	equality             // the result has to be the last argument
	whatever
)

// failure is what a child sends when a step did not come out as expected.
type failure struct {
	step  uintptr
	errno uintptr
}

// failedStatus is the exit status of such a child.
const failedStatus = 125

// do adds a step. An argument is a number, a string, a pointer, or a *uintptr
// that an earlier step has saved.
func (s *plan) do(what string, number uintptr, args ...any) *step {
	st := step{what: what, number: number}
	for i, arg := range args {
		switch a := arg.(type) {
		case int:
			st.args[i] = uintptr(a)
		case uintptr:
			st.args[i] = a
		case string:
			st.args[i] = uintptr(unsafe.Pointer(s.text(a)))
		case unsafe.Pointer:
			st.args[i] = uintptr(a)
		case *uintptr:
			st.load[i] = a
		default:
			panic(fmt.Sprintf("sandbox: argument %d of %q is a %T", i, what, arg))
		}
	}
	s.steps = append(s.steps, st)
	return &s.steps[len(s.steps)-1]
}

// open adds steps that open a file and returns where its descriptor will be.
func (s *plan) open(what, name string, flags int) *uintptr {
	fd := new(uintptr)
	s.do(what, unix.SYS_OPENAT, unix.AT_FDCWD, name, flags|unix.O_CLOEXEC, 0o444).save = fd
	return fd
}

// write adds steps that write a file, which is made where flags say so.
func (s *plan) write(what, name, text string, flags int) {
	fd := s.open(what, name, unix.O_WRONLY|flags)
	if text != "" {
		s.do(what, unix.SYS_WRITE, fd, text, len(text))
	}
	s.do(what, unix.SYS_CLOSE, fd)
}

// text keeps a string as the kernel reads it.
func (s *plan) text(text string) *byte {
	p, err := syscall.BytePtrFromString(text)
	if err != nil {
		s.err = errors.Join(s.err, fmt.Errorf("%q: %w", text, err))
	}
	return keep(s, p)
}

// texts keeps a list of strings.
func (s *plan) texts(texts []string) unsafe.Pointer {
	list := make([]*byte, len(texts)+1)
	for i, text := range texts {
		list[i] = s.text(text)
	}
	return unsafe.Pointer(keep(s, &list[0]))
}

// keep keeps what a step points to.
func keep[T any](s *plan, p *T) *T {
	s.kept = append(s.kept, p)
	return p
}

// explain tells what a child has sent.
func (s *plan) explain(f failure) error {
	if f.step >= uintptr(len(s.steps)) {
		return errors.New("it failed at nothing that it was told")
	}
	st := s.steps[f.step]
	if st.expect == refusal {
		return fmt.Errorf("a program can %s", st.what)
	}
	return fmt.Errorf("%s: %w", st.what, os.NewSyscallError("", syscall.Errno(f.errno)))
}

// follow is the child: it follows the steps until one of them makes it another
// program, or says on status which of them failed.
//
//go:noinline
//go:norace
//go:nosplit
func follow(steps []step, status uintptr) {
	for i := range steps {
		s := &steps[i]
		var a [6]uintptr
		for j := range a {
			a[j] = s.args[j]
			if s.load[j] != nil {
				a[j] = *s.load[j]
			}
		}
		r, _, errno := syscall.RawSyscall6(s.number, a[0], a[1], a[2], a[3], a[4], a[5])
		good := s.expect == whatever ||
			s.expect == refusal && errno != 0 ||
			s.expect == success && errno == 0 ||
			s.expect == equality && r == a[5]
		if !good {
			f := failure{uintptr(i), uintptr(errno)}
			syscall.RawSyscall(unix.SYS_WRITE, status, uintptr(unsafe.Pointer(&f)), unsafe.Sizeof(f))
			break
		}
		if s.save != nil {
			*s.save = r
		}
		if s.patch != nil {
			*s.patch = int32(r)
		}
		if s.write != nil {
			s.write.set(r)
		}
	}
	for {
		syscall.RawSyscall(unix.SYS_EXIT_GROUP, failedStatus, 0, 0)
	}
}

// set writes a number, which has at most seven digits.
//
//go:norace
//go:nosplit
func (d *decimal) set(n uintptr) {
	digits := 1
	for rest := n; rest >= 10; rest /= 10 {
		digits++
	}
	for i := len(d) - 1; i >= 0; i-- {
		if i < digits {
			d[i] = byte('0' + n%10)
			n /= 10
		}
	}
}

// fork makes a child that follows the steps, with namespaces of its own as flags
// say.
//
//go:noinline
//go:norace
//go:nosplit
func fork(flags uintptr, steps []step, status uintptr) (pid uintptr, errno syscall.Errno) {
	pid, _, errno = syscall.RawSyscall6(unix.SYS_CLONE, flags|uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if pid == 0 && errno == 0 {
		follow(steps, status)
	}
	return pid, errno
}

// forkSharing is fork with a child that shares this process's memory until it
// has become the program; the calling thread waits for that. Nothing has to be
// copied, neither at once nor when the parent writes to it later, which takes
// longer than all of the steps.
//
//go:noinline
//go:norace
//go:nosplit
func forkSharing(flags uintptr, steps []step, status uintptr) (pid uintptr, errno syscall.Errno) {
	pid, failed := cloneSharing(flags | unix.CLONE_VM | unix.CLONE_VFORK | uintptr(unix.SIGCHLD))
	if pid == 0 && failed == 0 {
		follow(steps, status)
	}
	return pid, syscall.Errno(failed)
}

// undisturbed calls f with all signals held back from this thread, and so from
// the children that f makes.
func undisturbed(f func() error) error {
	var all, old unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^all.Val[i]
	}
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &all, &old); err != nil {
		return err
	}
	err := f()
	return errors.Join(err, unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil))
}
