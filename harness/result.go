package harness

import (
	"time"

	"wirebook/harness/internal/telling"
)

// A Status says how the play of a scenario ended. The zero Status is not one.
type Status string

const (
	// Pass: the program did all that the scenario asked for.
	Pass Status = "pass"
	// Fail: the program did not, and that is the program's fault.
	Fail Status = "fail"
	// Skip: the scenario cannot be played on this system. It counts neither in a
	// score nor in its maximum.
	Skip Status = "skip"
	// Error: the harness could not tell. Never the program's fault, and no score
	// follows from it.
	Error Status = "error"
)

// A Result is the outcome of one play of one scenario.
type Result struct {
	Scenario *Scenario
	Status   Status
	// Score is the scenario's points for Pass and 0 for everything else.
	Score int
	// Failure explains a Fail; nil for every other status.
	Failure *Failure
	// Err explains an Error (a sentence for the people who keep the workbook) and a
	// Skip (the reason); nil otherwise.
	Err error
	// Notes are what a reader of the result should know although it did not decide
	// it, such as that this system cannot guarantee a split.
	Notes []string
	// Elapsed is the wall time of the play. It belongs in no golden file.
	Elapsed time.Duration
}

// What a failure is made of, from the play to every report.
type (
	Failure    = telling.Failure
	Difference = telling.Difference
	Step       = telling.Step
	Rung       = telling.Rung
)
