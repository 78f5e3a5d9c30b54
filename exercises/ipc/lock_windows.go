package main

import (
	"errors"
	"os"
	"syscall"
	"time"
	"unsafe"
)

var lockFileEx = syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")

const (
	// lockExclusive is LOCKFILE_EXCLUSIVE_LOCK of LockFileEx.
	lockExclusive = 0x2
	// sharingViolation is ERROR_SHARING_VIOLATION: somebody has the file open.
	sharingViolation = syscall.Errno(32)
)

// lockFile waits until no other process holds the lock of the file at path and takes
// it. The file is made if it is missing. The system gives the lock back when unlock
// is called or when this process ends, however it ends: nobody waits for the dead.
func lockFile(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	var from syscall.Overlapped // the range that is locked begins at byte 0
	ok, _, errno := lockFileEx.Call(file.Fd(), lockExclusive, 0, 1, 0, uintptr(unsafe.Pointer(&from)))
	if ok == 0 {
		_ = file.Close()
		return nil, &os.PathError{Op: "lock", Path: path, Err: errno}
	}
	return func() { _ = file.Close() }, nil
}

// replaceFile gives the file from the name to. Whoever opens to sees the file that
// had this name before, or the new one, whole. Windows refuses while somebody has
// the old file open; it is tried again for a second. Not every way of put needs it.
func replaceFile(from, to string) error {
	for deadline := time.Now().Add(time.Second); ; time.Sleep(time.Millisecond) {
		err := os.Rename(from, to)
		busy := errors.Is(err, sharingViolation) || errors.Is(err, syscall.ERROR_ACCESS_DENIED)
		if err == nil || !busy || time.Now().After(deadline) {
			return err
		}
	}
}
