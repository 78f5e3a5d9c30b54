package main

import (
	"errors"
	"syscall"
)

// connectionRefused is WSAECONNREFUSED.
const connectionRefused = syscall.Errno(10061)

// nobodyListens reports whether an attempt to connect has failed because there is
// nobody who could accept it.
func nobodyListens(err error) bool { return errors.Is(err, connectionRefused) }
