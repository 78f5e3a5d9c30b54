package grade

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestFewFiles(t *testing.T) {
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &old); err != nil {
		t.Fatal(err)
	}
	if err := unfit(); err != nil {
		t.Skipf("this machine is unfit: %v", err)
	}
	few := old
	few.Cur = leastFiles - 1
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	err := unfit()
	if back := unix.Setrlimit(unix.RLIMIT_NOFILE, &old); back != nil {
		t.Fatal(back)
	}
	if err != errFewFiles {
		t.Errorf("error %v; want %v", err, errFewFiles)
	}
}
