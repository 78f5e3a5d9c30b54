//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"errors"
	"os/exec"
	"sync"
	"syscall"
	"unsafe"
)

// A group is a command and what it has started. Here it is a job object.
type group struct {
	job  syscall.Handle
	once sync.Once
}

var (
	kernel32                 = syscall.NewLazyDLL("kernel32.dll")
	createJobObject          = kernel32.NewProc("CreateJobObjectW")
	assignProcessToJobObject = kernel32.NewProc("AssignProcessToJobObject")
	setInformationJobObject  = kernel32.NewProc("SetInformationJobObject")
)

// startGroup starts a command in a group of its own.
func startGroup(cmd *exec.Cmd) (*group, error) {
	job, _, err := createJobObject.Call(0, 0)
	if job == 0 {
		return nil, err
	}
	g := &group{job: syscall.Handle(job)}
	if err := g.start(cmd); err != nil {
		g.kill()
		return nil, err
	}
	return g, nil
}

func (g *group) start(cmd *exec.Cmd) error {
	// JOBOBJECT_EXTENDED_LIMIT_INFORMATION, of which one field counts: the flags
	// behind two times of 64 bits each.
	var limits [144 - 32*(1-unsafe.Sizeof(uintptr(0))/8)]byte
	const killOnClose = 0x2000
	*(*uint32)(unsafe.Pointer(&limits[16])) = killOnClose
	const extendedLimits = 9
	ok, _, err := setInformationJobObject.Call(uintptr(g.job), extendedLimits, uintptr(unsafe.Pointer(&limits)), unsafe.Sizeof(limits))
	if ok == 0 {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	const setQuota, terminate = 0x100, 1
	process, err := syscall.OpenProcess(setQuota|terminate, false, uint32(cmd.Process.Pid))
	if err == nil {
		defer syscall.CloseHandle(process)
		if ok, _, failed := assignProcessToJobObject.Call(uintptr(g.job), uintptr(process)); ok == 0 {
			err = failed
		}
	}
	if err != nil && !ended(cmd) {
		_ = cmd.Process.Kill()
		return errors.Join(err, cmd.Wait())
	}
	return nil
}

// ended reports whether a command has ended already: then it belongs to no job.
func ended(cmd *exec.Cmd) bool {
	const query, stillActive = 0x1000, 259
	process, err := syscall.OpenProcess(query, false, uint32(cmd.Process.Pid))
	if err != nil {
		return true
	}
	defer syscall.CloseHandle(process)
	var code uint32
	return syscall.GetExitCodeProcess(process, &code) == nil && code != stillActive
}

// kill ends all of the group at once. It may be called while the command runs and
// once more right after its end, from any goroutine.
func (g *group) kill() {
	// The job kills whoever is in it when it is closed.
	g.once.Do(func() { _ = syscall.CloseHandle(g.job) })
}
