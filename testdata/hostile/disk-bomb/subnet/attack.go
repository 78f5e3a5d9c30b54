package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	block := make([]byte, 1<<20)
	for _, dir := range []string{".", os.TempDir(), "/dev/shm", "/dev", "/etc", "/"} {
		f, err := os.Create(filepath.Join(dir, "large"))
		if err != nil {
			continue
		}
		if dir != "." && dir != os.TempDir() {
			fmt.Println("BREACH: may write to", dir)
		}
		for range 64 {
			if _, err := f.Write(block); err != nil {
				break
			}
		}
		f.Close()
		for i := range 1000 {
			if os.WriteFile(filepath.Join(dir, fmt.Sprint("small", i)), nil, 0o600) != nil {
				break
			}
		}
	}
}
