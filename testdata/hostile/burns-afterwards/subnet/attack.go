package main

import (
	"os"
	"time"
)

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	main()
	end := time.Now().Add(time.Minute)
	for range 8 {
		go func() {
			for time.Now().Before(end) {
			}
		}()
	}
	for time.Now().Before(end) {
	}
}
