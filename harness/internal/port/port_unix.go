//go:build unix

package port

import (
	"net/netip"
	"syscall"
)

// holdTCP binds a socket and does not listen.
func holdTCP(addr netip.AddrPort) (func(), error) {
	return bound(addr, syscall.SOCK_STREAM, func(fd int, own syscall.Sockaddr) error {
		// Connections of the listener before it may still be known there.
		if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
			return err
		}
		return syscall.Bind(fd, own)
	})
}

// holdUDP binds a socket and connects it to itself: it takes datagrams of its
// own only, and sends none.
func holdUDP(addr netip.AddrPort) (func(), error) {
	return bound(addr, syscall.SOCK_DGRAM, func(fd int, own syscall.Sockaddr) error {
		if err := syscall.Bind(fd, own); err != nil {
			return err
		}
		return syscall.Connect(fd, own)
	})
}

func bound(addr netip.AddrPort, kind int, bind func(fd int, own syscall.Sockaddr) error) (func(), error) {
	syscall.ForkLock.RLock()
	fd, err := syscall.Socket(syscall.AF_INET, kind, 0)
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, err
	}
	own := &syscall.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()}
	if err := bind(fd, own); err != nil {
		syscall.Close(fd)
		return nil, err
	}
	return func() { syscall.Close(fd) }, nil
}
