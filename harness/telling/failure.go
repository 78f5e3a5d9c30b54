// Package telling makes of what happened in a play what a person reads: the
// sentence, the first wrong byte under a caret, the steps, the drawing of the
// exchange, the hint. A [Failure] is data, from the play to every report; the text
// is drawn from it when somebody wants to read it.
//
// All that came from a program or a network is quoted here, and nowhere else.
package telling

// A Failure is what a program did wrong, told so that it stands by itself.
// Addresses of peers and programs in it read ‹NAME›, so that two plays of one
// program give the same failure.
type Failure struct {
	// Position is where in the scenario, as "greeting.txtar:8".
	Position string `json:"position,omitempty"`
	// Block is the promise that was broken: the # line above the step.
	Block string `json:"block,omitempty"`
	// Message is one sentence: what was promised, what happened, and the
	// likely cause where the bytes fit one.
	Message string `json:"message"`
	// Difference is nil where no bytes were compared.
	Difference *Difference `json:"difference,omitempty"`
	// Came is what came, in quotes and line by line, where that was taken apart.
	Came []string `json:"came,omitempty"`
	// Steps are the lines that were played, the failed one last.
	Steps []Step `json:"steps,omitempty"`
	// Ladder is the exchange, in the order of the script.
	Ladder []Rung `json:"ladder,omitempty"`
	// Hint is the first tier of the block's hints, "" where it has none.
	Hint string `json:"hint,omitempty"`
	// Limit tells that the program hung: it worked or printed without end, or
	// it was at rest and nothing had come from it in the whole play.
	Limit bool `json:"limit,omitempty"`
}

func (f *Failure) Error() string { return f.Position + ": " + f.Message }

// A Difference is what was owed and what came, in Go quotes, cut around the
// first wrong byte.
type Difference struct {
	Want string `json:"want"`
	Got  string `json:"got"`
	// Caret is the column in Got of the first wrong byte, counted in
	// characters from 0, or NoCaret.
	Caret int `json:"caret"`
}

// NoCaret is the Caret where no byte is wrong by itself.
const NoCaret = -1

// A Step is a line of a scenario as it was played.
type Step struct {
	Line  int    `json:"line"`            // in the scenario's file, from 1
	Text  string `json:"text"`            // as written
	Block string `json:"block,omitempty"` // the # line above it; "" under the title
}

// A Rung is one thing that went from one side of an exchange to the other.
type Rung struct {
	// Peer stands on the left: a peer's name, "keyboard", "screen" or
	// "stderr"; "" for what is done to a program itself, such as its start.
	Peer string `json:"peer,omitempty"`
	// Program stands on the right.
	Program string `json:"program"`
	// ToProgram tells the direction.
	ToProgram bool `json:"toProgram,omitempty"`
	Kind      Kind `json:"kind"`
	// Step is the number of the step, from 1, under which it is told.
	Step int `json:"step"`
	// Text says what the kind alone does not: the arguments of a start, in
	// how many pieces bytes were sent, a frame in words.
	Text string `json:"text,omitempty"`
	// Changed is what a device changed in a frame that it passed on.
	Changed string `json:"changed,omitempty"`
	// Heard is, of a frame for one station that goes into a switch, where that station has
	// sent frames before.
	Heard string `json:"heard,omitempty"`
	// Data are the bytes with names in the place of addresses, of a long text
	// both ends; Len is how many bytes there were.
	Data []byte `json:"data,omitempty"`
	Len  int    `json:"len,omitempty"`
}

// A Kind says what a Rung is.
type Kind string

// The kinds of rungs. Data stands with those that carry bytes.
const (
	Starts    Kind = "starts"     // a program; Text holds its arguments
	Listens   Kind = "listens"    // a program says where
	Exits     Kind = "exits"      // a program; Text says how
	Signal    Kind = "signal"     // Text is its name
	Bytes     Kind = "bytes"      // on a stream: typed, printed, sent, received
	EndInput  Kind = "endInput"   // the keyboard ends
	Connects  Kind = "connects"   // a TCP connection is made
	HalfClose Kind = "halfCloses" // one direction of it ends
	Closes    Kind = "closes"     // both do
	Resets    Kind = "resets"
	Stalls    Kind = "stalls"  // the peer stops reading
	Resumes   Kind = "resumes" // and reads again
	Datagram  Kind = "datagram"
	Frame     Kind = "frame"   // Text is the frame in words
	Message   Kind = "message" // of some protocol; Text is the message in words
	LeftOut   Kind = "leftOut" // Len rungs were here, too many to keep
)
