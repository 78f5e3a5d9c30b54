package main

import (
	"errors"
	"fmt"
	"os"
	"time"
)

func init() {
	tries["read"] = func(args []string) (string, error) {
		data, err := os.ReadFile(args[0])
		return fmt.Sprintf("%d bytes", len(data)), err
	}
	tries["write"] = func(args []string) (string, error) {
		return "", os.WriteFile(args[0], []byte("x"), 0o666)
	}
	tries["mode"] = func(args []string) (string, error) {
		return "", os.Chmod(args[0], 0o777)
	}
	tries["empty"] = func(args []string) (string, error) {
		return "", os.Truncate(args[0], 0)
	}
	tries["times"] = func(args []string) (string, error) {
		return "", os.Chtimes(args[0], time.Unix(1, 0), time.Unix(1, 0))
	}
	tries["attributes"] = func([]string) (string, error) {
		return "", errors.Join(os.WriteFile("one", nil, 0o600), os.Chmod("one", 0o644), os.Chtimes("one", time.Unix(1, 0), time.Unix(2, 0)))
	}
	tries["open-attributes"] = func([]string) (string, error) {
		f, err := os.Create("one")
		return "", errors.Join(err, f.Chmod(0o644), f.Close())
	}
	tries["link"] = func(args []string) (string, error) {
		if err := os.Symlink(args[0], "link"); err != nil {
			return "", err
		}
		data, err := os.ReadFile("link")
		return fmt.Sprintf("%d bytes", len(data)), err
	}
	// files does what a program may do with its own.
	tries["files"] = func([]string) (string, error) {
		for _, step := range []func() error{
			func() error { return os.MkdirAll("a/b", 0o777) },
			func() error { return os.WriteFile("a/b/one", []byte("one"), 0o600) },
			func() error { return os.Rename("a/b/one", "two") },
			func() error { return os.Link("two", "a/three") },
			func() error { return os.Symlink("../two", "a/link") },
			func() error { _, err := os.ReadFile("a/link"); return err },
			func() error { return os.Truncate("two", 1) },
			func() error { _, err := os.ReadDir("a"); return err },
			func() error { return os.RemoveAll("a") },
			func() error {
				f, err := os.CreateTemp("", "x")
				if err == nil {
					f.Close()
				}
				return err
			},
			func() error { return os.WriteFile("/dev/null", []byte("x"), 0) },
		} {
			if err := step(); err != nil {
				return "", err
			}
		}
		return "all of it", nil
	}
	tries["fill"] = func(args []string) (string, error) {
		f, err := os.Create(args[0])
		block := make([]byte, 1<<20)
		for n := 0; err == nil; n++ {
			if n == 8<<10 {
				return "8 GiB", nil
			}
			_, err = f.Write(block)
		}
		os.Remove(args[0])
		return "", err
	}
	tries["whoami"] = func([]string) (string, error) {
		dir, err := os.Getwd()
		host, _ := os.Hostname()
		zone, zoneErr := time.LoadLocation("Europe/Berlin")
		return fmt.Sprintf("args %q env %q dir %s host %s uid %d pid %d zone %v %v", os.Args[0], os.Environ(), dir, host, os.Getuid(), os.Getpid(), zone, zoneErr), err
	}
}
