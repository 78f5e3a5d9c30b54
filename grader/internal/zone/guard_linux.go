package zone

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// guardName is the first argument of an executable that is to guard a zone.
const guardName = "wirebook-guard"

// guard puts a guard between the grader and a zone whose programs may start others.
// Where there is no process namespace, those live on when the zone is killed, or the
// grader, and with it the one that would have killed them. The guard does not end
// with the grader, but with the zone, and it ends whatever the zone has left.
func (p *process) guard() {
	p.Args = []string{guardName}
	p.SysProcAttr.Pdeathsig = 0
	p.Cancel = func() error { return p.Process.Signal(syscall.SIGTERM) }
	p.WaitDelay = time.Minute // it takes as long as that takes
}

// guard starts a zone, waits for its end, and returns its exit status.
func guard() int {
	runtime.LockOSThread() // with which the zone would die
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		fmt.Fprintln(os.Stderr, "guard:", err)
		return 1
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	zone := exec.Command("/proc/self/exe")
	zone.Args = []string{zoneName}
	zone.Stdin, zone.Stderr = os.Stdin, os.Stderr
	zone.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	for fd := uintptr(resultsFD); fd < resultsFD+8; fd++ {
		if _, err := unix.FcntlInt(fd, unix.F_GETFD, 0); err != nil {
			break
		}
		zone.ExtraFiles = append(zone.ExtraFiles, os.NewFile(fd, "inherited"))
	}
	if err := zone.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "guard:", err)
		return 1
	}
	for _, f := range zone.ExtraFiles {
		f.Close() // the grader waits for the zone's last word, and not for ours
	}
	go func() {
		<-told
		_ = zone.Process.Kill() // it fails where it has ended
	}()
	_ = zone.Wait()
	endOrphans()
	if zone.ProcessState.Success() {
		return 0
	}
	return 1
}

// endOrphans ends the children of this process, those that become its children then,
// and so on, until there are none.
func endOrphans() {
	for {
		for _, pid := range children() {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
		if _, err := unix.Wait4(-1, nil, 0, nil); err == unix.ECHILD {
			return
		}
	}
}

// children are the numbers of this process's children.
func children() (pids []int) {
	own := []byte(strconv.Itoa(os.Getpid()))
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is a good one
	for _, name := range stats {
		stat, _ := os.ReadFile(name) // it may be gone by now
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) > 1 && bytes.Equal(fields[1], own) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}
