// Package lessontest lets `go test` play a lesson's scenarios. A lesson's test is
// three lines:
//
//	func TestMain(m *testing.M)      { lessontest.Main(m, main) }
//	func TestScenarios(t *testing.T) { lessontest.Test(t) }
//
// The test binary plays both parts. Started by `go test` it runs the tests; started
// again by a scenario it is the student's program.
package lessontest

import (
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"testing"

	"wirebook/harness"
)

// programVariable in its environment makes a test binary be the lesson's program
// instead of its test.
const programVariable = "WIREBOOK_PROGRAM"

// calmRace keeps a program that is built with the race detector from sleeping for a
// second before it ends.
const calmRace = "GORACE=atexit_sleep_ms=0"

// Main is a lesson's TestMain; program is the lesson's main function.
//
// It registers no flags: a student's flag of the same name would panic, and only
// under `go test`.
func Main(m *testing.M, program func()) {
	if os.Getenv(programVariable) != "" {
		os.Unsetenv(programVariable)
		harness.Lifeline()
		program()
		os.Exit(0)
	}
	// Some seconds with little to keep: to collect garbage seldom is quicker.
	debug.SetGCPercent(400)
	go endOnSignal()
	code := m.Run()
	harness.EndPrograms()
	os.Exit(code)
}

// endOnSignal ends the programs before the test binary when it is interrupted.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	s := <-signals
	harness.EndPrograms()
	fmt.Fprintf(os.Stderr, "ended by the signal %v\n", s)
	os.Exit(130)
}

// Self is the test binary as a program that Main makes of it.
func Self() (harness.Program, error) {
	path, err := os.Executable()
	return harness.Program{Path: path, Env: append(harness.BaseEnvironment(), programVariable+"=1", calmRace)}, err
}
