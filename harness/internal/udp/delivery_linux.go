package udp

import (
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// marker is a socket connected to itself, made when it is first needed.
var marker struct {
	sync.Mutex
	fd   int
	open bool
}

// delivered calls send, which sends over loopback, and returns when what was
// sent lies in its receiver's queue.
//
// Mostly it does when send returns. But a busy machine may put delivery off,
// and then what is sent next on another processor could overtake it: a correct
// program would see our datagrams in the wrong order. Each processor keeps the
// order of what was sent on it. So the thread stays on one, and sends a
// datagram to itself: when that has arrived, so has what went before.
func delivered(send func()) {
	marker.Lock()
	defer marker.Unlock()
	if !openMarker() {
		send()
		return
	}
	leave, ok := stay()
	if !ok {
		send()
		return
	}
	defer leave()
	send()
	if !passMarker() { // it would be taken for the next one, if it came late
		unix.Close(marker.fd)
		marker.open = false
	}
}

func openMarker() bool {
	if marker.open {
		return true
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return false
	}
	err = unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	if err == nil {
		var local unix.Sockaddr
		if local, err = unix.Getsockname(fd); err == nil {
			err = unix.Connect(fd, local)
		}
	}
	if err != nil {
		unix.Close(fd)
		return false
	}
	marker.fd, marker.open = fd, true
	return true
}

// passMarker sends the marker and waits for it. A second is a backstop, for a
// firewall that lets nothing through.
func passMarker() bool {
	mark := []byte{0}
	if _, err := unix.Write(marker.fd, mark); err != nil {
		return false
	}
	ready := []unix.PollFd{{Fd: int32(marker.fd), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(ready, 1000)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return false
		}
		_, err = unix.Read(marker.fd, mark)
		return err == nil
	}
}

// stay keeps the caller on the processor that it runs on, until leave.
func stay() (leave func(), ok bool) {
	runtime.LockOSThread()
	var before, one unix.CPUSet
	if unix.SchedGetaffinity(0, &before) == nil {
		var cpu uint32
		_, _, errno := unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&cpu)), 0, 0)
		one.Set(int(cpu))
		if errno == 0 && unix.SchedSetaffinity(0, &one) == nil {
			return func() {
				_ = unix.SchedSetaffinity(0, &before) // what was allowed still is
				runtime.UnlockOSThread()
			}, true
		}
	}
	runtime.UnlockOSThread()
	return nil, false
}
