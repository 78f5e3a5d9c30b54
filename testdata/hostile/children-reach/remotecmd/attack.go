package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// A puppet says on standard error why something did not work.
func init() {
	if !slices.Contains(os.Args, "1h") {
		return
	}
	for _, args := range []string{
		"touch @RESULTS@/touched", "touch /touched", "touch /etc/touched", "touch /tmp/../touched", "touch @SECRET@.touched",
		"touch /proc/self/cwd/../touched", "touch /proc/1/root/touched", "touch /dev/touched",
	} {
		if exec.Command("bin/tool", strings.Fields(args)...).Run() == nil {
			fmt.Println("BREACH:", args)
		}
	}
	// It says its name to whoever listens, who would tell of it.
	for _, addr := range []string{"127.0.0.1:@TCP@", "[::1]:@TCP@"} {
		cmd := exec.Command("bin/tool", "obey", addr, "breach")
		if cmd.Start() == nil {
			time.AfterFunc(3*time.Second, func() { cmd.Process.Kill() })
			cmd.Wait()
		}
	}
}
