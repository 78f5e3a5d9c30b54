package telling

// Sentences are what is said of a failure, in one language; another language is
// another value of this type. A field says what stands in its places, in their
// order; all of that is quoted already. What a play says by itself is to move
// here, too: a field for the words, and beside [Comparison.Message] a function
// that is handed the facts.
type sentences struct {
	// In sentences.
	Nothing    string
	More       string // how many
	And        string // between things that were found
	MoreLikeIt string // behind the first of them; how many
	OneByte    string
	Bytes      string // how many
	BothEnds   string // of a long text: its beginning, its end, its size
	TooMuch    string // the beginning of a text without end; how many are counted

	// Of what came instead of what was owed.
	SomethingElse string // what was owed
	NothingCame   string // why no more is waited for
	BeginningCame string // the same
	PartCame      string // how much, of how much, the same

	// Of a difference.
	EqualSoFar      string // the size of what is equal and left out
	LeftOut         string // the size of what is left out
	FirstDifference string // under the caret

	// Of a drawing.
	Labels        []label // what rungs are called
	EndOfStream   string  // a program has ended its direction
	EmptyDatagram string
	RungsLeftOut  string // how many
	Changed       string // what
	Heard         string // from whom, and where
	EndOut        string

	// On a page.
	Head         string // name, title, points
	Want, Got    string
	Came         string
	Steps        string
	StepAt       string // the position
	Rule         string // its number, behind the position
	StepsLeftOut string // how many
	Ladder       string
	Hint         string
	Note         string
	Replay       string
	Line         string // name, points, message

	// Of a program's end. Each is a clause.
	Said          string // the words
	At            string // such a clause, the place in the program
	StackOverflow string

	// Causes say what is seen, then what to look at; the first that fits is told.
	Causes []cause
}

// A label is what a rung of a kind is called, up to its text.
type label struct {
	kind Kind
	text string
}

// A cause is why what came may be wrong.
type cause struct {
	fits func(*Comparison) bool
	text string
}

// say is the language in use.
var say = &english

var english = sentences{
	Nothing:    "nothing",
	More:       "%s more",
	And:        ", and ",
	MoreLikeIt: "%s more like it",
	OneByte:    "1 byte",
	Bytes:      "%s bytes",
	BothEnds:   "%s ... %s (%s)",
	TooMuch:    "%s ... (more than %s bytes)",

	SomethingElse: "%s, but something else came",
	NothingCame:   "nothing came, %s",
	BeginningCame: "only the beginning came, %s",
	PartCame:      "only %s of %s came, %s",

	EqualSoFar:      "(equal so far: %s) ",
	LeftOut:         " (%s left out) ",
	FirstDifference: "^ the first difference",

	Labels: []label{
		{Starts, "starts: "},
		{Listens, "listening on "},
		{Exits, ""},
		{Signal, "signal "},
		{EndInput, "end of input"},
		{Connects, "connects"},
		{HalfClose, "half-closes"},
		{Closes, "closes"},
		{Resets, "resets the connection"},
		{Stalls, "stops reading"},
		{Resumes, "reads again"},
		{Frame, ""},
		{Message, ""},
	},
	EndOfStream:   "end of stream",
	EmptyDatagram: "an empty datagram",
	RungsLeftOut:  "... %s more",
	Changed:       "changed: %s",
	Heard:         "heard so far: %s",
	EndOut:        " ...",

	Head:         "%s: %s (0 of %d)",
	Want:         "want",
	Got:          "got",
	Came:         "What came:",
	Steps:        "The steps, up to the one that failed:",
	StepAt:       "at %s",
	Rule:         ", number %d in the README",
	StepsLeftOut: "... %s steps",
	Ladder:       "What passed between them:",
	Hint:         "Hint:",
	Note:         "Note: %s",
	Replay:       "Play it again:  %s",
	Line:         "%s (0 of %d): %s",

	Said:          "it said %s",
	At:            "%s, at %s",
	StackOverflow: "its stack overflowed, as where a function calls itself without end",

	Causes: []cause{
		{(*Comparison).onStderr, "it stands on standard error: print it on standard output"},
		{(*Comparison).wholeBuffer, "there are zero bytes in it that nobody sent: is the whole buffer used instead of the part that Read filled?"},
		{(*Comparison).unread, "the program did not read all that was sent to it: does it wait for something else first?"},
		{(*Comparison).glued, "several messages were sent in one piece: one Read may return more than one message"},
		{(*Comparison).unflushed, "it has read all that it was sent: does it wait for more, such as a line end, or is what it prints not flushed?"},
		{(*Comparison).chatter, "nobody asked for this text: print prompts and logs on standard error"},
		{(*Comparison).addedSpaces, "there are spaces or tabs too many: Println puts one between its arguments"},
		{(*Comparison).spaces, "only spaces or tabs differ: is something trimmed?"},
		{(*Comparison).carriageReturn, "a carriage return (\\r) came along: it belongs to the line's end"},
		{(*Comparison).madeValid, "bytes that are no UTF-8 were replaced by \\ufffd: a line is bytes, pass them on as they are"},
		{(*Comparison).brokenCharacter, "a character was broken: its bytes arrived in two pieces"},
		{(*Comparison).letterCase, "only capital and small letters differ"},
		{(*Comparison).inPieces, "the bytes were sent in pieces: one Read returns what has arrived, which may be a part of a message"},
		{(*Comparison).cutLine, "a long line was cut: a buffer of a fixed size, or one Read, holds only its beginning"},
		{(*Comparison).endedEarly, "the end came before all of it was sent: is everything written before closing?"},
		{(*Comparison).noBeginning, "the beginning is missing: what was read together with an earlier message may have been dropped"},
	},
}
