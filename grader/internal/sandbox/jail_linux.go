package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stageName is the first argument of an executable that is to be the jail's
// stage.
const stageName = "wirebook-jail"

// statusFD is the descriptor on which a stage that fails says why. Once the
// program runs, it is closed.
const statusFD = 3

// statusFailed is the exit status of a stage that has failed.
const statusFailed = 125

// An order is what a stage is told.
type order struct {
	Jail
	UID int
}

// Main does nothing in an ordinary process. In a jail's stage it does not
// return: the process becomes the program.
func Main() {
	if os.Args[0] != stageName || len(os.Args) < 2 {
		return
	}
	// What is given up is given up by this thread, which then becomes the
	// whole process.
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	err := enter(os.Args[1], os.Args[2:])
	unix.Write(statusFD, []byte(err.Error()))
	os.Exit(statusFailed)
}

// enter shuts this process in and makes it the program. It returns only when
// that fails.
func enter(text string, args []string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return fmt.Errorf("jail: %w", err)
	}
	j := &o.Jail
	j.uid = o.UID
	path, err := newPath(j.now(j.Program))
	if err != nil {
		return fmt.Errorf("jail: %w", err)
	}
	steps := []struct {
		name string
		do   func() error
	}{
		{"file system", j.moveIn},
		{"limits", j.limit},
		{"rights", j.dropRights},
		{"parent", j.stayWithParent},
		{"landlock", j.landlock},
		{"seccomp", func() error { return j.filter(path) }},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return fmt.Errorf("jail: %s: %w", s.name, err)
		}
	}
	if j.Probe != nil {
		j.Probe.run(j)
	}
	return fmt.Errorf("jail: execute %s: %w", j.Program, become(path, append([]string{j.Program}, args...)))
}

// now is what a name of the jail's is called once the stage has moved in: at
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

// newPath puts a path into a page of its own. A stage lets itself execute a
// program once more, and the system call filter knows that once by the place of
// this page, which is not there any more when the program runs.
func newPath(path string) (*byte, error) {
	page, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, err
	}
	if len(path) >= len(page) {
		return nil, unix.ENAMETOOLONG
	}
	copy(page, path)
	return &page[0], nil
}

// become executes the program. Its descriptors are 0 to 2, its environment this
// process's own.
func become(path *byte, args []string) error {
	argv, err := syscall.SlicePtrFromStrings(args)
	if err != nil {
		return err
	}
	envv, err := syscall.SlicePtrFromStrings(os.Environ())
	if err != nil {
		return err
	}
	_, _, errno := syscall.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(path)),
		uintptr(unsafe.Pointer(&argv[0])), uintptr(unsafe.Pointer(&envv[0])))
	runtime.KeepAlive(argv)
	runtime.KeepAlive(envv)
	return errno
}

// limit sets the upper bounds. A bound that is lower already stays.
func (j *Jail) limit() error {
	l := j.Limits
	for _, r := range []struct {
		name     string
		resource int
		most     int64
	}{
		{"processes", unix.RLIMIT_NPROC, l.Processes},
		{"processor time", unix.RLIMIT_CPU, l.CPU},
		{"memory", unix.RLIMIT_DATA, l.Data},
		{"addresses", unix.RLIMIT_AS, l.Addresses},
		{"file size", unix.RLIMIT_FSIZE, l.FileSize},
		{"descriptors", unix.RLIMIT_NOFILE, l.Files},
	} {
		if r.most == 0 {
			continue
		}
		var old unix.Rlimit
		if err := unix.Prlimit(0, r.resource, nil, &old); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		most := min(uint64(r.most), old.Max)
		if err := unix.Prlimit(0, r.resource, &unix.Rlimit{Cur: most, Max: most}, nil); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	// A crash leaves no file, and nothing is locked into memory.
	for _, resource := range []int{unix.RLIMIT_CORE, unix.RLIMIT_MEMLOCK, unix.RLIMIT_MSGQUEUE} {
		if err := unix.Prlimit(0, resource, &unix.Rlimit{}, nil); err != nil {
			return err
		}
	}
	return nil
}

// dropRights gives up all capabilities, and for good.
func (j *Jail) dropRights() error {
	// Where this process may, no program that it executes can have a
	// capability either. no_new_privs says the same.
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
			break
		}
	}
	if j.uid >= 0 {
		if _, _, errno := syscall.RawSyscall(unix.SYS_SETGROUPS, 0, 0, 0); errno != 0 {
			return fmt.Errorf("leave all groups: %w", errno)
		}
		id := uintptr(j.uid)
		for _, call := range []uintptr{unix.SYS_SETRESGID, unix.SYS_SETRESUID} {
			if _, _, errno := syscall.RawSyscall(call, id, id, id); errno != 0 {
				return fmt.Errorf("become user %d: %w", j.uid, errno)
			}
		}
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("ambient capabilities: %w", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil {
		return fmt.Errorf("capabilities: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	// Whatever else is open is not the program's.
	if err := unix.CloseRange(statusFD, ^uint(0)>>1, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return fmt.Errorf("descriptors: %w", err)
	}
	return nil
}

// stayWithParent lets the process die with its parent; a change of rights has
// undone what was set before. A parent that is dead already does not hold the
// other end of the status pipe any more.
func (j *Jail) stayWithParent() error {
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return err
	}
	poll := []unix.PollFd{{Fd: statusFD, Events: unix.POLLOUT}}
	if _, err := unix.Poll(poll, 0); err != nil {
		return err
	}
	if poll[0].Revents&unix.POLLERR != 0 {
		return unix.ESRCH
	}
	return nil
}
