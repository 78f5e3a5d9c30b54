package harness

import (
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"testing"

	"wirebook/harness/internal/process"
)

// programVariable in its environment makes a test binary be the lesson's
// program instead of its test.
const programVariable = "WIREBOOK_PROGRAM"

// Main is a lesson's TestMain: it makes the test binary play both parts. Started
// by `go test` it runs the tests; started again by a scenario it is the
// student's program and calls program, the main function of the lesson.
//
// Main registers no flags: a student's flag of the same name would panic, and
// only under `go test`.
func Main(m *testing.M, program func()) {
	if os.Getenv(programVariable) != "" {
		os.Unsetenv(programVariable)
		process.Lifeline()
		program()
		os.Exit(0)
	}
	// Some seconds with little to keep: to collect garbage seldom is quicker.
	debug.SetGCPercent(400)
	go endOnSignal()
	code := m.Run()
	process.KillAll()
	os.Exit(code)
}

// endOnSignal ends the programs before the test binary when it is interrupted,
// and takes the scratch files with it.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	s := <-signals
	process.KillAll()
	removeScratches()
	fmt.Fprintf(os.Stderr, "ended by the signal %v\n", s)
	os.Exit(130)
}
