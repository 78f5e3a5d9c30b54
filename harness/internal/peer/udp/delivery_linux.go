package udp

import (
	"sync"
	"syscall"

	"wirebook/harness/internal/sys"
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
	leave, ok := sys.Stay()
	if !ok {
		send()
		return
	}
	defer leave()
	send()
	if !passMarker() { // it would be taken for the next one, if it came late
		syscall.Close(marker.fd)
		marker.open = false
	}
}

func openMarker() bool {
	if marker.open {
		return true
	}
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	if err == nil {
		var local syscall.Sockaddr
		if local, err = syscall.Getsockname(fd); err == nil {
			err = syscall.Connect(fd, local)
		}
	}
	if err == nil {
		// A second is a backstop, for a firewall that lets nothing through.
		err = syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Sec: 1})
	}
	if err != nil {
		syscall.Close(fd)
		return false
	}
	marker.fd, marker.open = fd, true
	return true
}

// passMarker sends the marker and waits for it.
func passMarker() bool {
	mark := []byte{0}
	if _, err := syscall.Write(marker.fd, mark); err != nil {
		return false
	}
	_, err := sys.Read(marker.fd, mark)
	return err == nil
}
