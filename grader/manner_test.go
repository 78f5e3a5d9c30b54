package main

import (
	"bytes"
	"strings"
	"testing"
)

// check --repeat says how often a scenario failed.
func TestRepeat(t *testing.T) {
	program := inPython(t, "one_recv_server.py")
	t.Setenv(asGrader, "1") // this executable is what --load starts
	var stdout, stderr bytes.Buffer
	args := append([]string{"check", "chat", "--repeat", "3", "--load", "--scenario", "glued-lines", "--"}, program...)
	if status := run(t.Context(), args, &stdout, &stderr); status != exitBelow || !strings.Contains(stdout.String(), "it failed in 3 of 3 plays") {
		t.Errorf("exit status %d: %s\n%s", status, &stderr, &stdout)
	}
}
