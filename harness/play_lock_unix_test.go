//go:build unix

package harness_test

import (
	"bufio"
	"fmt"
	"os"
	"syscall"
)

// Programs that lock files.
var lockDemos = demos{
	// locks holds the lock of its argument from the beginning, and gives it back at
	// the end of a line.
	"locks": func(args []string) {
		f := must(os.OpenFile(args[0]+".lock", os.O_RDWR|os.O_CREATE, 0o600))
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
			panic(err)
		}
		fmt.Println("locked")
		bufio.NewReader(os.Stdin).ReadString('\n')
		syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
		select {}
	},
}
