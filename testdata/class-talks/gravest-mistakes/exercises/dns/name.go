package main

import "errors"

const longestName = 255

var (
	errNameEnds    = errors.New("the bytes end in a name")
	errNameLong    = errors.New("a name has more than 255 bytes")
	errNamePointer = errors.New("a pointer in a name leads to no earlier place")
	errNameLabel   = errors.New("a label's length is neither one nor a pointer")
)

// readName reads the name that begins at a place of a message, complete, and returns
// the place behind it: behind the first pointer, if there is one.
//
// A pointer stands for the rest of the name, which has been written before. It must
// lead to a place in front of the labels that are being read: one that leads elsewhere
// could be met again, for ever.
func readName(b []byte, at int) (n name, next int, err error) {
	var full []byte
	for run := at; ; { // run is where the labels begin that are being read
		if at >= len(b) {
			return "", 0, errNameEnds
		}
		switch length := int(b[at]); {
		case length >= 0xc0:
			if at+1 >= len(b) {
				return "", 0, errNameEnds
			}
			if next == 0 {
				next = at + 2
			}
			to := length&0x3f<<8 | int(b[at+1])
			if to >= run {
				return "", 0, errNamePointer
			}
			at, run = to, to
		case length >= 0x40:
			return "", 0, errNameLabel
		case len(b)-at < 1+length:
			return "", 0, errNameEnds
		default:
			full = append(full, b[at:at+1+length]...)
			if len(full) > longestName {
				return "", 0, errNameLong
			}
			at += 1 + length
			if length > 0 {
				continue
			}
			if next == 0 {
				next = at
			}
			return name(full), next, nil
		}
	}
}
