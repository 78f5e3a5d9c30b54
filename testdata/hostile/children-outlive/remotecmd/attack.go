package main

import (
	"net"
	"os"
	"os/exec"
	"slices"
	"syscall"
)

// A puppet that holds stays for two minutes where nobody kills it.
func init() {
	if !slices.Contains(os.Args, "1h") {
		return
	}
	for _, attr := range []*syscall.SysProcAttr{{}, {Setsid: true}, {Setpgid: true}, {Setsid: true, Pdeathsig: syscall.SIGCONT}} {
		for _, args := range [][]string{{"hold"}, {"mute"}} {
			cmd := exec.Command("bin/tool", args...)
			cmd.SysProcAttr = attr
			cmd.Start()
		}
	}
	// Of these the parent ends at once.
	if listener, err := listenHere(); err == nil {
		for range 4 {
			cmd := exec.Command("bin/tool", "detach", listener.Addr().String(), "bin/tool", "0", "0")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
			cmd.Run()
		}
	}
}
// listenHere is where their children connect to.
func listenHere() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		go func() {
			for {
				if _, err := listener.Accept(); err != nil {
					return
				}
			}
		}()
	}
	return listener, err
}
