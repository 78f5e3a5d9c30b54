package sandbox

import (
	"testing"

	"golang.org/x/sys/unix"
)

// Both kinds of children follow their steps, and the parent goes on.
func TestFork(t *testing.T) {
	s := new(plan)
	number := new(uintptr)
	s.do("know its number", unix.SYS_GETPID).save = number
	s.do("end", unix.SYS_EXIT_GROUP, 7)
	for _, test := range []struct {
		name  string
		fork  func(flags uintptr, steps []step, status uintptr) (uintptr, unix.Errno)
		child bool // it shares memory
	}{
		{"copy", fork, false},
		{"share", forkSharing, canShare},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.name == "share" && !canShare {
				t.Skip("not on this processor")
			}
			*number = 0
			var pid uintptr
			err := undisturbed(func() error {
				var errno unix.Errno
				if pid, errno = test.fork(0, s.steps, 0); errno != 0 {
					return errno
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			var status unix.WaitStatus
			if _, err := unix.Wait4(int(pid), &status, 0, nil); err != nil {
				t.Fatal(err)
			}
			if status.ExitStatus() != 7 {
				t.Errorf("the child's end: %v", status)
			}
			if shared := *number == pid; shared != test.child {
				t.Errorf("the child %d saved its number in memory where the parent finds %d", pid, *number)
			}
		})
	}
	if !canShare {
		return
	}
	if _, errno := forkSharing(unix.CLONE_THREAD, s.steps, 0); errno != unix.EINVAL {
		t.Errorf("a thread that handles signals by itself: %v", errno)
	}
}
