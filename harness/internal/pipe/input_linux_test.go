package pipe

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// A process that is just being started has a copy of our end of the pipe, and
// with it open the program sees no end of its input.
func TestInputEndsForAll(t *testing.T) {
	far, file, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	copied, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	in := NewInput(file, far, func() {})
	defer in.Abandon()
	in.Close()
	if in.Settled() {
		t.Error("settled, and the program cannot see the end")
	}
	if err := unix.Close(copied); err != nil {
		t.Fatal(err)
	}
	if !in.Settled() {
		t.Error("not settled, and nobody else can write")
	}
}
