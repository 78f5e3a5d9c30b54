package main

import "fmt"

// readName first finds out where the labels lie, and copies them then.
func readName(b []byte, at int) (name, int, error) {
	var from, to []int
	size, end, floor := 0, -1, at
	for {
		if at < 0 || at >= len(b) {
			return "", 0, fmt.Errorf("byte %d: no name is here", at)
		}
		c := int(b[at])
		if c > 63 && c < 192 {
			return "", 0, fmt.Errorf("byte %d: %d is no length", at, c)
		}
		if c >= 192 {
			if at+2 > len(b) {
				return "", 0, fmt.Errorf("byte %d: half a pointer", at)
			}
			if end < 0 {
				end = at + 2
			}
			target := (c-192)*256 + int(b[at+1])
			if target >= floor {
				return "", 0, fmt.Errorf("byte %d: a pointer to %d", at, target)
			}
			at, floor = target, target
			continue
		}
		if at+1+c > len(b) {
			return "", 0, fmt.Errorf("byte %d: half a label", at)
		}
		from, to = append(from, at), append(to, at+1+c)
		if size += 1 + c; size > 255 {
			return "", 0, fmt.Errorf("byte %d: a name that is too long", at)
		}
		at += 1 + c
		if c == 0 {
			break
		}
	}
	if end < 0 {
		end = at
	}
	n := make([]byte, 0, size)
	for i := range from {
		n = append(n, b[from[i]:to[i]]...)
	}
	return name(n), end, nil
}
