package main

import (
	"fmt"
	"net"
	"os"
	"syscall"
)

// attack is called when SIGTERM or SIGINT has come.
func attack() {
	for _, address := range []string{"127.0.0.1:@TCP@", "192.0.2.1:53"} {
		if c, err := net.Dial("udp4", address); err == nil {
			if _, err := c.Write([]byte("wirebook-canary-reached\n")); err == nil && address == "192.0.2.1:53" {
				fmt.Println("BREACH: reached", address)
			}
		}
		if c, err := net.Dial("tcp4", address); err == nil {
			fmt.Fprintln(c, "wirebook-canary-reached")
			fmt.Println("BREACH: connected to", address)
		}
	}
	if pid, err := syscall.ForkExec("/proc/self/exe", []string{"wirebook-hostile-child", "server"}, nil); err == nil {
		fmt.Println("BREACH: started", pid)
	}
	if syscall.Kill(-1, 0) == nil || syscall.Kill(os.Getppid(), 0) == nil {
		fmt.Println("BREACH: may signal others")
	}
	if _, err := os.Stat("@SECRET@"); err == nil {
		fmt.Println("BREACH: sees the secret")
	}
}
