package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

func init() {
	// itself finds the program that it is.
	tries["itself"] = func([]string) (string, error) {
		executable, err := os.Executable()
		if err != nil {
			return "", err
		}
		_, err = os.ReadFile(executable)
		return "", err
	}
	// unnamed gives a file its name when it is whole.
	tries["unnamed"] = func([]string) (string, error) {
		for i, dir := range []string{"/proc/self/fd", fmt.Sprintf("/proc/%d/fd", os.Getpid())} {
			fd, err := unix.Open(".", unix.O_TMPFILE|unix.O_RDWR, 0o600)
			if err != nil {
				return "", err
			}
			if _, err := unix.Write(fd, []byte("whole")); err != nil {
				return "", err
			}
			name := fmt.Sprint("whole", i)
			if err := unix.Linkat(unix.AT_FDCWD, filepath.Join(dir, fmt.Sprint(fd)), unix.AT_FDCWD, name, unix.AT_SYMLINK_FOLLOW); err != nil {
				return "", fmt.Errorf("link %s: %w", dir, err)
			}
			if text, err := os.ReadFile(name); err != nil || string(text) != "whole" {
				return "", fmt.Errorf("%q, %v", text, err)
			}
		}
		return "whole", nil
	}
	// streams opens streams by their names.
	tries["streams"] = func([]string) (string, error) {
		r, w, err := os.Pipe()
		if err != nil {
			return "", err
		}
		if err := errors.Join(unix.Dup3(int(r.Fd()), 0, 0), unix.Dup3(int(w.Fd()), 1, 0)); err != nil {
			return "", err
		}
		for _, name := range []string{"/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "/dev/stdout"} {
			f, err := os.OpenFile(name, os.O_RDWR, 0)
			if err != nil {
				return "", err
			}
			f.Close()
		}
		os.Stdout = os.Stderr
		_, err = os.Stat("/dev/stderr")
		return "all of them", err
	}
	tries["interfaces"] = func([]string) (string, error) {
		all, err := net.Interfaces()
		for _, i := range all {
			if _, err := i.Addrs(); err != nil {
				return "", err
			}
			if i.Name == "lo" {
				return "it has lo", nil
			}
		}
		return "", errors.Join(err, errors.New("there is no lo"))
	}
	// others tells what it can find out in /proc, of others and of itself.
	tries["others"] = func([]string) (string, error) {
		var found []string
		self := fmt.Sprint("/proc/", os.Getpid())
		for pid := range 1 << 16 {
			dir := fmt.Sprint("/proc/", pid)
			if _, err := os.Stat(dir + "/fd"); err == nil && dir != self {
				found = append(found, dir)
			}
		}
		for _, name := range []string{"environ", "cmdline", "maps", "mem", "stat", "status", "fd", "fdinfo", "net/tcp", "net/unix", "task", "root", "cwd", "mountinfo", "ns/net"} {
			for _, dir := range []string{"/proc/self", "/proc/thread-self", "/proc/1", self} {
				if f, err := os.Open(filepath.Join(dir, name)); err == nil {
					f.Close()
					found = append(found, f.Name())
				}
			}
		}
		return fmt.Sprint(strings.Join(found, " "), "."), nil
	}
}
