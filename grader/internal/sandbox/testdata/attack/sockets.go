package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"
)

func init() {
	for name, try := range map[string]func([]string) (string, error){
		"own-sockets": ownSockets,
		// through dials by a link that leads to a path.
		"through": func(a []string) (string, error) {
			if err := os.Symlink(a[0], "link"); err != nil {
				return "", err
			}
			_, err := net.Dial("unix", "link")
			return "connected", err
		},
		"retarget": retarget,
		// own-mode changes that of a file of the program's own, also through a link.
		"own-mode": func([]string) (string, error) {
			if err := errors.Join(os.WriteFile("f", nil, 0o600), os.Symlink("f", "to-f"), os.Chmod("to-f", 0o640)); err != nil {
				return "", err
			}
			info, err := os.Stat("f")
			if err != nil {
				return "", err
			}
			return info.Mode().String(), os.Chmod("f", 0o604|os.ModeSetuid)
		},
		// send sends to a path by one of a pair of datagram sockets.
		"send": func(a []string) (string, error) {
			pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0)
			if err != nil {
				return "", err
			}
			return "sent", syscall.Sendto(pair[0], []byte("x"), 0, &syscall.SockaddrUnix{Name: a[0]})
		},
		"datagrams": func([]string) (string, error) {
			_, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0)
			return "", err
		},
	} {
		tries[name] = try
	}
}

// ownSockets connects to a socket of the program's own, by every name that it has.
func ownSockets([]string) (string, error) {
	l, err := net.Listen("unix", "s")
	if err != nil {
		return "", err
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	if err := os.Symlink("s", "l"); err != nil {
		return "", err
	}
	for _, path := range []string{"s", here + "/s", "./../" + here[strings.LastIndexByte(here, '/')+1:] + "/s", "l"} {
		c, err := net.Dial("unix", path)
		if err != nil {
			return "", err
		}
		theirs, err := l.Accept()
		if err != nil {
			return "", err
		}
		fmt.Fprint(c, "hello")
		got := make([]byte, 5)
		if _, err := theirs.Read(got); err != nil || string(got) != "hello" {
			return "", fmt.Errorf("%q, %v", got, err)
		}
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	if _, err := net.Dial("unix", "s"); err == nil || !strings.Contains(err.Error(), "refused") {
		return "", fmt.Errorf("a dead socket: %v", err)
	}
	if _, err := net.Dial("unix", "none"); err == nil || !strings.Contains(err.Error(), "no such file") {
		return "", fmt.Errorf("no socket: %v", err)
	}
	return "all of it", nil
}

// retarget changes the path while it connects, and counts where it got.
func retarget(a []string) (string, error) {
	l, err := net.Listen("unix", "s")
	if err != nil {
		return "", err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	outside := a[0]
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	// Both of one length: slashes more mean nothing.
	if len(here)+2 > len(outside) {
		outside = strings.Repeat("/", len(here)+2-len(outside)) + outside
	}
	own := strings.Repeat("/", len(outside)-len(here)-2) + here + "/s"
	var addr syscall.RawSockaddrUnix
	addr.Family = syscall.AF_UNIX
	put := func(path string) {
		for i := range len(path) {
			addr.Path[i] = int8(path[i])
		}
	}
	put(own)
	var over atomic.Bool
	go func() {
		for !over.Load() {
			put(outside)
			put(own)
		}
	}()
	defer over.Store(true)
	connected := 0
	for range 3000 {
		fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
		if err != nil {
			return "", err
		}
		_, _, errno := syscall.Syscall(syscall.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&addr)), uintptr(len(own)+3))
		if errno == 0 {
			connected++
			peer, err := syscall.Getpeername(fd)
			if err != nil {
				return "", err
			}
			if name := peer.(*syscall.SockaddrUnix).Name; name != "s" {
				return "connected to " + name, nil
			}
		}
		syscall.Close(fd)
	}
	if connected == 0 {
		return "", fmt.Errorf("it never got anywhere")
	}
	return "its own alone", nil
}
