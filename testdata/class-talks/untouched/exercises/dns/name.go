package main

import "errors"

// readName reads the name that begins at a place of a message, and returns it complete,
// and the place behind it: behind the zero byte at its end or, if there is one, behind
// its first pointer.
//
// It is an error if the bytes end in the name, if the name has more than 255 bytes, if a
// length begins with the bits 01 or 10, and if a pointer leads to no earlier place.
func readName(b []byte, at int) (n name, next int, err error) {
	return "", 0, errors.New("name.go: readName is not written yet")
}
