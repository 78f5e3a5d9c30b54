//go:build unix

package process

import (
	"io"
	"os"
	"strconv"
	"syscall"
)

// lifelineVariable names the descriptor of a pipe whose other end is held by
// the process that started us, and by nobody else.
const lifelineVariable = "WIREBOOK_LIFELINE"

func lifeline() {
	fd, err := strconv.Atoi(os.Getenv(lifelineVariable))
	os.Unsetenv(lifelineVariable)
	if err != nil || fd < 3 {
		return
	}
	syscall.CloseOnExec(fd)
	pipe := os.NewFile(uintptr(fd), "lifeline")
	if pipe == nil {
		return
	}
	go func() {
		// Nothing is ever written to it.
		if n, err := pipe.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			return
		}
		if syscall.Getpgrp() == os.Getpid() {
			syscall.Kill(0, syscall.SIGKILL)
		}
		os.Exit(137)
	}()
}
