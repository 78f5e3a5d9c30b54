package main

import (
	"os"
	"os/exec"
	"testing"

	"wirebook/grader/internal/cache"
	"wirebook/grader/internal/zone"
)

// asGrader is the variable that makes the test binary the grader, for tests of
// several that run at once.
const asGrader = "WIREBOOK_TEST_AS_GRADER"

// TestMain makes the test binary what the grader makes of itself, too.
func TestMain(m *testing.M) {
	zone.Main()
	if os.Getenv(asGrader) != "" {
		main()
	}
	// What a test is about has to happen each time that it runs.
	if err := os.Setenv(cache.Variable, cache.Off); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// graderCommand is the grader with these arguments, as a process of its own.
func graderCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), asGrader+"=1")
	return cmd
}

// needsAll skips a test of what students do not get: solutions and sample classes.
func needsAll(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("../solutions/chat"); err != nil {
		t.Skip("a student's copy has no solutions")
	}
}
