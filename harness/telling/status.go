package telling

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
