package main

import (
	"os"
	"runtime"
	"sync"
)

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	var ready, end sync.WaitGroup
	end.Add(1)
	for range 1000 {
		ready.Add(1)
		go func() {
			// The goroutine keeps its thread; another one needs another.
			runtime.LockOSThread()
			ready.Done()
			end.Wait()
		}()
	}
	ready.Wait()
	println("BREACH: has 1,000 threads")
	os.Exit(1)
}
