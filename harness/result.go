package harness

import (
	"time"

	"wirebook/harness/telling"
)

// A Status says how the play of a scenario ended.
type Status = telling.Status

// The statuses.
const (
	Pass  = telling.Pass
	Fail  = telling.Fail
	Skip  = telling.Skip
	Error = telling.Error
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
