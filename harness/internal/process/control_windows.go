package process

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"wirebook/harness/internal/watch"
)

// busy is the error of executing a file that is open for writing:
// ERROR_SHARING_VIOLATION.
const busy = syscall.Errno(32)

// control is a job object. Windows kills all that is in it when it is closed,
// and closes it when we die.
type control struct {
	job     windows.Handle
	process windows.Handle
	family  bool
	over    bool // the program itself has ended
	sum     watch.Activity
	killed  bool
}

func (c *control) prepare(cmd *exec.Cmd) (release func(), err error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	// A group of its own can be sent a Ctrl-Break that we do not get too.
	cmd.SysProcAttr.CreationFlags |= windows.CREATE_NEW_PROCESS_GROUP
	return func() {}, nil
}

func (c *control) started(cmd *exec.Cmd, limits Limits, family bool) (err error) {
	c.family = family
	c.job, err = windows.CreateJobObject(nil, nil)
	if err != nil {
		return fmt.Errorf("job object: %w", err)
	}
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if limits.Memory > 0 {
		info.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY
		info.ProcessMemoryLimit = uintptr(limits.Memory)
	}
	if limits.CPU > 0 {
		info.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_PROCESS_TIME
		info.BasicLimitInformation.PerProcessUserTimeLimit = int64(limits.CPU / 100)
	}
	_, err = windows.SetInformationJobObject(c.job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	if err != nil {
		return fmt.Errorf("job object: %w", err)
	}
	const access = windows.PROCESS_SET_QUOTA | windows.PROCESS_TERMINATE | windows.PROCESS_QUERY_LIMITED_INFORMATION
	c.process, err = windows.OpenProcess(access, false, uint32(cmd.Process.Pid))
	if err != nil {
		return fmt.Errorf("job object: %w", err)
	}
	err = windows.AssignProcessToJobObject(c.job, c.process)
	var code uint32
	if err != nil && windows.GetExitCodeProcess(c.process, &code) == nil && code != stillActive {
		return nil // it has ended already
	}
	if err != nil {
		return fmt.Errorf("job object: %w", err)
	}
	return nil
}

const stillActive = 259 // STILL_ACTIVE

// Stop and Continue are the signals that Windows has not.
const (
	Stop     = syscall.Signal(19)
	Continue = syscall.Signal(18)
)

// killedCode is the exit status of what we have killed: one that hardly a program
// chooses for itself.
const killedCode = 0x6b696c6c

func (c *control) kill(cmd *exec.Cmd) {
	c.killed = true
	if c.job != 0 {
		windows.TerminateJobObject(c.job, killedCode)
	}
	cmd.Process.Kill()
}

func (c *control) close() {
	if c.process != 0 {
		c.activity()
		windows.CloseHandle(c.process)
	}
	c.process, c.over = 0, true
	if !c.family {
		c.closeJob()
	}
}

func (c *control) closeJob() {
	if c.job != 0 {
		windows.CloseHandle(c.job)
	}
	c.job = 0
}

// killFamily kills what the program has left behind.
func (c *control) killFamily(*exec.Cmd) {
	if c.job != 0 {
		windows.TerminateJobObject(c.job, killedCode)
	}
	c.closeJob()
}

// accounting is JOBOBJECT_BASIC_ACCOUNTING_INFORMATION, times in units of 100 ns.
type accounting struct {
	userTime, kernelTime             int64
	userTimeOfPeriod, kernelOfPeriod int64
	faults, processes, active, ended uint32
}

// accounts are those of all that is or was in the job.
func (c *control) accounts() (a accounting, ok bool) {
	if c.job == 0 {
		return a, false
	}
	err := windows.QueryInformationJobObject(c.job, windows.JobObjectBasicAccountingInformation,
		uintptr(unsafe.Pointer(&a)), uint32(unsafe.Sizeof(a)), nil)
	return a, err == nil
}

func (c *control) survived() bool { return c.over && c.size() > 0 }

func (c *control) size() int {
	a, ok := c.accounts()
	if ok && !c.over {
		return int(a.active) - 1
	}
	return int(a.active)
}

func (c *control) children() (int, error) { return 0, ErrUnknown }

// signal sends a Ctrl-Break for an interrupt, which a Go program sees as
// os.Interrupt. Windows has no other signal but to kill.
func (c *control) signal(cmd *exec.Cmd, sig os.Signal) error {
	switch sig {
	case os.Kill:
		c.kill(cmd)
		return nil
	case os.Interrupt:
		if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(cmd.Process.Pid)); err != nil {
			return fmt.Errorf("%w: Ctrl-Break: %w", ErrNoSignal, err)
		}
		return nil
	}
	return fmt.Errorf("%w: %v", ErrNoSignal, sig)
}

// awaitExit waits for the process, too. Here it is known by a handle, which
// stays its own.
func (c *control) awaitExit(cmd *exec.Cmd) { cmd.Wait() }

func (c *control) exit(state *os.ProcessState) Exit {
	exit := Exit{Code: state.ExitCode(), CPU: state.UserTime() + state.SystemTime()}
	if c.killed && exit.Code == killedCode {
		exit.Code, exit.Signal = -1, "SIGKILL"
	}
	return exit
}

func (c *control) activity() (watch.Activity, error) {
	if c.family {
		if a, ok := c.accounts(); ok {
			c.sum.CPU, c.sum.KnowsCPU = time.Duration(a.userTime+a.kernelTime)*100, true
		}
		return c.sum, nil
	}
	var created, exited, kernel, user windows.Filetime
	if windows.GetProcessTimes(c.process, &created, &exited, &kernel, &user) == nil {
		c.sum.CPU, c.sum.KnowsCPU = ticks(kernel)+ticks(user), true
	}
	return c.sum, nil
}

// ticks takes a time in units of 100 ns.
func ticks(t windows.Filetime) time.Duration {
	return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * 100
}

func (c *control) cpu(int) time.Duration {
	c.activity()
	return c.sum.CPU
}

func (c *control) last() watch.Activity { return c.sum }

func (c *control) timers() (shortest time.Duration, armed, known bool) { return 0, false, false }

func (c *control) descriptors(int) (int, error) { return 0, ErrUnknown }

// withUmask has nothing to do: there are no modes.
func withUmask(_ *int, launch func(*exec.Cmd) error) func(*exec.Cmd) error { return launch }

// start starts a program. Its limits are its job's.
func (l Limits) start(cmd *exec.Cmd) error { return cmd.Start() }

// marked has nothing to mark with.
func (c *control) marked(_ bool, launch func(*exec.Cmd) error) func(*exec.Cmd) error { return launch }
