package pipe

import (
	"os"

	"wirebook/harness/internal/sys"
)

// keepFar keeps the end of the pipe that the program reads from: through it can
// be seen what lies in the pipe also after our own end was closed. It does not
// keep the program from seeing the end.
func keepFar(far *os.File) *os.File {
	if sys.Blind() {
		far.Close()
		return nil
	}
	return far
}

// hungUp tells whether nobody can write to the pipe any more.
func hungUp(far *os.File) bool {
	raw, err := far.SyscallConn()
	if err != nil {
		return true
	}
	up := true
	raw.Control(func(fd uintptr) {
		if got, err := sys.HungUp(int(fd)); err == nil {
			up = got
		}
	})
	return up
}

func inPipe(f *os.File) (n int64, known bool) {
	raw, err := f.SyscallConn()
	if err != nil || sys.Blind() {
		return 0, false
	}
	raw.Control(func(fd uintptr) {
		if got, err := sys.Ioctl(int(fd), sys.Unread); err == nil {
			n, known = int64(got), true
		}
	})
	return n, known
}
