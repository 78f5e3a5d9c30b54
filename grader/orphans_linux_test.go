package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// adoptOrphans makes this process the parent of whatever outlives its parent
// below it, until release is called.
func adoptOrphans(t *testing.T) (release func()) {
	t.Helper()
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	return func() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) }
}

// childrenLeft lists the children of this process that still run something, and
// ends them.
func childrenLeft(t *testing.T) (found []string) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range stats {
		stat, _ := os.ReadFile(file) // it may be gone by now
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[0] == "Z" || fields[1] != strconv.Itoa(os.Getpid()) {
			continue
		}
		found = append(found, string(stat))
		if pid, err := strconv.Atoi(strings.Fields(string(stat))[0]); err == nil {
			_ = unix.Kill(pid, unix.SIGKILL)
		}
	}
	return found
}

// A process whose parent has ended is seen.
func TestChildrenLeft(t *testing.T) {
	release := adoptOrphans(t)
	defer release()
	if out, err := exec.Command("sh", "-c", "sleep 600 </dev/null >/dev/null 2>&1 & echo $!").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if left := childrenLeft(t); len(left) != 1 {
		t.Errorf("children %q; want one", left)
	}
}
