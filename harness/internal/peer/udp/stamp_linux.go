package udp

import (
	"syscall"
	"time"
	"unsafe"

	"wirebook/harness/internal/sys"
)

// stamp has the kernel note when each datagram reaches the socket (SO_TIMESTAMPNS in
// socket(7)).
func stamp(fd uintptr) {
	_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1)
}

// receive takes a datagram off the kernel's queue, if there is one, and tells when the
// kernel got it: the zero Time where that is not known.
func receive(fd int, buf []byte) (n int, from syscall.Sockaddr, at time.Time, err error) {
	control := make([]byte, syscall.CmsgSpace(int(unsafe.Sizeof(syscall.Timespec{}))))
	called := time.Now()
	n, controls, _, from, err := syscall.Recvmsg(fd, buf, control, syscall.MSG_DONTWAIT)
	if err != nil {
		return 0, nil, at, err
	}
	got, ok := stamped(control[:controls])
	// A stamp is younger than our call when the kernel has not begun to stamp: it
	// gives the time of the reading then.
	if !ok || got.After(called) || sys.Blind() {
		return n, from, at, nil
	}
	// The kernel stamps by the clock of the wall, which may be set at any time; how
	// old the datagram is now is taken off a clock that is not.
	now := time.Now()
	return n, from, now.Add(-now.Sub(got)), nil
}

// stamped reads the kernel's stamp.
func stamped(control []byte) (time.Time, bool) {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return time.Time{}, false
	}
	for _, m := range messages {
		if m.Header.Level == syscall.SOL_SOCKET && m.Header.Type == syscall.SO_TIMESTAMPNS {
			return time.Unix((*syscall.Timespec)(unsafe.Pointer(unsafe.SliceData(m.Data))).Unix()), true
		}
	}
	return time.Time{}, false
}
