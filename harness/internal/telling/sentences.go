package telling

// Sentences are what this package says by itself, in one language. What a
// sentence is about is handed to it quoted already.
type sentences struct {
	// In sentences.
	Nothing    string
	And        string // between things that were found
	MoreLikeIt string // behind the first of them; how many
	OneByte    string
	Bytes      string // how many
	BothEnds   string // of a long text: its beginning, its end, its size
	TooMuch    string // the beginning of a text without end; how many are counted

	// Of a difference.
	EqualSoFar      string // the size of what is equal and left out
	LeftOut         string // the size of what is left out
	FirstDifference string // under the caret
	Matches         string // a pattern
	Field           string // its name, what it should be
	FieldAt         string // the byte, of what

	// Of a drawing.
	Labels        []label // what a rung of a kind is called; its text
	EndOfStream   string  // a program has ended its direction
	EmptyDatagram string
	RungsLeftOut  string // how many

	// On a page.
	Head         string // name, title, points
	Want, Got    string
	Steps        string // the position
	StepsLeftOut string // how many
	InBlocks     string // how many steps, how many blocks
	Ladder       string
	Hint         string
	Note         string
	Replay       string
	Line         string // name, points, message

	// Of a program's end.
	At            string // words on standard error, the place in the program
	StackOverflow string // the words
}

// A label is what a rung of a kind is called.
type label struct {
	kind Kind
	text string
}

// say is the language in use.
var say = &english

var english = sentences{
	Nothing:    "nothing",
	And:        ", and ",
	MoreLikeIt: "%s more like it",
	OneByte:    "1 byte",
	Bytes:      "%s bytes",
	BothEnds:   "%s ... %s (%s)",
	TooMuch:    "%s ... (more than %s bytes)",

	EqualSoFar:      "(equal so far: %s) ",
	LeftOut:         " (%s left out) ",
	FirstDifference: "^ the first difference",
	Matches:         "what matches %s",
	Field:           "%s = %s",
	FieldAt:         "from byte %d of the %s: ",

	Labels: []label{
		{Starts, "starts: %s"},
		{Listens, "listening on %s"},
		{Exits, "%s"},
		{Signal, "signal %s"},
		{EndInput, "end of input"},
		{Connects, "connects"},
		{HalfClose, "half-closes"},
		{Closes, "closes"},
		{Resets, "resets the connection"},
		{Stalls, "stops reading"},
		{Resumes, "reads again"},
		{Frame, "%s"},
	},
	EndOfStream:   "end of stream",
	EmptyDatagram: "an empty datagram",
	RungsLeftOut:  "... %s more",

	Head:         "%s: %s (0 of %d)",
	Want:         "want",
	Got:          "got",
	Steps:        "The steps, up to the one that failed (%s):",
	StepsLeftOut: "... %s steps",
	InBlocks:     "... %s steps of %s blocks",
	Ladder:       "What passed between them:",
	Hint:         "Hint:",
	Note:         "Note: %s",
	Replay:       "Play it again:  %s",
	Line:         "%s (0 of %d): %s",

	At:            "%s, at %s",
	StackOverflow: "the stack overflowed: a function calls itself without end",
}
