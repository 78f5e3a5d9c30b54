package sandbox

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Nobody is the user that students' programs become where the grader is root.
const Nobody = 65534

// statusFD is the descriptor on which a child says what went wrong. It is
// closed when the child becomes the program.
const statusFD = 3

// beyond are the places of descriptors that a child does not keep.
const beyond = 10

// write writes down what a child has to do to be cmd in the jail. The name of
// the program lies at path.
func (j *Jail) write(cmd *exec.Cmd, status, supervisor *os.File, path unsafe.Pointer) (*plan, error) {
	s := new(plan)
	if supervisor != nil {
		s.supervisor = new(uintptr)
		s.do("duplicate descriptors", unix.SYS_FCNTL, supervisor.Fd(), unix.F_DUPFD_CLOEXEC, beyond).save = s.supervisor
	}
	if err := s.descriptors(status, cmd.Stdin, cmd.Stdout, cmd.Stderr); err != nil {
		return nil, err
	}
	s.do("lead a process group", unix.SYS_SETPGID, 0, 0)
	if j.Level == Strong {
		s.becomeMapped()
		if err := j.moveIn(s); err != nil {
			return nil, err
		}
	} else {
		s.do("enter the working directory", unix.SYS_CHDIR, cmd.Dir)
	}
	j.limit(s)
	j.dropRights(s)
	if !j.hasFirst() { // with which it would die
		s.do("die with the parent", unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, int(unix.SIGKILL))
	}
	if j.Level != Strong { // where a parent outside cannot be seen
		s.do("have a parent", unix.SYS_GETPPID, 0, 0, 0, 0, 0, os.Getpid()).expect = equality
	}
	if err := j.landlock(s); err != nil {
		return nil, fmt.Errorf("landlock: %w", err)
	}
	args, env := s.texts(append([]string{j.Program}, cmd.Args[1:]...)), s.texts(cmd.Env)
	s.calmSignals()
	if err := j.filter(s, uintptr(path)); err != nil {
		return nil, fmt.Errorf("system call filter: %w", err)
	}
	if j.Probe != nil {
		j.Probe.write(s, j)
	}
	s.do("execute the program", unix.SYS_EXECVE, path, args, env)
	return s, s.err
}

// now is what a name of the jail's is called once the child has moved in: at
// Reduced, what the machine calls it.
func (j *Jail) now(name string) string {
	if j.Level != Strong {
		for _, f := range j.Folders {
			if f.To == name {
				return f.From
			}
		}
	}
	return name
}

// descriptors gives the child its standard streams and the status, and nothing
// else when it becomes the program. They are put beyond the places first that
// they are to have.
func (s *plan) descriptors(streams ...any) error {
	places := []int{statusFD, 0, 1, 2}
	moved := make([]*uintptr, len(places))
	for i, stream := range streams {
		f, ok := stream.(*os.File)
		switch {
		case stream == nil:
			moved[i] = s.open("open nothing", os.DevNull, unix.O_RDWR)
		case ok:
			moved[i] = new(uintptr)
			s.do("duplicate descriptors", unix.SYS_FCNTL, f.Fd(), unix.F_DUPFD_CLOEXEC, beyond).save = moved[i]
		default:
			return fmt.Errorf("descriptor %d of a program in a jail has to be a file; it is a %T", places[i], stream)
		}
	}
	for _, fd := range moved {
		s.do("move descriptors", unix.SYS_FCNTL, fd, unix.F_DUPFD_CLOEXEC, beyond).save = fd
	}
	for i, fd := range moved {
		s.do("place descriptors", unix.SYS_DUP3, fd, places[i], 0)
	}
	s.do("keep other descriptors back", unix.SYS_CLOSE_RANGE, statusFD, ^uintptr(0)>>1, unix.CLOSE_RANGE_CLOEXEC)
	return nil
}

// becomeMapped gives the child a name in its user namespace: nobody's, who is
// outside the one who starts it.
func (s *plan) becomeMapped() {
	s.write("forbid other groups", "/proc/self/setgroups", "deny", 0)
	s.write("map the user", "/proc/self/uid_map", fmt.Sprintf("%d %d 1", Nobody, os.Geteuid()), 0)
	s.write("map the group", "/proc/self/gid_map", fmt.Sprintf("%d %d 1", Nobody, os.Getegid()), 0)
}

// limit sets the upper bounds. Where a bound is lower already, it stays.
func (j *Jail) limit(s *plan) {
	for resource, most := range j.Limits.resources() {
		var old unix.Rlimit
		if err := unix.Prlimit(0, resource, nil, &old); err != nil {
			s.err = err
			continue
		}
		most = min(most, old.Max)
		s.bound(resource, unix.Rlimit{Cur: most, Max: most})
	}
	if j.powers().marked {
		// No kernel enforces it any more (RLIMIT_LOCKS in getrlimit(2)).
		const mark = 10
		own := rand.Uint64()>>1 | 1
		s.bound(mark, unix.Rlimit{Cur: own, Max: own})
	}
	// Nothing is locked into memory.
	for _, resource := range []int{unix.RLIMIT_MEMLOCK, unix.RLIMIT_MSGQUEUE} {
		s.bound(resource, unix.Rlimit{})
	}
}

func (s *plan) bound(resource int, to unix.Rlimit) {
	s.do("set a limit", unix.SYS_PRLIMIT64, 0, resource, unsafe.Pointer(keep(s, &to)), 0)
}

// changesUser tells whether the child becomes nobody by itself.
func (j *Jail) changesUser() bool { return j.Level != Strong && Root() && !j.powers().keepsUser }

// dropRights gives up all that a user may and a program need not, for good.
func (j *Jail) dropRights(s *plan) {
	for c := range unix.CAP_LAST_CAP + 1 {
		// Not every kernel has each, and who is no root has none to give up.
		s.do("give up capabilities", unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, c).expect = whatever
	}
	if j.changesUser() {
		s.do("leave all groups", unix.SYS_SETGROUPS, 0, 0)
		s.do("become nobody", unix.SYS_SETRESGID, Nobody, Nobody, Nobody)
		s.do("become nobody", unix.SYS_SETRESUID, Nobody, Nobody, Nobody)
	}
	s.do("give up ambient capabilities", unix.SYS_PRCTL, unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	header := keep(s, &unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3})
	none := keep(s, new([2]unix.CapUserData))
	s.do("give up capabilities", unix.SYS_CAPSET, unsafe.Pointer(header), unsafe.Pointer(none))
	s.do("give up new privileges", unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
}

// calmSignals lets signals through again, each with its usual effect: what
// handles them here is the parent's.
func (s *plan) calmSignals() {
	// struct sigaction as the kernel has it, and a set of signals.
	usual, none := keep(s, new([4]uint64)), keep(s, new(uint64))
	for sig := 1; sig <= 64; sig++ {
		// Two of them have no other effect.
		s.do("calm signals", unix.SYS_RT_SIGACTION, sig, unsafe.Pointer(usual), 0, 8).expect = whatever
	}
	s.do("let signals through", unix.SYS_RT_SIGPROCMASK, unix.SIG_SETMASK, unsafe.Pointer(none), 0, 8)
}
