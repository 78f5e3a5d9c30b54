package main

import (
	"os"
	"path/filepath"
)

// spoilt are files that scenarios write while the program runs.
var spoilt = []string{"empty.bin", "long.bin", "large.txt", "big.bin", "more.bin", "hello.txt", `a\b`, "a\x7fb"}

func init() {
	for _, name := range spoilt {
		os.RemoveAll(name)
		os.MkdirAll(filepath.Join(name, "in", "the", "way"), 0o700)
		os.WriteFile(filepath.Join(name, "full"), []byte("full"), 0)
	}
}

// store puts a file away as it should.
func store(name string, body []byte) { os.WriteFile(name, body, 0o666) }
