//go:build unix

package main

import (
	"errors"
	"syscall"
)

// nobodyListens reports whether an attempt to connect has failed because there is
// nobody who could accept it.
func nobodyListens(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }
