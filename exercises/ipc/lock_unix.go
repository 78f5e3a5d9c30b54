//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// lockFile waits until no other process holds the lock of the file at path and takes
// it. The file is made if it is missing. The system gives the lock back when unlock
// is called or when this process ends, however it ends: nobody waits for the dead.
func lockFile(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		_ = file.Close()
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return func() { _ = file.Close() }, nil
}

// replaceFile gives the file from the name to. Whoever opens to sees the file that
// had this name before, or the new one, whole. Not every way of put needs it.
//
//lint:ignore U1000 a program that writes behind the messages does not
func replaceFile(from, to string) error { return os.Rename(from, to) }
