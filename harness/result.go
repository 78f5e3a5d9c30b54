package harness

import "time"

// A Status says how the play of a scenario ended. The zero Status is not one.
type Status string

const (
	// Pass: the program did all that the scenario asked for.
	Pass Status = "pass"
	// Fail: the program did not, and that is the program's fault.
	Fail Status = "fail"
	// Skip: the scenario cannot be played on this system. It counts neither
	// in a score nor in its maximum.
	Skip Status = "skip"
	// Error: the harness could not tell. Never the program's fault, and no
	// score follows from it.
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
	// Err explains an Error (a sentence for the people who keep the workbook)
	// and a Skip (the reason); nil otherwise.
	Err error
	// Notes are what a reader of the result should know although it did not
	// decide it, such as that this system cannot guarantee a split.
	Notes []string
	// Transcript is everything that passed between peers and programs.
	Transcript *Transcript
	// Elapsed is the wall time of the play. It belongs in no golden file.
	Elapsed time.Duration
}

// A Failure is the student's fault, told so that it stands by itself. Addresses
// of peers and programs in it read ‹NAME›, so that two plays of one program
// give the same text.
type Failure struct {
	// Position is where in the scenario, as "greeting.txtar:8".
	Position string
	// Phase is the promise that was broken: the scenario's last # line.
	Phase string
	// Steps are the commands up to and including the one that failed.
	Steps []Step
	// Message is one sentence: what was promised, what happened, and, where
	// a symptom tells it, the likely cause.
	Message string
	// Want and Got are the bytes that were owed and the ones that came, in
	// Go quotes, cut around the first wrong byte. Empty where no bytes were
	// compared.
	Want, Got string
	// Caret is the column in Got, counted in characters from 0, of the first
	// wrong byte; -1 where no bytes were compared.
	Caret int
	// Hint is the first tier of the scenario's hints.
	Hint string
	// Ladder is the exchange drawn as plain text.
	Ladder string
	// Limit tells that the program hung: it worked or printed without end,
	// or it was at rest and nothing had come from it in the whole play.
	Limit bool
}

func (f *Failure) Error() string { return f.Position + ": " + f.Message }

// A Step is one command of a scenario as it was played.
type Step struct {
	Line int    // in the scenario's file, from 1
	Text string // the command as written
}
