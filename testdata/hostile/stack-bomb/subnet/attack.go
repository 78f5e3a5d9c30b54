package main

import "os"

func init() {
	if len(os.Args) > 2 && os.Args[2] == "192.168.1.199" {
		deeper([1 << 10]byte{})
	}
}

//go:noinline
func deeper(frame [1 << 10]byte) byte {
	frame[0]++
	return deeper(frame) + frame[len(os.Args)]
}
