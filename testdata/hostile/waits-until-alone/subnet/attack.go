package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	main()
	time.Sleep(100 * time.Millisecond)
	if pid, err := syscall.ForkExec("/proc/self/exe", []string{"wirebook-hostile-child", "info"}, nil); err == nil {
		fmt.Println("BREACH: started", pid)
	}
	if syscall.Kill(-1, 0) == nil || syscall.Kill(os.Getppid(), 0) == nil {
		fmt.Println("BREACH: may signal others")
	}
	for _, name := range []string{"@RESULTS@/breach", "@SECRET@"} {
		if f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600); err == nil {
			fmt.Println("BREACH: may write", name)
			f.Close()
		}
	}
	os.Exit(0)
}
